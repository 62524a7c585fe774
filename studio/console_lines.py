"""The creator's live console: a line per gift, a combo's presses in one line, and the chat.

The page begins with the newest lines; older ones come when they are asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from gifts.models import Gift, SentGift
from gifts.naming import sender_names
from live.chat.shown_names import shown_names
from live.models import Event, Stream
from live.moderation.hiding import hidden_gifts
from live.streams.lines import chat_of

LINES = 16


@dataclass
class Row:
    """One line: a gift, or a combo as far as it has come. `sent` is its newest press."""

    sent: SentGift
    quantity: int
    coins: int
    keys: list[str]
    thanked: bool
    blocked_by: str = ""  # the gift by which its sender is blocked
    words: tuple[str, str] = ("", "")  # the gift whose message the line shows, and the message
    sender: str = ""  # their name; empty for one without a name
    guest: str = ""  # who got it, where that is a guest of the stream

    @property
    def message(self) -> str:
        """The message of the line; of a combo that of the newest press with one."""
        return self.words[1]

    @property
    def message_key(self) -> str:
        """The gift whose message the line shows."""
        return self.words[0] or str(self.sent.public_id)

    @property
    def is_big(self) -> bool:
        """Whether the gift takes much of the screen."""
        return self.sent.gift.kind in {Gift.Kind.LARGE, Gift.Kind.FULL}

    @property
    def handle(self) -> str:
        """The sender's handle; empty for an anonymous one."""
        return self.sent.named.handle if self.sent.named else ""

    @property
    def block_key(self) -> str:
        """The gift by which its sender is blocked or unblocked."""
        return self.blocked_by or str(self.sent.public_id)


@dataclass
class Blocked:
    """The people a creator blocks, as the lines know them: by handle, or by gift if hidden."""

    handles: set[str]
    gifts: set[str]

    @classmethod
    def of(cls, stream: Stream) -> "Blocked":
        """Return the people whom the stream's creator blocks."""
        mine = stream.creator.blocks
        named = mine.filter(gift=None).values_list("user__handle", flat=True)
        hidden = mine.exclude(gift=None).values_list("gift", flat=True)
        return cls(set(named), {str(key) for key in hidden})


def chat_lines(stream: Stream, upto: int) -> tuple[list[Event], int | None]:
    """Return the messages that are not hidden up to an event, oldest first, and the event up to
    which the older ones go.
    """
    found = chat_of(stream, LINES + 1, upto=upto)
    return found[:LINES][::-1], found[LINES].pk if len(found) > LINES else None


def gift_rows(
    stream: Stream, blocked: Blocked, upto: int | None = None
) -> tuple[list[Row], int | None]:
    """Return the lines of a stream up to a gift, newest first, and the gift up to which the older
    ones go.
    """
    gifts = SentGift.objects.counted().filter(stream=stream).order_by("-pk")
    if upto is not None:
        gifts = gifts.filter(pk__lte=upto)
    newest = list(gifts.select_related("fan", "gift", "creator")[: LINES * 3])
    hidden = hidden_gifts(stream.hidden.all())
    found = in_combos(newest, hidden)
    following = newest[-1].pk - 1 if len(newest) == LINES * 3 else None
    if len(found) > LINES:
        # A combo's older presses stand with the older lines: each press is on one page only.
        following = found[LINES].sent.pk
        found = in_combos((sent for sent in newest if sent.pk > following), hidden)
    names = sender_names((row.sent for row in found), creator_id=stream.creator_id)
    guests = {row.sent.creator.handle: row.sent.creator.name for row in found}
    guests = shown_names(creator_id=stream.creator_id, people=guests)
    for row in found:
        row.sender = names[row.sent.pk]
        if row.sent.creator_id != stream.creator_id:
            row.guest = guests[row.sent.creator.handle] or str(_("a guest"))
        by = [key for key in row.keys if key in blocked.gifts]
        if row.handle in blocked.handles:
            by = [str(row.sent.public_id)]
        row.blocked_by = by[0] if by else ""
    return found, following


def in_combos(gifts: Iterable[SentGift], hidden: frozenset[UUID] = frozenset()) -> list[Row]:
    """Return a line per gift, newest first, where a combo's presses are one line.

    The messages of `hidden` gifts are hidden.
    """
    found: list[Row] = []
    running: dict[tuple[UUID, int, bool, int] | None, Row] = {}
    for sent in gifts:
        # The client chooses the number: only presses of one person, under one name, are one line.
        who = (sent.fan_id, sent.anonymous, sent.creator_id)
        combo = (sent.combo, *who) if sent.combo else None
        row = running.get(combo)
        if row is None:
            row = Row(sent, 0, 0, [], thanked=False)
            found.append(row)
            if combo:
                running[combo] = row
        row.quantity += sent.quantity
        row.coins += sent.coins
        row.keys.append(str(sent.public_id))
        row.thanked = row.thanked or sent.thanked_at is not None
        if sent.message and not row.message and sent.public_id not in hidden:
            row.words = (str(sent.public_id), sent.message)
    return found
