"""The creator's live console: a line per gift, the presses of one combo in one line."""

from collections.abc import Iterable
from dataclasses import dataclass

from gifts.models import SentGift
from live.models import Stream

LINES = 60


@dataclass
class Row:
    """One line: a gift, or a combo as far as it has come. `sent` is its newest press."""

    sent: SentGift
    quantity: int
    coins: int
    keys: list[str]
    thanked: bool

    @property
    def sender(self) -> str:
        """Who sent it; empty for somebody without a name."""
        return "" if self.sent.anonymous else self.sent.fan.name


def heard(stream: Stream) -> list[int]:
    """Return the ids of the newest events, newest first: the lines know of these already."""
    newest = stream.events.order_by("-pk").values_list("pk", flat=True)
    return list(newest[: LINES * 5])


def rows(stream: Stream) -> list[Row]:
    """Return the newest lines of a stream, newest first."""
    newest = SentGift.objects.counted().filter(stream=stream).order_by("-pk")[: LINES * 3]
    return in_combos(newest.select_related("fan", "gift"))[:LINES]


def in_combos(gifts: Iterable[SentGift]) -> list[Row]:
    """Return a line per gift, newest first, where a combo's presses are one line."""
    found: list[Row] = []
    running: dict[str, Row] = {}
    for sent in gifts:
        combo = str(sent.combo) if sent.combo else ""
        if row := running.get(combo):
            row.quantity += sent.quantity
            row.coins += sent.coins
            row.keys.append(str(sent.public_id))
            row.thanked = row.thanked or sent.thanked_at is not None
            continue
        row = Row(sent, sent.quantity, sent.coins, [str(sent.public_id)], bool(sent.thanked_at))
        found.append(row)
        if combo:
            running[combo] = row
    return found
