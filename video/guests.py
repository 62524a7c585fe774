"""What a guest's camera sends: it is shown beside the creator's picture, and never in its place.

It begins, interrupts, ends and records no stream. When it stays away, its guest has left.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from foundation.errors import DomainError, WrongState
from live import seats
from live.guests.sweeping import sweep as sweep_guests
from live.models import Guest, Stream
from video.broadcasts import GRACE, SILENCE, begin, end, lose
from video.models import Broadcast
from video.models.broadcasts import BroadcastQuerySet
from video.troubles import Trouble

# So long a seat is kept for somebody who sends nothing.
NO_SHOW = timedelta(minutes=2)


class NotAGuest(DomainError):
    """The person has no seat in this stream, or none any more."""

    code = "not_a_guest"
    status = 403
    message = gettext_lazy("You are not a guest in this stream now. Ask again in its room.")


@transaction.atomic
def connect(*, guest: Guest) -> Broadcast:
    """Return a new broadcast of a guest who is on. It takes the place of one that is coming in.

    Raises `NotAGuest`.
    """
    stream = seats.locked(guest.stream_id)
    theirs = seats.locked_guest(guest, stream)
    if theirs.state != Guest.State.JOINED or not theirs.user.is_active or not stream.is_on_air:
        raise NotAGuest
    for earlier in Broadcast.objects.incoming().filter(guest=theirs):
        lose(broadcast=earlier, trouble=Trouble.GUEST_ELSEWHERE)
    return Broadcast.objects.create(
        creator=stream.creator, stream=stream, guest=theirs, source=Broadcast.Source.BROWSER
    )


@transaction.atomic
def show(*, broadcast: Broadcast, width: int, height: int) -> Broadcast:
    """Show a guest's broadcast beside the creator, now that there is a picture.

    Raises `WrongState` when it was replaced or ended meanwhile, or its guest is gone.
    """
    guest = broadcast.guest
    if guest is None:
        raise WrongState
    stream = seats.locked(guest.stream_id)
    on = stream.is_on_air and stream.guests.joined().filter(pk=guest.pk).exists()
    mine = Broadcast.objects.select_for_update(of=("self",)).get(pk=broadcast.pk)
    if mine.state != Broadcast.State.CONNECTING or not on:
        raise WrongState
    mine.stream = stream
    mine.width, mine.height = width, height
    return begin(mine, after=Broadcast.objects.filter(guest=guest))


def beat(own: Iterable[int]) -> dict[int, Trouble]:
    """Note that these guests' broadcasts come in, and return which must stop, and why."""
    known = {one.pk: one for one in _theirs().filter(pk__in=list(own))}
    incoming = Broadcast.objects.incoming().filter(pk__in=list(known))
    incoming.update(seen_at=timezone.now())
    found = {pk: _must_stop(one) for pk, one in known.items()}
    return {pk: trouble for pk, trouble in found.items() if trouble}


def _theirs() -> BroadcastQuerySet:
    return Broadcast.objects.exclude(guest=None).select_related("guest__user", "stream__creator")


def _must_stop(broadcast: Broadcast) -> Trouble | None:
    guest, stream = broadcast.guest, broadcast.stream
    if guest is None or stream is None:
        return None
    if trouble := _is_gone(guest, stream):
        return trouble
    if broadcast.state not in Broadcast.INCOMING:
        return Trouble.GUEST_ELSEWHERE
    shown = broadcast.state == Broadcast.State.LIVE
    if shown and stream.adults_only and not broadcast.for_adults:
        return Trouble.LINE_CUT  # the page connects again, and has another address then
    return None


def _is_gone(guest: Guest, stream: Stream) -> Trouble | None:
    """Return why a guest is none any more; nothing while they are one."""
    if stream.state == Stream.State.ENDED:
        return Trouble.GUEST_OVER
    if not (guest.user.is_active and stream.creator.is_active):
        return Trouble.SWITCHED_OFF
    if guest.state == Guest.State.REMOVED:
        return Trouble.GUEST_REMOVED
    return None if guest.state == Guest.State.JOINED else Trouble.GUEST_LEFT


def sweep(*, watching_since: datetime) -> None:
    """Note the guests' broadcasts whose process died, and the guests who are gone with theirs.

    As with a creator's picture, the grace begins when somebody is there to take it up again.
    """
    sweep_guests()
    now = timezone.now()
    for broadcast in _theirs().unfinished():
        _look_after(broadcast, now, watching_since)
    if watching_since < now - NO_SHOW:
        for guest in _who_never_came(now):
            give_up(guest=guest)


def _look_after(broadcast: Broadcast, now: datetime, watching_since: datetime) -> None:
    guest = broadcast.guest
    silent = max(broadcast.seen_at, watching_since) < now - SILENCE
    if guest is None or guest.state != Guest.State.JOINED:
        # What comes in is stopped by the process that takes it in, if that still lives.
        if broadcast.state == Broadcast.State.GAP or silent:
            end(broadcast=broadcast)
    elif broadcast.state in Broadcast.INCOMING:
        if silent:
            lose(broadcast=broadcast)
    elif broadcast.gap_at and max(broadcast.gap_at, watching_since) < now - GRACE:
        give_up(guest=guest)


def _who_never_came(now: datetime) -> Iterable[Guest]:
    """Return the guests who are on and have sent nothing for a while."""
    long_ago = now - NO_SHOW
    late = Guest.objects.joined().filter(joined_at__lt=long_ago)
    lately = Q(ended_at=None) | Q(ended_at__gt=long_ago)
    return late.exclude(pk__in=Broadcast.objects.filter(lately, guest__in=late).values("guest"))


@transaction.atomic
def give_up(*, guest: Guest) -> None:
    """Let a guest have left whose picture stays away, unless it is about to come back."""
    theirs = seats.locked_guest(guest, seats.locked(guest.stream_id))
    if Broadcast.objects.incoming().filter(guest=theirs).exists():
        return
    for broadcast in Broadcast.objects.unfinished().filter(guest=theirs):
        end(broadcast=broadcast)
    seats.close(theirs, Guest.State.LEFT)
