"""A fan's month, from the ledger and the documents. It begins and ends at midnight UTC."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.utils import timezone

from accounts.models import User
from wallet.coins.balance import KINDS
from wallet.models import Document

# What a fan's coins came from or went to, by the account on the other side; the ledger's own sum
# of them is the balance. Coins on hold are the fan's still: a hold moves nothing here.
MOVED = """
WITH mine AS MATERIALIZED (
    SELECT id FROM ledger_account
    WHERE owner_id = %(owner)s AND unit = 'COIN' AND kind = ANY (%(kinds)s)
), moved AS (
    SELECT t.created_at, t.from_account_id AS other, t.amount
    FROM ledger_transfer t WHERE t.to_account_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT t.created_at, t.to_account_id, -t.amount
    FROM ledger_transfer t WHERE t.from_account_id IN (SELECT id FROM mine)
)
SELECT date_trunc('month', m.created_at AT TIME ZONE 'UTC')::date AS month,
    a.kind, m.amount > 0 AS came, sum(m.amount)::bigint AS coins
FROM moved m JOIN ledger_account a ON a.id = m.other
WHERE a.id NOT IN (SELECT id FROM mine) AND m.created_at < %(until)s
GROUP BY 1, 2, 3 ORDER BY 1
"""
MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Moved:
    """Coins that came (or went, below zero) in a month, by the other side's kind of account."""

    month: date
    kind: str
    came: bool
    coins: int


@dataclass(frozen=True)
class Month:
    """One month of one fan."""

    user: User
    first: date
    opening: int
    moved: Sequence[Moved]
    documents: Sequence[Document]
    bonus: int = 0  # the bonus coins among those at its end

    @property
    def closing(self) -> int:
        """The coins at its end: of the present month, now."""
        return self.opening + sum(moved.coins for moved in self.moved)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in it."""
        return not self.moved and not self.documents

    @property
    def is_over(self) -> bool:
        """Whether nothing can be added to it."""
        return end_of(self.first) <= timezone.now()

    def coins(self, kind: str, *, came: bool) -> int:
        """Return the coins that came from, or went to, accounts of a kind; never below zero."""
        return sum(abs(m.coins) for m in self.moved if m.kind == kind and m.came == came)

    @property
    def bought(self) -> int:
        """The coins that were bought."""
        return self.coins("coins_issued", came=True)

    @property
    def sent(self) -> int:
        """The coins that went out as gifts, less those of gifts that were undone."""
        spent = self.coins("coins_spent", came=False)
        return spent - self.coins("coins_spent", came=True)


def month_of(user: User, first: date) -> Month:
    """Return a fan's month."""
    moved = _moved(user, end_of(first))
    opening = sum(each.coins for each in moved if each.month < first)
    documents = Document.objects.filter(
        purchase__user=user, moved_at__gte=start_of(first), moved_at__lt=end_of(first)
    ).order_by("moved_at", "id")
    mine = [each for each in moved if each.month == first]
    bonus = sum(each.coins for each in _moved(user, end_of(first), ("bonus_coins",)))
    return Month(user, first, opening, mine, list(documents), bonus)


def months_of(user: User) -> list[Month]:
    """Return the months in which something happened, the newest first, without their documents."""
    months, opening = [], 0
    moved = _moved(user, end_of(this_month()))
    for first in sorted({each.month for each in moved}):
        months.append(Month(user, first, opening, [m for m in moved if m.month == first], []))
        opening = months[-1].closing
    return months[::-1]


def this_month() -> date:
    """Return the first day of the present month."""
    return timezone.now().astimezone(UTC).date().replace(day=1)


def before(first: date) -> date:
    """Return the month before another one."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def after(first: date) -> date:
    """Return the month after another one."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def start_of(first: date) -> datetime:
    """Return the moment at which a month begins."""
    return datetime(first.year, first.month, 1, tzinfo=UTC)


def end_of(first: date) -> datetime:
    """Return the moment at which a month is over, which is the next one's beginning."""
    return start_of(after(first))


def month_named(name: str) -> date | None:
    """Return the month that an address names, 2026-11; nothing for what is none."""
    found = MONTH.fullmatch(name)
    if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) < 9999:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _moved(user: User, until: datetime, kinds: Sequence[str] = KINDS) -> list[Moved]:
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"owner": user.pk, "kinds": list(kinds), "until": until})
        return [Moved(*row) for row in cursor.fetchall()]
