"""The creator's live console: a line per gift, a combo's presses in one line, and the chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gifts.models import SentGift
from live.models import Event, Stream
from live.moderation.hiding import hidden_gifts
from live.streams.lines import chat_of

LINES = 60


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

    @property
    def message(self) -> str:
        """The message of the line; of a combo that of the newest press with one."""
        return self.words[1]

    @property
    def message_key(self) -> str:
        """The gift whose message the line shows."""
        return self.words[0] or str(self.sent.public_id)

    @property
    def sender(self) -> str:
        """The sender's name; empty for an anonymous one."""
        return self.sent.named.name if self.sent.named else ""

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


def chat_lines(stream: Stream, newest: Event) -> list[Event]:
    """Return the messages that are not hidden, up to the newest event, oldest first."""
    return chat_of(stream, LINES, upto=newest.pk)[::-1]


def gift_rows(stream: Stream, blocked: Blocked) -> list[Row]:
    """Return the newest lines of a stream, newest first."""
    newest = SentGift.objects.counted().filter(stream=stream).order_by("-pk")[: LINES * 3]
    hidden = hidden_gifts(stream.hidden.all())
    found = in_combos(newest.select_related("fan", "gift"), hidden)[:LINES]
    for row in found:
        by = [key for key in row.keys if key in blocked.gifts]
        if row.handle in blocked.handles:
            by = [str(row.sent.public_id)]
        row.blocked_by = by[0] if by else ""
    return found


def in_combos(gifts: Iterable[SentGift], hidden: frozenset[UUID] = frozenset()) -> list[Row]:
    """Return a line per gift, newest first, where a combo's presses are one line.

    The messages of `hidden` gifts are hidden.
    """
    found: list[Row] = []
    running: dict[tuple[UUID, int, bool] | None, Row] = {}
    for sent in gifts:
        # The client chooses the number: only presses of one person, under one name, are one line.
        combo = (sent.combo, sent.fan_id, sent.anonymous) if sent.combo else None
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
