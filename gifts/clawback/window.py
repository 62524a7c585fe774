"""Which gifts an order's coins paid for: derived, oldest coins first. No row says it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, Sum

from gifts.clawback.causes import Cause
from gifts.models import ClawbackGift, SentGift
from wallet.models import Purchase

# A fan's present coins cover their newest orders first; the rest of each order was spent. Spent
# coins and the coins of gifts are laid beside each other, the newest at the same end: an order paid
# for the gifts that lie beside it, the first and the last of them perhaps in part. Bonus coins are
# of no order.
WINDOW = """
WITH orders AS (
    SELECT id, captured_at, coins - held_coins - returned_coins AS remaining,
        coalesce(sum(coins - held_coins - returned_coins) OVER (
            ORDER BY captured_at DESC, id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
    FROM wallet_purchase WHERE user_id = %(fan)s AND state = 'paid'
), spent AS (
    SELECT o.id, o.captured_at,
        o.remaining - least(o.remaining, greatest(0, b.coins - o.newer)) AS coins
    FROM orders o, (SELECT coalesce(sum(balance), 0) AS coins FROM ledger_account
        WHERE owner_id = %(fan)s AND kind = 'coins' AND unit = 'COIN') b
), beside AS (
    SELECT id, coins, sum(coins) OVER (ORDER BY captured_at DESC, id DESC) - coins AS start
    FROM spent
), paid AS (
    SELECT id, coins - bonus_coins AS coins,
        sum(coins - bonus_coins) OVER (ORDER BY id DESC) - (coins - bonus_coins) AS start
    FROM gifts_sentgift WHERE fan_id = %(fan)s AND undone_at IS NULL AND coins > bonus_coins
)
SELECT g.id, (least(g.start + g.coins, o.start + o.coins) - greatest(g.start, o.start))::bigint
FROM beside o JOIN paid g
    ON g.start < o.start + o.coins AND g.start + g.coins > o.start
WHERE o.id = %(order)s ORDER BY g.id DESC
"""


@dataclass(frozen=True)
class Share:
    """The part of a gift that an order's coins paid, in coins and in its diamonds."""

    gift: SentGift
    coins: int

    @property
    def diamonds(self) -> int:
        """The share's diamonds: each coin of a gift brings the same whole number."""
        return self.coins * (self.gift.diamonds // self.gift.coins)


def disputed_shares(cause: Cause) -> list[Share]:
    """Return what of which gifts goes back, with the gifts locked, in order of their ids.

    Of an order that goes back in part the newest gifts count, less what another dispute or refund
    of the same order is about.
    """
    window = paid_gifts(cause.purchase)
    rows = SentGift.objects.counted().select_for_update(of=("self",)).order_by("pk")
    gifts = {gift.pk: gift for gift in rows.filter(pk__in=window)}
    taken = taken_before(cause.purchase)
    left = cause.coins
    found = []
    for pk, coins in window.items():
        share = min(coins - taken.get(pk, 0), left)
        if share > 0 and pk in gifts:
            found.append(Share(gifts[pk], share))
            left -= share
    return sorted(found, key=lambda share: share.gift.pk)


def taken_before(purchase: Purchase) -> dict[int, int]:
    """Return by gift how many coins of an order are frozen or were taken back already."""
    same = Q(clawback__dispute__purchase=purchase) | Q(clawback__refund__purchase=purchase)
    parts = ClawbackGift.objects.filter(same).exclude(clawback__state="returned")
    return dict(parts.values_list("gift").annotate(Sum("coins")))


def paid_gifts(purchase: Purchase) -> dict[int, int]:
    """Return how many coins of an order each gift has, by its id, the newest first."""
    facts = {"fan": purchase.user_id, "order": purchase.pk}
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, facts)
        return {int(pk): int(coins) for pk, coins in cursor.fetchall()}
