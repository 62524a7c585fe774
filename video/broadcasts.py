"""The life of a broadcast: connecting, live with its first picture, interrupted, ended.

The stream follows: it goes on air with the first picture, tells its room when the picture is
away, and ends when the picture stays away.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError, WrongState
from foundation.texts import clean
from live.feed.events import publish
from live.models import Stream
from live.streams import services as streams
from live.streams.facts import Facts, facts_of
from video.models import Broadcast, Elsewhere
from video.models.broadcasts import BroadcastQuerySet
from video.replays import recording
from video.replays.rules import rules_of
from video.troubles import Trouble

GRACE = timedelta(seconds=30)
# A process that has given no sign for so long has died with its broadcasts.
SILENCE = timedelta(seconds=10)
# A scheduled stream begins with a picture that comes so much earlier, or at any later time.
EARLY = timedelta(minutes=30)
# Encoders connect again by themselves. One whose stream was ended by hand begins no other one.
STAYS_ENDED = timedelta(minutes=15)
LONGEST_TITLE = 80


class StreamWasEnded(DomainError):
    """The creator, or staff, ended the stream while its encoder was sending."""

    code = "stream_was_ended"
    message = gettext_lazy("This stream was ended. Go live in the studio to begin another one.")


class ShownElsewhere(DomainError):
    """The creator's room shows video from elsewhere, by their press."""

    code = "shown_elsewhere"
    message = gettext_lazy(
        "Your room shows video from elsewhere. Open the studio, take that away, and start again."
    )


@transaction.atomic
def connect(*, creator: User, source: Broadcast.Source, title: str = "") -> Broadcast:
    """Return a new broadcast. It takes the place of one that is coming in: the newer wins.

    A stream that begins with it has the title; without one, the title of the last.
    Raises `NotACreator`, `StreamWasEnded`, `ShownElsewhere`.
    """
    require_creator(creator)
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    # A person pressed a button on the camera's page; an encoder tries again by itself.
    if source == Broadcast.Source.RTMP and _was_ended_lately(creator):
        raise StreamWasEnded
    if source != Broadcast.Source.BROWSER and _shows_elsewhere(creator):
        raise ShownElsewhere
    for earlier in Broadcast.objects.own().incoming().filter(creator=creator):
        lose(broadcast=earlier, trouble=Trouble.REPLACED)
    title = clean(title)[:LONGEST_TITLE]
    recorded = source != Broadcast.Source.FILM and rules_of(creator).keep_replays
    return Broadcast.objects.create(creator=creator, source=source, title=title, recorded=recorded)


def may_send(creator: User) -> bool:
    """Return whether an encoder of the creator may send now, or would be refused."""
    return not (_was_ended_lately(creator) or _shows_elsewhere(creator))


def _shows_elsewhere(creator: User) -> bool:
    return Elsewhere.objects.shown().filter(stream__creator=creator).exists()


def _was_ended_lately(creator: User) -> bool:
    if Stream.objects.on_air().filter(creator=creator).exists():
        return False
    last = Broadcast.objects.own().filter(creator=creator).first()
    return (
        last is not None
        and last.trouble == Trouble.STREAM_ENDED.code
        and last.ended_at is not None
        and last.ended_at > timezone.now() - STAYS_ENDED
    )


@transaction.atomic
def show(*, broadcast: Broadcast, width: int, height: int) -> Broadcast:
    """Show the broadcast in its creator's room, now that there is a picture.

    The room is that of the stream on air, or of one that starts with it. Raises `WrongState` when
    the broadcast has been replaced or ended meanwhile.
    """
    creator = User.objects.select_for_update(no_key=True).get(pk=broadcast.creator_id)
    mine = Broadcast.objects.select_for_update().get(pk=broadcast.pk)
    if mine.state != Broadcast.State.CONNECTING:
        raise WrongState
    mine.stream = room_of(creator, mine.title)
    mine.width, mine.height = width, height
    # The camera's button was pressed after the one for what the room showed from elsewhere.
    shown = Elsewhere.objects.filter(stream=mine.stream, ended_at=None)
    shown.update(ended_at=timezone.now())
    mine.replay = recording.attach(mine)
    return begin(mine, after=Broadcast.objects.own().filter(creator=creator))


def begin(mine: Broadcast, *, after: BroadcastQuerySet) -> Broadcast:
    """Let a broadcast be live in its stream, after those of its sender that were interrupted.

    The caller holds its lock.
    """
    now = timezone.now()
    mine.for_adults = mine.stream is not None and mine.stream.adults_only
    mine.state, mine.live_at, mine.seen_at = Broadcast.State.LIVE, now, now
    after.filter(state=Broadcast.State.GAP).update(state=Broadcast.State.ENDED, ended_at=now)
    shown = ["stream", "for_adults", "state", "live_at", "seen_at", "width", "height", "replay"]
    mine.save(update_fields=shown)
    tell(mine, src=mine.address)
    return mine


def room_of(creator: User, title: str) -> Stream:
    """Return the creator's stream on air; without one a scheduled or a new one goes on air."""
    mine = Stream.objects.filter(creator=creator)
    if on_air := mine.on_air().first():
        return on_air
    due = mine.soon().filter(scheduled_for__lte=timezone.now() + EARLY).first()
    if due:
        return streams.start(creator=creator, stream=due)
    last = mine.filter(started_at__isnull=False).first()  # what is only planned was no stream yet
    unnamed = Facts(title=_("%(name)s is live") % {"name": creator.name[:60]})
    facts = facts_of(last) if last else unnamed
    if title:
        facts["title"] = title
    return streams.go_live(creator=creator, **facts)


def show_still(*, broadcast: Broadcast, name: str) -> None:
    """Let pages that do not play the video show this picture of it, from the broadcast's folder."""
    mine = Broadcast.objects.own().filter(pk=broadcast.pk, state=Broadcast.State.LIVE)
    still = f"{broadcast.folder}/{name}"
    Stream.objects.on_air().filter(broadcasts__in=mine).update(still=still)


@transaction.atomic
def lose(*, broadcast: Broadcast, trouble: Trouble = Trouble.LINE_CUT) -> None:
    """Note that nothing more comes in. The room waits for the picture; what was never shown ends.

    Repeating this changes nothing.
    """
    mine = Broadcast.objects.select_for_update().get(pk=broadcast.pk)
    now = timezone.now()
    if mine.state == Broadcast.State.CONNECTING:
        mine.state, mine.ended_at, mine.trouble = Broadcast.State.ENDED, now, trouble.code
    elif mine.state == Broadcast.State.LIVE:
        mine.state, mine.gap_at, mine.trouble = Broadcast.State.GAP, now, trouble.code
        tell(mine)
    else:
        return
    mine.save(update_fields=["state", "gap_at", "ended_at", "trouble"])


@transaction.atomic
def end(*, broadcast: Broadcast, trouble: Trouble | None = None) -> None:
    """End the broadcast. Its stream is left as it is. Repeating this changes nothing."""
    mine = Broadcast.objects.select_for_update().get(pk=broadcast.pk)
    if mine.state == Broadcast.State.ENDED:
        return
    mine.state, mine.ended_at = Broadcast.State.ENDED, timezone.now()
    mine.trouble = trouble.code if trouble else mine.trouble
    mine.save(update_fields=["state", "ended_at", "trouble"])


def beat(own: Iterable[int]) -> dict[int, Trouble]:
    """Note that these broadcasts come in, and return which of them must stop, and why."""
    now = timezone.now()
    known = {
        one.pk: one
        for one in Broadcast.objects.own()
        .filter(pk__in=list(own))
        .select_related("creator", "stream")
    }
    Broadcast.objects.incoming().filter(pk__in=list(known)).update(seen_at=now)
    found = {pk: _must_stop(one) for pk, one in known.items()}
    return {pk: trouble for pk, trouble in found.items() if trouble}


def _must_stop(broadcast: Broadcast) -> Trouble | None:
    if not broadcast.creator.is_active:
        return Trouble.SWITCHED_OFF
    if broadcast.stream and broadcast.stream.state == Stream.State.ENDED:
        return Trouble.STREAM_ENDED
    if broadcast.state not in Broadcast.INCOMING:
        gone = broadcast.trouble == Trouble.SHOWN_ELSEWHERE.code
        return Trouble.SHOWN_ELSEWHERE if gone else Trouble.REPLACED
    shown = broadcast.state == Broadcast.State.LIVE and broadcast.stream
    if shown and shown.adults_only and not broadcast.for_adults:
        # Its address was for everybody: whoever sends connects again, and has another one then.
        return Trouble.LINE_CUT
    return None


def sweep(*, watching_since: datetime) -> None:
    """Note the broadcasts whose process died, and end the streams whose picture stays away.

    The grace begins when somebody is there to take the picture up again: a site that was down for
    an hour ends no stream for that.
    """
    now = timezone.now()
    waiting = Broadcast.objects.own().unfinished().select_related("stream", "creator")
    for broadcast in waiting:
        if broadcast.stream and broadcast.stream.state == Stream.State.ENDED:
            # What comes in is stopped by the process that takes it in, if that still lives.
            if broadcast.state == Broadcast.State.GAP or broadcast.seen_at < now - SILENCE:
                end(broadcast=broadcast)
        elif broadcast.state in Broadcast.INCOMING:
            if max(broadcast.seen_at, watching_since) < now - SILENCE:
                lose(broadcast=broadcast)
        elif broadcast.gap_at and max(broadcast.gap_at, watching_since) < now - GRACE:
            give_up(broadcast=broadcast)


@transaction.atomic
def give_up(*, broadcast: Broadcast) -> None:
    """End an interrupted broadcast and its stream, unless the picture is about to come back."""
    User.objects.select_for_update(no_key=True).get(pk=broadcast.creator_id)
    mine = Broadcast.objects.select_for_update().get(pk=broadcast.pk)
    if mine.state != Broadcast.State.GAP or mine.stream is None:
        return
    if Broadcast.objects.own().incoming().filter(creator=mine.creator_id).exists():
        return
    end(broadcast=mine)
    streams.end(creator=mine.creator, stream=mine.stream)


def tell(broadcast: Broadcast, *, src: str = "") -> None:
    """Publish what the room's player should do: with the creator's picture, or a guest's."""
    if broadcast.stream_id is None:
        return
    stream_id, payload = broadcast.stream_id, {"state": str(broadcast.state), "src": src}
    if broadcast.guest is None:
        publish(stream_id=stream_id, kind="picture", payload=payload)
    else:
        payload["guest"] = str(broadcast.guest.public_id)
        publish(stream_id=stream_id, kind="guest_picture", payload=payload)
