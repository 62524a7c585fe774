"""What a fan's own rows say before coins are sold to them, read by one statement."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import SpendingLimit, User
from foundation.once import once
from wallet.models import Purchase

Span = SpendingLimit.Span
LENGTH = {Span.DAY: timedelta(days=1), Span.WEEK: timedelta(days=7), Span.MONTH: timedelta(days=30)}
COUNTED = {*Purchase.OPEN, Purchase.State.PAID, Purchase.State.REVIEW}

STANDING = """
SELECT orders.*,
    EXISTS (SELECT FROM wallet_dispute d JOIN wallet_purchase p ON p.id = d.purchase_id
            WHERE p.user_id = %(user)s AND d.decided_at IS NULL),
    own.span, own.coins, own.next_coins, own.next_at
FROM (
    SELECT
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(day)s), 0),
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(week)s), 0),
        coalesce(sum(coins) FILTER (WHERE state = ANY(%(counted)s) AND created_at >= %(month)s), 0),
        coalesce(sum(coins) FILTER (WHERE state = 'paid' AND captured_at > %(week)s), 0)
    FROM wallet_purchase
    WHERE user_id = %(user)s AND (created_at >= %(month)s OR captured_at > %(week)s)
) orders
LEFT JOIN accounts_spendinglimit own ON own.user_id = %(user)s AND own.creator_id IS NULL
"""


@dataclass(frozen=True)
class Standing:
    """The coins a fan bought or is about to buy in each span, those that were paid for in the last
    week, whether a dispute is open, and the limits on buying that the fan set.
    """

    bought: dict[Span, int]
    paid_in_week: int
    disputed: bool
    own: list[SpendingLimit]


@once
def standing(user: User) -> Standing:
    """Return how a fan stands now."""
    since = {span.value: timezone.now() - length for span, length in LENGTH.items()}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"user": user.pk, "counted": list(COUNTED), **since})
        rows = cursor.fetchall()
    *sums, paid, disputed = rows[0][:5]
    limits = [row[5:] for row in rows if row[5]]
    return Standing(
        bought={span: int(coins) for span, coins in zip(LENGTH, sums, strict=True)},
        paid_in_week=int(paid),
        disputed=disputed,
        own=[
            SpendingLimit(user=user, span=span, coins=coins, next_coins=following, next_at=at)
            for span, coins, following, at in limits
        ],
    )
