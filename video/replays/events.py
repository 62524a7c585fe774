"""What was sent to a stream, by its place in the replay: gifts, chat, thanks, and captions.

What was sent on the replay itself stands at the moment that its sender saw. Gifts that were undone
and messages that were hidden are not there. A person whom the creator has blocked says nothing and
has no name; an account that was closed is its handle.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max, Min, Q

from accounts.models import User
from accounts.naming import Place, may_be_named
from live.models import Block, Event, Stream
from video.models import Replay
from video.replays.timeline import Span, parts_of, spans

WINDOW_S = 30.0
MOST = 1_000
# Ids may commit a little out of order; a fan undoes a gift within seconds.
SLACK, UNDONE_WITHIN = timedelta(seconds=10), timedelta(seconds=60)
NEAR = 64  # ids
LOOKED_BACK = 20_000  # ids before the first thanks among which gifts are looked for


class Moment(NamedTuple):
    """An event of the stream, at its second of the replay."""

    at: float
    event: Event


class Window(NamedTuple):
    """The events from a second of the replay on, and the second up to which they are all there."""

    moments: list[Moment]
    until: float


def window(replay: Replay, since: float) -> Window:
    """Return the events of the next half minute of a replay; fewer, if there are too many."""
    until = min(since + WINDOW_S, replay.seconds)
    moments: list[Moment] = []
    for span in spans(parts_of(replay), since, until):
        events = _events(replay.stream, span)
        moments += [Moment(span.place(_when(event)), event) for event in events[:MOST]]
        if len(events) > MOST:
            # Many at one moment: the next window begins behind it, or it would be the same.
            last = span.place(_listed(events[MOST - 1]))
            return Window(_shown(replay.stream, moments), max(last, since + 0.001))
    return Window(_shown(replay.stream, moments), until)


def _listed(event: Event) -> datetime:
    """Return the moment of the stream by which an event is found."""
    return event.moment or event.created_at


def _when(event: Event) -> datetime:
    """Return the moment of the stream that an event belongs to; a caption: when it was spoken."""
    if event.kind == "caption":
        return datetime.fromisoformat(event.payload["at"])
    return _listed(event)


def _events(stream: Stream, span: Span) -> list[Event]:
    both = [*_live(stream, span), *_late(stream, span)]
    return sorted(both, key=lambda event: (_listed(event), event.pk))[: MOST + 1]


def _late(stream: Stream, span: Span) -> list[Event]:
    """Return what was sent on the replay; none of it is lost before its first or after its last
    picture.
    """
    found = stream.events.filter(moment__isnull=False)
    if not span.opens:
        found = found.filter(moment__gte=span.since)
    if not span.closes:
        found = found.filter(moment__lt=span.until)
    shown = found.filter(kind__in=("gift", "thanks", "undo"))
    events = list(shown.order_by("moment", "pk")[: 3 * MOST])
    gone = {event.payload["id"] for event in events if event.kind == "undo"}
    return [e for e in events if e.kind != "undo" and e.payload["id"] not in gone]


def _live(stream: Stream, span: Span) -> list[Event]:
    lower, _above = _around(stream, span.since - SLACK)
    _below, upper = _around(stream, span.until + SLACK)
    found = stream.events.filter(pk__gte=lower, pk__lt=upper, moment__isnull=True)
    found = found.filter(created_at__gte=span.since, created_at__lt=span.until)
    shown = found.filter(
        Q(kind__in=("gift", "thanks", "caption")) | Q(kind="chat") & ~Q(payload__text="")
    )
    events = list(shown.order_by("created_at", "pk")[: MOST + 1])
    gifts = [event.payload["id"] for event in events if event.kind == "gift"]
    if not gifts:
        return events
    _below, upper = _around(stream, span.until + UNDONE_WITHIN)
    later = stream.events.filter(pk__gte=lower, pk__lt=upper)
    undone = later.filter(kind="undo", payload__id__in=gifts)
    gone = set(undone.values_list("payload__id", flat=True))
    return [e for e in events if e.kind != "gift" or e.payload["id"] not in gone]


def _around(stream: Stream, moment: datetime) -> tuple[int, int]:
    """Return two ids near each other: what is below the one is older, from the other on newer.

    Ids and times rise together, so that halving finds it without an index by time.
    """
    ends = stream.events.aggregate(low=Min("pk"), high=Max("pk"))
    low, high = ends["low"] or 0, (ends["high"] or 0) + 1
    while high - low > NEAR:
        middle = (low + high) // 2
        after = stream.events.filter(pk__gte=middle).order_by("pk")
        one = after.values_list("pk", "created_at").first()
        if one is None or one[0] >= high or one[1] >= moment:
            high = middle
        else:
            low = one[0] + 1
    return low, high


def _shown(stream: Stream, moments: list[Moment]) -> list[Moment]:
    """Return what everybody may see of these, under the names that hold today."""
    _name_thanked(stream, [one.event for one in moments if one.event.kind == "thanks"])
    named = ("handle", "to_handle")
    handles = {one.event.payload.get(name) or "" for one in moments for name in named}
    people = {one.handle: one for one in User.objects.filter(handle__in=handles)}
    blocked = set(
        Block.objects.filter(
            creator=stream.creator_id, gift=None, user__handle__in=handles
        ).values_list("user__handle", flat=True)
    )
    return [one for one in moments if _dress(one.event, people, blocked)]


def _dress(event: Event, people: dict[str, User], blocked: set[str]) -> bool:
    """Take out of an event what must not be seen any more; return whether anything is left."""
    payload: dict[str, Any] = event.payload
    handle = payload.get("handle") or ""
    name = "to" if event.kind == "thanks" else "from"
    person = people.get(handle)
    if handle in blocked:
        payload |= {name: None, "handle": "", "message": ""}
    elif person and not person.is_active:
        payload[name] = person.handle
    guest = people.get(payload.get("to_handle") or "")
    if guest and guest.handle in blocked:
        payload["to"] = None
    elif guest and not guest.is_active:
        payload["to"] = guest.handle
    if event.kind == "gift" and person:
        listed = may_be_named(Place.LIST, anonymous=False, private=person.private_supporter)
        payload["private"] = payload.get("private", False) or not listed
    return event.kind != "chat" or handle not in blocked


def _name_thanked(stream: Stream, thanks: Iterable[Event]) -> None:
    """Let a thanks name whom its gift names: that is what blocks and closed accounts go by."""
    thanks = list(thanks)
    gifts = [*_thanked_live(stream, thanks), *_thanked_late(stream, thanks)]
    handles = {gift.payload["id"]: gift.payload.get("handle", "") for gift in gifts}
    for event in thanks:
        event.payload |= {"handle": handles.get(event.payload["id"], "")}
        if event.payload["id"] not in handles:
            event.payload["to"] = None


def _thanked_live(stream: Stream, thanks: list[Event]) -> Iterable[Event]:
    live = [one for one in thanks if one.moment is None]
    if not live:
        return ()
    lowest, highest = min(one.pk for one in live), max(one.pk for one in live)
    return stream.events.filter(
        kind="gift",
        pk__gte=lowest - LOOKED_BACK,
        pk__lt=highest,
        payload__id__in={one.payload["id"] for one in live},
    )


def _thanked_late(stream: Stream, thanks: list[Event]) -> Iterable[Event]:
    late = {one.moment for one in thanks if one.moment is not None}
    return stream.events.filter(kind="gift", moment__in=late) if late else ()
