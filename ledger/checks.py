"""Proof of the ledger: every invariant as a query that finds what breaks it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from foundation import jobs
from ledger.chart import KINDS, kind_of

# `ledger_prune_keys` forgets no younger key.
KEYS_LAST_DAYS = 90


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


# Apart from the limit a query is planned for all rows. With it, PostgreSQL would look for the first
# ten in the way that finds them soon, and there are none.
FIRST_TEN = "WITH wrong AS MATERIALIZED ({}) SELECT * FROM wrong LIMIT 10"
FIRST_TEN_OF_EACH = (
    "WITH wrong AS MATERIALIZED ({}) SELECT * FROM ("
    "SELECT *, row_number() OVER (PARTITION BY what) AS place FROM wrong) w WHERE place <= 10"
)


def found(invariant: int, sentence: str, sql: str, params: Iterable[Any] = ()) -> Iterable[Breach]:
    """Yield a breach if the query finds rows; it is limited to the first ten."""
    if rows := query(FIRST_TEN.format(sql), params):
        yield Breach(invariant, sentence, rows)


def found_at_once(
    invariant: int, sentences: dict[str, str], sql: str, params: Iterable[Any] = ()
) -> Iterable[Breach]:
    """Yield a breach for each sentence whose name stands in the rows' column `what`.

    For tables so large that they should be read once.
    """
    rows = query(FIRST_TEN_OF_EACH.format(sql), params)
    for what, sentence in sentences.items():
        if wrong := [row for row in rows if row["what"] == what]:
            shown = [{n: v for n, v in row.items() if n not in ("what", "place")} for row in wrong]
            yield Breach(invariant, sentence, shown)


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
        "The balances of a unit don't add up to zero.",
        "SELECT unit, sum(ledger_balance(id))::bigint AS sum FROM ledger_account GROUP BY unit"
        " HAVING sum(ledger_balance(id)) <> 0",
    )


def balances_equal_transfers() -> Iterable[Breach]:
    """2 and 3: balances equal the sum of all transfers, and guarded ones are not negative."""
    yield from found_at_once(
        2,
        {
            "guarded": "A guarded balance differs from its transfers.",
            "open": "An open account's snapshot differs from its transfers.",
        },
        # Each side is summed by itself, so that both sums can be done in parallel.
        "SELECT CASE WHEN a.guarded THEN 'guarded' ELSE 'open' END AS what,"
        " a.id, a.kind, a.unit, a.balance, coalesce(m.sum, 0)::bigint AS transfers"
        " FROM (SELECT id, kind, unit, guarded, ledger_balance(id) AS balance"
        "   FROM ledger_account) a"
        " LEFT JOIN (SELECT account, sum(amount) AS sum FROM ("
        "   SELECT to_account_id AS account, sum(amount) AS amount"
        "   FROM ledger_transfer GROUP BY to_account_id UNION ALL"
        "   SELECT from_account_id, -sum(amount) FROM ledger_transfer GROUP BY from_account_id"
        " ) s GROUP BY account) m ON m.account = a.id"
        " WHERE a.balance <> coalesce(m.sum, 0) ORDER BY a.id",
    )
    yield from found(
        3,
        "A guarded balance is negative.",
        "SELECT id, kind, unit, balance FROM ledger_account WHERE guarded AND balance < 0",
    )


def issued_is_somewhere() -> Iterable[Breach]:
    """4 and 5: every coin and diamond that was issued is on an account or was used up."""
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
        "A posting was reversed more than once.",
        "SELECT r.reverses_id AS id, array_agg(r.key ORDER BY r.id) AS reversals"
        " FROM ledger_posting r WHERE r.reverses_id IS NOT NULL"
        " GROUP BY r.reverses_id HAVING count(*) > 1 ORDER BY 1",
    )
    yield from found(
        9,
        "A reversal was itself reversed.",
        "SELECT r.id, r.key FROM ledger_posting r JOIN ledger_posting o ON o.id = r.reverses_id"
        " WHERE o.reverses_id IS NOT NULL",
    )
    # Each transfer of a reversal is turned round and set against those of its original: what is
    # left over on either side is no mirror.
    yield from found(
        9,
        "A reversal doesn't mirror the posting it reverses.",
        "WITH reversal AS MATERIALIZED ("
        "   SELECT id, key, reverses_id FROM ledger_posting WHERE reverses_id IS NOT NULL)"
        " SELECT r.id, r.key, t.unit, sum(t.side)::bigint AS too_many FROM reversal r JOIN ("
        "   SELECT r.id, t.unit, t.to_account_id AS giver, t.from_account_id AS taker, t.amount,"
        "     1 AS side FROM reversal r JOIN ledger_transfer t ON t.posting_id = r.id"
        "   UNION ALL"
        "   SELECT r.id, t.unit, t.from_account_id, t.to_account_id, t.amount, -1"
        "   FROM reversal r JOIN ledger_transfer t ON t.posting_id = r.reverses_id"
        " ) t ON t.id = r.id"
        " GROUP BY r.id, r.key, t.unit, t.giver, t.taker, t.amount HAVING sum(t.side) <> 0"
        " ORDER BY r.id",
    )


def keys_are_claimed() -> Iterable[Breach]:
    """9: each posting holds its key, a reversal also the claim on what it takes back: once each.

    Those of some kinds may have been forgotten, once they were old enough.
    """
    forgotten = (
        "k.key IS NULL AND p.kind = ANY (%s) AND p.created_at < now() - make_interval(days => %s)"
    )
    yield from found_at_once(
        9,
        {
            "posting": "A posting has no matching key.",
            "key": "A key points to a posting that is missing or has another key.",
            "moment": "A key was claimed at a different time than its posting.",
        },
        "SELECT CASE WHEN p.id IS NULL THEN 'key' WHEN k.key IS NULL THEN 'posting'"  # noqa: S608  # our own words
        "   ELSE 'moment' END AS what,"
        " coalesce(p.id, k.posting_id) AS id, coalesce(p.key, k.key) AS key"
        " FROM (SELECT key, posting_id, created_at FROM ledger_key"
        "   WHERE key NOT LIKE 'reverses:%%') k"
        " FULL JOIN ledger_posting p ON p.id = k.posting_id AND p.key = k.key"
        f" WHERE p.id IS NULL OR k.created_at <> p.created_at"
        f"   OR k.key IS NULL AND NOT ({forgotten}) ORDER BY 2",
        [list(settings.LEDGER_PRUNABLE_KINDS), KEYS_LAST_DAYS],
    )
    yield from found_at_once(
        9,
        {
            "posting": "A reversal has no claim on the posting it reverses.",
            "key": "A claim on a reversal points to another posting.",
            "moment": "A reversal was claimed at a different time than it was posted.",
        },
        "SELECT CASE WHEN p.id IS NULL THEN 'key' WHEN k.key IS NULL THEN 'posting'"  # noqa: S608  # our own words
        "   ELSE 'moment' END AS what,"
        " coalesce(p.id, k.posting_id) AS id, coalesce(p.key, k.key) AS key"
        " FROM (SELECT key, posting_id, created_at FROM ledger_key"
        "   WHERE key LIKE 'reverses:%%') k"
        " FULL JOIN (SELECT r.id, r.key, r.kind, r.created_at, 'reverses:' || o.key AS claim"
        "   FROM ledger_posting r JOIN ledger_posting o ON o.id = r.reverses_id) p"
        " ON p.id = k.posting_id AND p.claim = k.key"
        f" WHERE p.id IS NULL OR k.created_at <> p.created_at"
        f"   OR k.key IS NULL AND NOT ({forgotten}) ORDER BY 2",
        [list(settings.LEDGER_PRUNABLE_KINDS), KEYS_LAST_DAYS],
    )


def links_hold() -> Iterable[Breach]:
    """0: links hold, as foreign keys would see to it had they not been left out for speed."""
    yield from found_at_once(
        0,
        {
            "link": "A transfer refers to a missing posting or account, or mixes units.",
            "moment": "A transfer was booked at a different time than its posting.",
            "hollow": "A posting has no transfers.",
        },
        "SELECT CASE WHEN t.id IS NULL THEN 'hollow' WHEN p.id IS NULL"
        "   OR f.unit IS DISTINCT FROM t.unit OR g.unit IS DISTINCT FROM t.unit THEN 'link'"
        "   ELSE 'moment' END AS what,"
        " t.id, coalesce(p.id, t.posting_id) AS posting_id, p.key, t.from_account_id,"
        " t.to_account_id, t.created_at, p.created_at AS posted_at"
        " FROM ledger_transfer t FULL JOIN ledger_posting p ON p.id = t.posting_id"
        " LEFT JOIN ledger_account f ON f.id = t.from_account_id"
        " LEFT JOIN ledger_account g ON g.id = t.to_account_id"
        " WHERE t.id IS NULL OR p.id IS NULL OR f.unit IS DISTINCT FROM t.unit"
        "   OR g.unit IS DISTINCT FROM t.unit OR t.created_at <> p.created_at"
        " ORDER BY t.id",
    )


def checkpoint_is_in_the_past() -> Iterable[Breach]:
    """2: snapshots are complete up to a transaction that has ended: later ones are added up."""
    yield from found(
        2,
        "There is no checkpoint, or it lies ahead of what was written.",
        "SELECT one.id, c.xid::text, c.moved_at FROM (VALUES (1)) one(id)"
        " LEFT JOIN ledger_checkpoint c ON c.id = one.id"
        " WHERE (c.xid <= pg_snapshot_xmax(pg_current_snapshot())) IS NOT TRUE",
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
        yield Breach(0, "An account doesn't match the chart of accounts.", wrong[:10])


CHECKS: list[Check] = [
    units_sum_to_zero,
    balances_equal_transfers,
    issued_is_somewhere,
    reversals_are_mirrors,
    keys_are_claimed,
    links_hold,
    checkpoint_is_in_the_past,
    accounts_fit_the_chart,
]


@transaction.atomic
def run() -> list[Breach]:
    """Return every breach that all layers' checks find, read in one snapshot while the site goes
    on.
    """
    breaches: list[Breach] = []
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    jobs.take_time(minutes=10)
    for module in settings.LEDGER_CHECKS:
        for check in import_module(module).CHECKS:
            breaches.extend(check())
    return breaches
