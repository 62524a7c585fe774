"""What a fan's own rows say before coins are sold to them, read by one statement."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import SpendingLimit, User
from foundation.once import once
from wallet.models import Purchase

Span = SpendingLimit.Span
LENGTH = {Span.DAY: timedelta(days=1), Span.WEEK: timedelta(days=7), Span.MONTH: timedelta(days=30)}
YEAR = timedelta(weeks=53)
COUNTED = {*Purchase.OPEN, Purchase.State.PAID, Purchase.State.REVIEW}

STANDING = """
SELECT orders.*,
    EXISTS (SELECT FROM wallet_dispute d JOIN wallet_purchase p ON p.id = d.purchase_id
            WHERE p.user_id = %(user)s AND d.decided_at IS NULL),
    (SELECT coalesce(json_agg(json_build_array(ago, currency, coins, minor)), '[]') FROM (
        SELECT div(extract(epoch FROM %(now)s - captured_at), 604800)::int AS ago, currency,
            sum(coins) AS coins, sum(total_minor) AS minor
        FROM wallet_purchase
        WHERE user_id = %(user)s AND state = 'paid' AND captured_at > %(weeks)s
        GROUP BY ago, currency) paid),
    own.span, own.coins, own.next_coins, own.next_at
FROM (
    SELECT
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(day)s), 0),
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(week)s), 0),
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(month)s), 0)
    FROM wallet_purchase
    WHERE user_id = %(user)s AND created_at >= %(month)s
) orders
LEFT JOIN accounts_spendinglimit own ON own.user_id = %(user)s AND own.creator_id IS NULL
"""


class PaidWeek(NamedTuple):
    """What a fan paid for in one week and currency, so many weeks ago; 0 are the last 7 days."""

    ago: int
    currency: str
    coins: int
    minor: int


@dataclass(frozen=True)
class Standing:
    """The coins a fan bought or is about to buy in each span, what was paid for in each week of the
    last year, whether a dispute is open, and the limits on buying that the fan set.
    """

    bought: dict[Span, int]
    paid: list[PaidWeek]
    disputed: bool
    own: list[SpendingLimit]


@once
def standing(user: User) -> Standing:
    """Return how a fan stands now."""
    now = timezone.now()
    since = {span.value: now - length for span, length in LENGTH.items()}
    asked: dict[str, Any] = {
        "user": user.pk,
        "counted": list(COUNTED),
        "now": now,
        "weeks": now - YEAR,
        **since,
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDING, asked)
        rows = cursor.fetchall()
    *sums, disputed, paid = rows[0][:5]
    limits = [row[5:] for row in rows if row[5]]
    return Standing(
        bought={span: int(coins) for span, coins in zip(LENGTH, sums, strict=True)},
        paid=[PaidWeek(max(0, ago), *more) for ago, *more in paid],
        disputed=disputed,
        own=[
            SpendingLimit(user=user, span=span, coins=coins, next_coins=following, next_at=at)
            for span, coins, following, at in limits
        ],
    )
