"""What creators get for bonus coins is the site's own cost: moved there once it is cash.

A conversion books all it pays as creators' cost. Of it, the part that diamonds of bonus coins
brought moves on to `bonus_cost`, in the same currency at the same rate. A creator's diamonds are
all alike; those of bonus coins count as converted first.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

import ledger
from foundation import jobs
from gifts.models import BonusCost

# Of each creator with released gifts of bonus coins whose cost is not booked: the conversions that
# are not looked at, oldest first, with the diamonds of bonus coins released until then.
OPEN = """
WITH booked AS (
    SELECT creator_id, sum(diamonds) AS diamonds FROM gifts_bonuscost
    WHERE reversed_at IS NULL GROUP BY creator_id
), waiting AS (
    SELECT s.creator_id, coalesce(max(b.diamonds), 0) AS booked
    FROM gifts_sentgift s LEFT JOIN booked b ON b.creator_id = s.creator_id
    WHERE s.bonus_coins > 0 AND s.released_at IS NOT NULL
    GROUP BY s.creator_id
    HAVING sum(s.bonus_coins * (s.diamonds / s.coins)) > coalesce(max(b.diamonds), 0)
)
SELECT w.creator_id, w.booked::bigint, p.key, t.amount, m.unit, m.amount, p.created_at, (
    SELECT coalesce(sum(s.bonus_coins * (s.diamonds / s.coins)), 0) FROM gifts_sentgift s
    WHERE s.creator_id = w.creator_id AND s.bonus_coins > 0 AND s.released_at <= p.created_at
)::bigint
FROM waiting w
JOIN ledger_account a ON a.owner_id = w.creator_id AND a.kind = 'diamonds'
JOIN ledger_transfer t ON t.from_account_id = a.id
JOIN ledger_account c ON c.id = t.to_account_id AND c.kind = 'diamonds_converted'
JOIN ledger_posting p ON p.id = t.posting_id
JOIN ledger_transfer m ON m.posting_id = p.id AND m.unit NOT IN ('COIN', 'DIAMOND')
WHERE NOT EXISTS (SELECT FROM gifts_bonuscost x WHERE x.conversion = p.key)
    AND NOT EXISTS (SELECT FROM ledger_key r WHERE r.key = 'reverses:' || p.key)
ORDER BY w.creator_id, p.id
"""
TAKEN_BACK = """
SELECT x.id FROM gifts_bonuscost x JOIN ledger_key r ON r.key = 'reverses:' || x.conversion
WHERE x.reversed_at IS NULL ORDER BY x.id
"""


@dataclass(frozen=True)
class Conversion:
    """Diamonds of a creator that became money, and those of bonus coins until that moment."""

    creator: int
    booked: int
    key: str
    diamonds: int
    currency: str
    minor: int
    at: datetime
    bonus: int


@transaction.atomic
def book() -> int:
    """Book what is open, take back what was taken back, and return how many postings that were."""
    jobs.take_time(minutes=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number()])
        cursor.execute(TAKEN_BACK)
        back = [pk for (pk,) in cursor.fetchall()]
    for row in BonusCost.objects.filter(pk__in=back):
        _take_back(row)
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        found = [Conversion(*row) for row in cursor.fetchall()]
    booked: dict[int, int] = {}
    posted = len(back)
    for one in found:
        before = booked.setdefault(one.creator, one.booked)
        part = min(one.bonus - before, one.diamonds)
        minor = one.minor * part // one.diamonds if part > 0 else 0
        if minor:
            _book(one, part, minor)
            booked[one.creator] += part
            posted += 1
    return posted


def lock_number() -> int:
    """Return the job's advisory lock: of two runs the second waits for the first."""
    return 7_240_023


def posting_key(conversion: str) -> str:
    """Return the key under which a conversion's part is booked: one per conversion."""
    return f"bonus_cost:{conversion}"


def _book(one: Conversion, diamonds: int, minor: int) -> None:
    cost = ledger.account_id("bonus_cost", one.currency)
    creators = ledger.account_id("creator_cost", one.currency)
    answer = ledger.post_one(
        key=posting_key(one.key),
        kind="bonus_cost",
        legs=[ledger.Leg(one.currency, cost, creators, minor)],
    )
    BonusCost.objects.create(
        conversion=one.key,
        creator_id=one.creator,
        diamonds=diamonds,
        currency=one.currency,
        amount_minor=minor,
        created_at=ledger.moment_of(answer),
    )


def _take_back(row: BonusCost) -> None:
    key = posting_key(row.conversion)
    answer = ledger.post_one(key=f"{key}:back", kind="bonus_cost_back", reverses=key)
    BonusCost.objects.filter(pk=row.pk).update(reversed_at=ledger.moment_of(answer))
