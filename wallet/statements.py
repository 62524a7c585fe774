"""An account's statement: its transfers, newest first, with the balance after each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from wallet.ledger.chart import COIN, DIAMOND, Side
from wallet.ledger.models import Account
from wallet.money import money

PER_PAGE = 50

# The balance after a line is today's balance less everything newer; signs are on the credit side.
LINES = """
WITH moved AS (
    SELECT id, posting_id, amount AS change, from_account_id AS other
    FROM ledger_transfer WHERE to_account_id = %(account)s
    UNION ALL
    SELECT id, posting_id, -amount, to_account_id FROM ledger_transfer
    WHERE from_account_id = %(account)s
), after AS (
    SELECT id, posting_id, other, change, ledger_balance(%(account)s) - coalesce(sum(change) OVER (
        ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS balance
    FROM moved
)
SELECT a.id, p.id, p.key, p.kind, p.created_at,
    concat_ws(' ', '@' || u.handle, o.kind), a.change::bigint, a.balance::bigint
FROM after a JOIN ledger_posting p ON p.id = a.posting_id JOIN ledger_account o ON o.id = a.other
LEFT JOIN accounts_user u ON u.id = o.owner_id
WHERE %(before)s::bigint IS NULL OR a.id < %(before)s
ORDER BY a.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Line:
    """One transfer as the account sees it; `change` and `balance` on its normal side."""

    id: int
    posting_id: int
    key: str
    kind: str
    at: datetime
    other: str
    change: int
    balance: int


@dataclass(frozen=True)
class Page:
    """Some lines, where the next page begins, and the balance at the top of this one."""

    lines: list[Line]
    before: int | None
    balance: int


def on_normal_side(account: Account, credit: int) -> int:
    """Return an amount of the credit side as the account's own side shows it."""
    return credit if account.kind_rules.side == Side.CREDIT else -credit


def in_words(amount: int, unit: str) -> str:
    """Return an amount of a unit as staff read it: 1,000 or €9.74."""
    return f"{amount:,}" if unit in (COIN, DIAMOND) else str(money(amount, unit))


def page(account: Account, *, before: int | None = None, limit: int = PER_PAGE) -> Page:
    """Return an account's lines older than a transfer's id."""
    facts = {"account": account.pk, "before": before, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(LINES, facts)
        rows = cursor.fetchall()
    lines = [_line(account, row) for row in rows]
    more = len(lines) > limit
    shown = lines[:limit]
    return Page(shown, shown[-1].id if more else None, shown[0].balance if shown else 0)


def _line(account: Account, row: Any) -> Line:
    transfer, posting, key, kind, at, other, change, balance = row
    return Line(
        id=transfer,
        posting_id=posting,
        key=key,
        kind=kind,
        at=at,
        other=other,
        change=on_normal_side(account, change),
        balance=on_normal_side(account, balance),
    )
