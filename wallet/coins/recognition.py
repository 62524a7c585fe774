"""Spent coins become revenue: once an hour, from what balances and purchases say together."""

import uuid

from django.db import connection, transaction

import ledger
from foundation import jobs

# Which coins are unspent is derived, oldest first: a purchase's unused part is what of the present
# coins the newer purchases do not cover. Coins that a refund or a dispute holds, or that went back,
# are their purchase's own. One statement reads balances and purchases in one snapshot.
BOOK = """
WITH balances AS (
    SELECT owner_id, sum(balance) AS coins FROM ledger_account
    WHERE unit = 'COIN' AND kind = 'coins' GROUP BY owner_id
), remaining AS (
    SELECT id, user_id, captured_at, coins, net_minor,
        coins - held_coins - returned_coins AS remaining
    FROM wallet_purchase WHERE state = 'paid'
), lots AS (
    SELECT *, coalesce(sum(remaining) OVER (
        PARTITION BY user_id ORDER BY captured_at DESC, id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
    FROM remaining
), consumed AS (
    SELECT l.id, l.net_minor, l.coins,
        l.remaining - least(l.remaining, greatest(0, coalesce(b.coins, 0) - l.newer)) AS used
    FROM lots l LEFT JOIN balances b ON b.owner_id = l.user_id
), earned AS (  -- whole minor units, rounded down; the last coin brings the rest
    SELECT id, used, div(net_minor::numeric * used, coins)::bigint AS minor FROM consumed
), booked AS (
    UPDATE wallet_purchase t SET recognised_coins = e.used, recognised_minor = e.minor
    FROM earned e JOIN wallet_purchase o ON o.id = e.id
    WHERE t.id = e.id
        AND (t.recognised_coins, t.recognised_minor) IS DISTINCT FROM (e.used, e.minor)
    RETURNING t.currency, e.minor - o.recognised_minor AS delta
)
SELECT currency, sum(delta)::bigint FROM booked
GROUP BY currency HAVING sum(delta) <> 0 ORDER BY currency
"""


@transaction.atomic
def recognise() -> dict[str, int]:
    """Book what was spent since the last run, and return it by currency in minor units.

    Negative where more was taken back than spent: then revenue goes back to unearned.
    """
    jobs.take_time(minutes=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number()])
        cursor.execute(BOOK)
        booked = {str(currency): int(delta) for currency, delta in cursor.fetchall()}
    run = uuid.uuid4()
    for answer in ledger.post([order(run, c, delta) for c, delta in booked.items()]):
        answer.or_raise()
    return booked


def lock_number() -> int:
    """Return recognition's advisory lock: of two runs the second waits for the first."""
    return 7_240_011


def order(run: uuid.UUID, currency: str, delta: int) -> ledger.Order:
    """Return the posting that moves one currency's sum from unearned to revenue, or back."""
    unearned = ledger.account_id("unearned", currency)
    revenue = ledger.account_id("gift_revenue", currency)
    sides = (unearned, revenue) if delta > 0 else (revenue, unearned)
    leg = ledger.Leg(currency, *sides, abs(delta))
    return ledger.Order(f"recognition:{run}:{currency}", "recognition", [leg])
