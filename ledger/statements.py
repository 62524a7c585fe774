"""An account's statement: its transfers, newest first, with the balance after each."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from foundation.figures import figure
from foundation.money import money
from ledger import cursors
from ledger.chart import COIN, DIAMOND, Side
from ledger.models import Account

PER_PAGE = 50

# The newest lines beneath the cursor, looked for from both sides; signs are on the credit side. At
# the top the balance is the account's own; further down the cursor knows it.
LINES = """
WITH moved AS (
    (SELECT id, posting_id, amount AS change, from_account_id AS other FROM ledger_transfer
     WHERE to_account_id = %(account)s AND (posting_id, id) < (%(posting)s, %(transfer)s)
     ORDER BY posting_id DESC, id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT id, posting_id, -amount, to_account_id FROM ledger_transfer
     WHERE from_account_id = %(account)s AND (posting_id, id) < (%(posting)s, %(transfer)s)
     ORDER BY posting_id DESC, id DESC LIMIT %(limit)s)
    ORDER BY posting_id DESC, id DESC LIMIT %(limit)s
), late AS (
    SELECT coalesce(sum(CASE to_account_id WHEN %(account)s THEN amount ELSE -amount END), 0)
        AS change
    FROM ledger_transfer
    WHERE xid = ANY (%(writing)s::xid8[]) AND %(account)s IN (to_account_id, from_account_id)
        AND (posting_id, id) < (%(posting)s, %(transfer)s)
), top AS (
    SELECT coalesce(%(balance)s + (SELECT change FROM late), ledger_balance(%(account)s))::bigint
        AS balance
)
SELECT m.id, p.id, p.key, p.kind, p.created_at,
    m.other, m.change, top.balance,
    ARRAY(SELECT pg_snapshot_xip(pg_current_snapshot())::text)
FROM moved m JOIN ledger_posting p ON p.id = m.posting_id CROSS JOIN top
ORDER BY m.posting_id DESC, m.id DESC
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
    before: str | None
    balance: int


def on_normal_side(account: Account, credit: int) -> int:
    """Return an amount of the credit side as the account's own side shows it."""
    return credit if account.kind_rules.side == Side.CREDIT else -credit


def in_words(amount: int, unit: str) -> str:
    """Return an amount of a unit as staff read it: 1,000 or €9.74."""
    return figure(amount) if unit in (COIN, DIAMOND) else str(money(amount, unit))


def _names(accounts: set[int]) -> dict[int, str]:
    """Return the accounts' names for staff: the owner, where there is one, and the kind."""
    found = Account.objects.select_related("owner").in_bulk(accounts)
    return {
        pk: f"{account.owner} {account.kind}" if account.owner else account.kind
        for pk, account in found.items()
    }


def page(account: Account, *, before: str = "", limit: int = PER_PAGE) -> Page:
    """Return a page of an account's lines: the top one, or the one that `before` leads to."""
    whose = f"account {account.pk}"
    facts = {"account": account.pk, "limit": limit + 1, **cursors.read(before, whose).facts}
    with connection.cursor() as cursor:
        cursor.execute(LINES, facts)
        rows = cursor.fetchall()
    if not rows:
        return Page([], None, 0)
    lines: list[Line] = []
    named = _names({row[5] for row in rows})
    *_, balance, writing = rows[0]
    top = on_normal_side(account, balance)
    for pk, posting, key, kind, at, other, change, _top, _writing in rows[:limit]:
        moved, after = (on_normal_side(account, credit) for credit in (change, balance))
        lines.append(Line(pk, posting, key, kind, at, named[other], moved, after))
        balance -= change
    if len(rows) <= limit:
        return Page(lines, None, top)
    last = lines[-1]
    onward = cursors.Cursor(last.posting_id, last.id, balance, writing)
    return Page(lines, onward.signed(whose), top)
