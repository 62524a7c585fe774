"""Going live, scheduling, ending, following."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from foundation.jobs import nudge
from foundation.texts import clean
from live import seats
from live.feed.events import publish
from live.models import Follow, Notice, Stream
from live.streams.adults import may_watch
from live.streams.facts import Facts, checked

FARTHEST = timedelta(days=366)


class AlreadyOnAir(DomainError):
    """The creator has another stream on air."""

    code = "already_on_air"
    message = _("You're already live. End that stream first.")


class StreamEnded(DomainError):
    """The stream is over."""

    code = "stream_ended"
    status = 410
    message = _("This stream has ended. See who is live now.")


class NotOnAirYet(DomainError):
    """The stream is only scheduled."""

    code = "not_on_air_yet"
    message = _("This stream hasn't started yet. Come back when it starts.")


class HasStarted(DomainError):
    """The stream is live: its time is no plan any more."""

    code = "has_started"
    message = _("This stream has started. Create another one for another time.")
    field = "scheduled_for"


class StopReasonMissing(DomainError):
    """Staff gave no reason."""

    code = "stop_reason_missing"
    status = 422
    message = _("Write a reason. The creator reads it.")
    field = "reason"


class InThePast(DomainError):
    """The start is in the past."""

    code = "in_the_past"
    status = 422
    message = _("This time is in the past. Choose a later one.")
    field = "scheduled_for"


class TooFarAhead(DomainError):
    """The start is more than a year away."""

    code = "too_far_ahead"
    status = 422
    message = _("That's more than a year away. Choose an earlier time.")
    field = "scheduled_for"


@transaction.atomic
def go_live(*, creator: User, **facts: Unpack[Facts]) -> Stream:
    """Return a new stream that is live from now.

    Raises `NotACreator`, `AlreadyOnAir`, `EmptyTitle`, `UnknownTopic`, `UnknownLanguage`.
    """
    _refuse_second_stream(creator)
    stream = Stream.objects.create(
        creator=creator,
        state=Stream.State.ON_AIR,
        started_at=timezone.now(),
        **checked({"title": "", **facts}),
    )
    _notify_followers(stream)
    return stream


@transaction.atomic
def start(*, creator: User, stream: Stream) -> Stream:
    """Start the creator's scheduled stream. Repeating this changes nothing."""
    _refuse_second_stream(creator, but=stream)
    mine = Stream.objects.select_for_update().get(pk=stream.pk, creator=creator)
    if mine.state == Stream.State.ENDED:
        raise StreamEnded
    if mine.state == Stream.State.SOON:
        mine.state, mine.started_at = Stream.State.ON_AIR, timezone.now()
        mine.save(update_fields=["state", "started_at"])
        publish(stream_id=mine.pk, kind="started", payload={})
        _notify_followers(mine)
    return mine


def schedule(*, creator: User, scheduled_for: datetime, **facts: Unpack[Facts]) -> Stream:
    """Return a stream that is scheduled for later.

    Raises `NotACreator`, `InThePast`, `TooFarAhead`, `EmptyTitle`, `UnknownTopic`,
    `UnknownLanguage`.
    """
    require_creator(creator)
    refuse_time(scheduled_for)
    return Stream.objects.create(
        creator=creator, scheduled_for=scheduled_for, **checked({"title": "", **facts})
    )


@transaction.atomic
def reschedule(*, creator: User, stream: Stream, scheduled_for: datetime) -> Stream:
    """Let a stream that is scheduled begin at another time. Its room shows it at once.

    Followers hear of a stream when it begins, so nobody was told the time before. Repeating this
    changes nothing. Raises `StreamEnded`, `HasStarted`, `InThePast`, `TooFarAhead`.
    """
    mine = Stream.objects.select_for_update().get(pk=stream.pk, creator=creator)
    if mine.state == Stream.State.ENDED:
        raise StreamEnded
    if mine.state != Stream.State.SOON:
        raise HasStarted
    if mine.scheduled_for == scheduled_for:
        return mine
    refuse_time(scheduled_for)
    mine.scheduled_for = scheduled_for
    mine.save(update_fields=["scheduled_for"])
    at = scheduled_for.astimezone(UTC).isoformat()
    publish(stream_id=mine.pk, kind="rescheduled", payload={"scheduled_for": at})
    return mine


def refuse_time(scheduled_for: datetime) -> None:
    """Return if a stream may be planned for then. Raises `InThePast`, `TooFarAhead`."""
    if scheduled_for <= timezone.now():
        raise InThePast
    # The home page must be able to show the date.
    if scheduled_for > timezone.now() + FARTHEST:
        raise TooFarAhead


@transaction.atomic
def change(*, creator: User, stream: Stream, **facts: Unpack[Facts]) -> Stream:
    """Change what is said of a stream that is not over.

    The room hears of it: every page of a stream that is for adults from now on asks for the age.
    Raises `StreamEnded`, `EmptyTitle`, `UnknownTopic`, `UnknownLanguage`.
    """
    mine = Stream.objects.select_for_update().get(pk=stream.pk, creator=creator)
    if mine.state == Stream.State.ENDED:
        raise StreamEnded
    said = {name: value for name, value in checked(facts).items() if getattr(mine, name) != value}
    for name, value in said.items():
        setattr(mine, name, value)
    mine.save(update_fields=list(said))
    if said and mine.is_on_air:
        publish(
            stream_id=mine.pk,
            kind="changed",
            payload={"title": mine.title, "adults_only": mine.adults_only},
        )
    return mine


@transaction.atomic
def end(*, creator: User, stream: Stream) -> Stream:
    """End the creator's own stream and notify the room. Repeating this changes nothing."""
    return _end(Stream.objects.select_for_update().get(pk=stream.pk, creator=creator))


@transaction.atomic
def stop(*, stream: Stream, reason: str) -> Stream:
    """End a stream for the site's staff. Its creator reads the reason in the studio and by email.

    A stream that is over stays as it is. Raises `StopReasonMissing`.
    """
    reason = clean(reason)
    if not reason:
        raise StopReasonMissing
    theirs = Stream.objects.select_for_update().get(pk=stream.pk)
    if theirs.state == Stream.State.ENDED:
        return theirs
    theirs = _end(theirs, stopped_because=reason)
    _write(theirs, Notice.Kind.STOPPED, [theirs.creator_id])
    return theirs


def _end(mine: Stream, *, stopped_because: str = "") -> Stream:
    if mine.state != Stream.State.ENDED:
        mine.state, mine.ended_at = Stream.State.ENDED, timezone.now()
        mine.stopped_because = stopped_because
        mine.save(update_fields=["state", "ended_at", "stopped_because"])
        seats.close_all(mine)
        publish(stream_id=mine.pk, kind="ended", payload={})
    return mine


def follow(*, user: User, creator: User) -> None:
    """Email the person whenever the creator goes live. Repeating this changes nothing."""
    require_creator(creator)
    if user.pk != creator.pk:
        Follow.objects.get_or_create(user=user, creator=creator)


def unfollow(*, user: User, creator: User) -> None:
    """Stop emailing the person."""
    Follow.objects.filter(user=user, creator=creator).delete()


def _refuse_second_stream(creator: User, *, but: Stream | None = None) -> None:
    require_creator(creator)
    User.objects.select_for_update().get(pk=creator.pk)
    others = Stream.objects.on_air().filter(creator=creator)
    if but:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise AlreadyOnAir


def _notify_followers(stream: Stream) -> None:
    followers = Follow.objects.filter(creator_id=stream.creator_id)
    people: Iterable[int] = followers.values_list("user_id", flat=True)
    if stream.adults_only:
        known = followers.select_related("user")
        people = [one.user_id for one in known if may_watch(one.user, stream)]
    _write(stream, Notice.Kind.BEGUN, people)


def _write(stream: Stream, kind: Notice.Kind, people: Iterable[int]) -> None:
    """Write emails to be sent after commit."""
    from live.tasks import send_notices

    now = timezone.now()
    Notice.objects.bulk_create(
        [Notice(stream=stream, kind=kind, user_id=user_id, due_at=now) for user_id in people],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    nudge(send_notices)
