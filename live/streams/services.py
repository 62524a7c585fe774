"""Going live, scheduling, ending, following."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from foundation.jobs import nudge
from foundation.texts import clean
from live.feed.events import publish
from live.models import Follow, Notice, Stream

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


class EmptyTitle(DomainError):
    """Nothing of the title can be seen."""

    code = "empty_title"
    status = 422
    message = _("Enter a title for your stream.")
    field = "title"


@transaction.atomic
def go_live(*, creator: User, title: str, poster: str = "") -> Stream:
    """Return a new stream that is live from now.

    Raises `NotACreator`, `AlreadyOnAir`, `EmptyTitle`.
    """
    _refuse_second_stream(creator)
    stream = Stream.objects.create(
        creator=creator,
        title=_title(title),
        poster=poster,
        state=Stream.State.ON_AIR,
        started_at=timezone.now(),
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


def schedule(*, creator: User, title: str, scheduled_for: datetime, poster: str = "") -> Stream:
    """Return a stream that is scheduled for later.

    Raises `NotACreator`, `InThePast`, `TooFarAhead`, `EmptyTitle`.
    """
    require_creator(creator)
    if scheduled_for <= timezone.now():
        raise InThePast
    # The home page must be able to show the date.
    if scheduled_for > timezone.now() + FARTHEST:
        raise TooFarAhead
    return Stream.objects.create(
        creator=creator,
        title=_title(title),
        poster=poster,
        scheduled_for=scheduled_for,
    )


def _title(typed: str) -> str:
    title = clean(typed)
    if not title:
        raise EmptyTitle
    return title


@transaction.atomic
def end(*, creator: User, stream: Stream) -> Stream:
    """End the creator's own stream and notify the room. Repeating this changes nothing."""
    mine = Stream.objects.select_for_update().get(pk=stream.pk, creator=creator)
    if mine.state != Stream.State.ENDED:
        mine.state, mine.ended_at = Stream.State.ENDED, timezone.now()
        mine.save(update_fields=["state", "ended_at"])
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
    from live.tasks import notify_followers

    now = timezone.now()
    followers = Follow.objects.filter(creator_id=stream.creator_id).values_list(
        "user_id", flat=True
    )
    Notice.objects.bulk_create(
        [Notice(stream=stream, user_id=user_id, due_at=now) for user_id in followers],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    nudge(notify_followers)
