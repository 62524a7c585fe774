"""A fan's coin history: every posting on their accounts, with the balance after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.figures import figure
from ledger import cursors
from ledger.models import Transfer
from wallet.models import Purchase

PER_PAGE = 30

# The newest postings beneath the cursor, looked for from both sides of both accounts, and what each
# of them moved. At the top the balance is what the accounts hold; further down the cursor knows it.
ENTRIES = """
WITH mine AS MATERIALIZED (
    SELECT id, balance FROM ledger_account
    WHERE owner_id = %(owner)s AND unit = 'COIN' AND kind IN ('coins', 'bonus_coins')
), newest AS (
    SELECT DISTINCT s.posting_id FROM mine m CROSS JOIN LATERAL (
        (SELECT DISTINCT posting_id FROM ledger_transfer
         WHERE to_account_id = m.id AND posting_id < %(posting)s
         ORDER BY posting_id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT DISTINCT posting_id FROM ledger_transfer
         WHERE from_account_id = m.id AND posting_id < %(posting)s
         ORDER BY posting_id DESC LIMIT %(limit)s)
    ) s ORDER BY s.posting_id DESC LIMIT %(limit)s
), late AS (
    SELECT coalesce(sum(CASE m.id WHEN t.to_account_id THEN t.amount ELSE -t.amount END), 0)
        AS coins
    FROM ledger_transfer t JOIN mine m ON m.id IN (t.to_account_id, t.from_account_id)
    WHERE t.xid = ANY (%(writing)s::xid8[]) AND t.posting_id < %(posting)s
)
SELECT p.id, p.key, p.kind, p.created_at, moved.coins::bigint,
    coalesce(%(balance)s + (SELECT coins FROM late), (SELECT sum(balance) FROM mine))::bigint,
    ARRAY(SELECT pg_snapshot_xip(pg_current_snapshot())::text)
FROM newest n JOIN ledger_posting p ON p.id = n.posting_id CROSS JOIN LATERAL (
    SELECT sum(CASE m.id WHEN t.to_account_id THEN t.amount ELSE -t.amount END) AS coins
    FROM ledger_transfer t JOIN mine m ON m.id IN (t.to_account_id, t.from_account_id)
    WHERE t.posting_id = p.id
) moved
ORDER BY p.id DESC
"""

WORDS = {
    "gift": gettext_lazy("Gift sent"),
    "undo": gettext_lazy("Gift undone"),
    "bonus": gettext_lazy("Bonus coins"),
    "bonus_granted": gettext_lazy("Bonus coins"),
    "bonus_expired": gettext_lazy("Bonus coins that ended"),
    "bonus_void": gettext_lazy("Bonus coins void: their order's coins went back"),
    "bonus_restored": gettext_lazy("Bonus coins back: their order's coins came back"),
    "refund": gettext_lazy("Coins returned for a refund"),
    "dispute_held": gettext_lazy("Coins on hold: payment disputed"),
    "dispute_won": gettext_lazy("Coins back: dispute closed"),
}
ICONS = {"purchase": "plus", "gift": "gift", "undo": "undo-2", "bonus": "sparkles"}
ICONS["bonus_granted"] = ICONS["bonus"]


@dataclass(frozen=True)
class Entry:
    """One line of the history. `coins` came (or went), `balance` was there afterwards."""

    id: int
    key: str
    kind: str
    at: datetime
    coins: int
    balance: int
    by_itself: bool = False  # an order that auto top-up placed

    @property
    def words(self) -> str:
        """The event in a few words."""
        if self.kind == "purchase" and self.by_itself:
            return _("Auto top-up: %(coins)s coins") % {"coins": figure(self.coins)}
        if self.kind == "purchase":
            return _("Bought %(coins)s coins") % {"coins": figure(self.coins)}
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
    before: str | None

    def days(self) -> Iterator[tuple[date, list[Entry]]]:
        """Return the entries day by day."""
        for day, entries in groupby(self.entries, key=lambda entry: entry.at.date()):
            yield day, list(entries)


def page(user: User, *, before: str = "", limit: int = PER_PAGE) -> Page:
    """Return a page of entries, newest first: the top one, or the one that `before` leads to."""
    whose = f"coins {user.pk}"
    facts = {"owner": user.pk, "limit": limit + 1, **cursors.read(before, whose).facts}
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, facts)
        rows = cursor.fetchall()
    entries: list[Entry] = []
    by_itself = _placed_by_itself([row[1] for row in rows[:limit] if row[2] == "purchase"])
    for pk, key, kind, at, coins, top, _writing in rows[:limit]:
        balance = entries[-1].balance - entries[-1].coins if entries else top
        entries.append(Entry(pk, key, kind, at, coins, balance, key in by_itself))
    if len(rows) <= limit:
        return Page(entries, None)
    last, writing = entries[-1], rows[0][-1]
    onward = cursors.Cursor(last.id, 0, last.balance - last.coins, writing)
    return Page(entries, onward.signed(whose))


def _placed_by_itself(keys: list[str]) -> set[str]:
    """Return those postings of orders that auto top-up placed."""
    ids = [key.partition(":")[2] for key in keys]
    placed = Purchase.objects.filter(public_id__in=ids, top_up__isnull=False) if ids else ()
    return {f"purchase:{order.public_id}" for order in placed}


def transfers(entries: list[Entry], user: User) -> dict[int, list[Transfer]]:
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
