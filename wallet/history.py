"""A fan's coin history: every posting on their accounts, with the balance after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from wallet.ledger.models import Transfer

PER_PAGE = 30

# The balance after an entry is today's balance less everything newer.
ENTRIES = """
WITH mine AS (
    SELECT id, balance FROM ledger_account
    WHERE owner_id = %(owner)s AND unit = 'COIN' AND kind IN ('coins', 'bonus_coins')
), moved AS (
    SELECT posting_id, sum(amount) AS coins FROM (
        SELECT t.posting_id, t.amount FROM ledger_transfer t JOIN mine m ON m.id = t.to_account_id
        UNION ALL
        SELECT t.posting_id, -t.amount
        FROM ledger_transfer t JOIN mine m ON m.id = t.from_account_id
    ) s GROUP BY posting_id
), after AS (
    SELECT posting_id, coins,
        (SELECT coalesce(sum(balance), 0) FROM mine) - coalesce(sum(coins) OVER (
            ORDER BY posting_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            AS balance
    FROM moved
)
SELECT p.id, p.key, p.kind, p.created_at, a.coins::bigint, a.balance::bigint
FROM after a JOIN ledger_posting p ON p.id = a.posting_id
WHERE %(before)s::bigint IS NULL OR p.id < %(before)s
ORDER BY p.id DESC LIMIT %(limit)s
"""

WORDS = {
    "gift": gettext_lazy("Gift sent"),
    "undo": gettext_lazy("Gift taken back"),
    "bonus": gettext_lazy("Bonus coins"),
    "bonus_expiry": gettext_lazy("Bonus coins expired"),
    "refund": gettext_lazy("Coins given back for a refund"),
    "dispute": gettext_lazy("Coins set aside for a dispute"),
}
ICONS = {"purchase": "plus", "gift": "gift", "undo": "undo-2", "bonus": "sparkles"}


@dataclass(frozen=True)
class Entry:
    """One line of the history. `coins` came (or went), `balance` was there afterwards."""

    id: int
    key: str
    kind: str
    at: datetime
    coins: int
    balance: int

    @property
    def words(self) -> str:
        """What happened, in a few words."""
        if self.kind == "purchase":
            return _("Bought %(coins)s coins") % {"coins": f"{self.coins:,}"}
        return str(WORDS.get(self.kind, _("Coins added") if self.coins > 0 else _("Coins taken")))

    @property
    def icon(self) -> str:
        """The icon in front of the words."""
        return ICONS.get(self.kind, "coins")

    @property
    def order(self) -> UUID | None:
        """The order behind a purchase."""
        return UUID(self.key.partition(":")[2]) if self.kind == "purchase" else None

    @property
    def gift(self) -> UUID | None:
        """The gift that was sent or taken back."""
        return UUID(self.key.partition(":")[2]) if self.kind in {"gift", "undo"} else None


@dataclass(frozen=True)
class Page:
    """Some entries and where the next page begins."""

    entries: list[Entry]
    before: int | None

    def days(self) -> Iterator[tuple[date, list[Entry]]]:
        """Return the entries day by day."""
        for day, entries in groupby(self.entries, key=lambda entry: entry.at.date()):
            yield day, list(entries)


def page(user: User, *, before: int | None = None, limit: int = PER_PAGE) -> Page:
    """Return the entries older than a posting's id, newest first."""
    facts: dict[str, Any] = {"owner": user.pk, "before": before, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, facts)
        entries = [Entry(*row) for row in cursor.fetchall()]
    more = len(entries) > limit
    return Page(entries[:limit], entries[limit - 1].id if more else None)


def legs(entries: list[Entry], user: User) -> dict[int, list[Transfer]]:
    """Return the transfers of each entry that touched the fan's own accounts, by posting."""
    mine = (
        Transfer.objects.filter(posting_id__in=[entry.id for entry in entries], unit="COIN")
        .filter(_of(user))
        .select_related("from_account", "to_account")
        .order_by("id")
    )
    found: dict[int, list[Transfer]] = {}
    for transfer in mine:
        found.setdefault(transfer.posting_id, []).append(transfer)
    return found


def _of(user: User) -> Q:
    return Q(from_account__owner=user) | Q(to_account__owner=user)
