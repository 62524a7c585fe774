"""Proof of the books: every invariant as a query that finds what breaks it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from giftplatform import jobs
from wallet.ledger.chart import KINDS, kind_of


@dataclass(frozen=True)
class Breach:
    """One invariant that does not hold. `rows` are the first offenders."""

    invariant: int
    sentence: str
    rows: list[Any]


Check = Callable[[], Iterable[Breach]]


def query(sql: str, params: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Return rows as dicts."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def found(invariant: int, sentence: str, sql: str, params: Iterable[Any] = ()) -> Iterable[Breach]:
    """Yield a breach if the query finds rows; it is limited to the first ten."""
    if rows := query(f"{sql} LIMIT 10", params):
        yield Breach(invariant, sentence, rows)


def totals() -> list[dict[str, Any]]:
    """Return for each unit what was ever moved, and the sum over all accounts, which is zero."""
    return query(
        "SELECT unit, sum(amount)::bigint AS moved, count(*) AS transfers FROM ledger_transfer"
        " GROUP BY unit ORDER BY unit"
    )


def units_sum_to_zero() -> Iterable[Breach]:
    """1: per unit the sum over all accounts is zero."""
    # Both sides of a transfer are one row, so only the balances that people read can drift: sum
    # those.
    yield from found(
        1,
        "The balances of a unit do not add up to zero.",
        "SELECT unit, sum(ledger_balance(id))::bigint AS sum FROM ledger_account GROUP BY unit"
        " HAVING sum(ledger_balance(id)) <> 0",
    )


def guarded_balances_equal_transfers() -> Iterable[Breach]:
    """2 and 3: a guarded balance equals its transfers and is not negative."""
    yield from found(
        2,
        "A guarded balance differs from its transfers.",
        "SELECT a.id, a.kind, a.unit, a.balance, coalesce(m.sum, 0)::bigint AS transfers"
        " FROM ledger_account a LEFT JOIN ("
        "   SELECT account, sum(amount) AS sum FROM ("
        "     SELECT to_account_id AS account, amount FROM ledger_transfer UNION ALL"
        "     SELECT from_account_id, -amount FROM ledger_transfer) s GROUP BY account"
        " ) m ON m.account = a.id"
        " WHERE a.guarded AND a.balance <> coalesce(m.sum, 0) ORDER BY a.id",
    )
    yield from found(
        3,
        "A guarded balance is negative.",
        "SELECT id, kind, unit, balance FROM ledger_account WHERE guarded AND balance < 0",
    )


def open_balances_equal_transfers() -> Iterable[Breach]:
    """2, for open accounts: the fold and what came since equal the full sum."""
    yield from found(
        2,
        "An open account's fold differs from its transfers.",
        "SELECT a.id, a.kind, a.unit, ledger_balance(a.id) AS balance,"
        " coalesce(m.sum, 0)::bigint AS transfers"
        " FROM ledger_account a LEFT JOIN ("
        "   SELECT account, sum(amount) AS sum FROM ("
        "     SELECT to_account_id AS account, amount FROM ledger_transfer UNION ALL"
        "     SELECT from_account_id, -amount FROM ledger_transfer) s GROUP BY account"
        " ) m ON m.account = a.id"
        " WHERE NOT a.guarded AND ledger_balance(a.id) <> coalesce(m.sum, 0) ORDER BY a.id",
    )


def issued_is_somewhere() -> Iterable[Breach]:
    """4 and 5: every coin and diamond that was issued is with somebody or was used up."""
    for invariant, unit in ((4, "COIN"), (5, "DIAMOND")):
        sides = [
            f"{kind.name}" for kind in KINDS.values() if kind.unit == unit and kind.side == "debit"
        ]
        yield from found(
            invariant,
            f"{unit.title()}s issued differ from {unit.lower()}s held, spent and taken back.",
            "SELECT sum(ledger_balance(id)) FILTER (WHERE kind = ANY(%s))::bigint AS issued,"
            " sum(ledger_balance(id)) FILTER (WHERE NOT kind = ANY(%s))::bigint AS elsewhere"
            " FROM ledger_account WHERE unit = %s HAVING coalesce(sum(ledger_balance(id)), 0) <> 0",
            [sides, sides, unit],
        )


def reversals_are_mirrors() -> Iterable[Breach]:
    """9: a posting is reversed at most once, a reversal never, and it mirrors every transfer."""
    yield from found(
        9,
        "A reversal was itself reversed.",
        "SELECT r.id, r.key FROM ledger_posting r JOIN ledger_posting o ON o.id = r.reverses_id"
        " WHERE o.reverses_id IS NOT NULL",
    )
    yield from found(
        9,
        "A reversal is not the mirror of what it reverses.",
        "SELECT r.id, r.key FROM ledger_posting r WHERE r.reverses_id IS NOT NULL AND EXISTS ("
        " (SELECT unit, from_account_id, to_account_id, amount FROM ledger_transfer"
        "  WHERE posting_id = r.id"
        "  EXCEPT ALL"
        "  SELECT unit, to_account_id, from_account_id, amount FROM ledger_transfer"
        "  WHERE posting_id = r.reverses_id)"
        " UNION ALL"
        " (SELECT unit, to_account_id, from_account_id, amount FROM ledger_transfer"
        "  WHERE posting_id = r.reverses_id"
        "  EXCEPT ALL"
        "  SELECT unit, from_account_id, to_account_id, amount FROM ledger_transfer"
        "  WHERE posting_id = r.id))",
    )


def links_hold() -> Iterable[Breach]:
    """What foreign keys would have refused, had they not been left out for speed."""
    yield from found(
        0,
        "A transfer names a posting or an account that does not exist, or mixes units.",
        "SELECT t.id, t.posting_id, t.from_account_id, t.to_account_id FROM ledger_transfer t"
        " LEFT JOIN ledger_posting p ON p.id = t.posting_id"
        " LEFT JOIN ledger_account f ON f.id = t.from_account_id"
        " LEFT JOIN ledger_account g ON g.id = t.to_account_id"
        " WHERE p.id IS NULL OR f.unit IS DISTINCT FROM t.unit OR g.unit IS DISTINCT FROM t.unit"
        " ORDER BY t.id",
    )
    yield from found(
        0,
        "A posting moved nothing.",
        "SELECT p.id, p.key FROM ledger_posting p"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.posting_id = p.id)"
        " ORDER BY p.id",
    )


def accounts_fit_the_chart() -> Iterable[Breach]:
    """Every account is of a kind, unit and guard that the chart states."""
    wrong = []
    for row in query("SELECT id, owner_id, kind, unit, guarded FROM ledger_account"):
        try:
            kind = kind_of(row["kind"])
        except KeyError:
            wrong.append(row)
            continue
        fits = (
            kind.guarded == row["guarded"]
            and kind.owned == (row["owner_id"] is not None)
            and kind.unit in ("", row["unit"])
        )
        if not fits:
            wrong.append(row)
    if wrong:
        yield Breach(0, "An account does not fit the chart of accounts.", wrong[:10])


CHECKS: list[Check] = [
    units_sum_to_zero,
    guarded_balances_equal_transfers,
    open_balances_equal_transfers,
    issued_is_somewhere,
    reversals_are_mirrors,
    links_hold,
    accounts_fit_the_chart,
]


def run() -> list[Breach]:
    """Return every breach that all layers' checks find, read in one snapshot while the site goes
    on.
    """
    breaches: list[Breach] = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.in_atomic_block and not connection.savepoint_ids:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        jobs.take_time(minutes=10)
        for module in settings.LEDGER_CHECKS:
            for check in import_module(module).CHECKS:
                breaches.extend(check())
    return breaches
