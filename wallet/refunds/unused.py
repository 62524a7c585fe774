"""Which coins of which order are unused: derived, oldest spent first. No row says it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from foundation.money import Money, money
from wallet.models import Purchase, Refund, SpendingPolicy
from wallet.refunds.amounts import Shares, Worth
from wallet.refunds.refusals import FewerSpent

# A fan's coins cover their newest orders first: what of them an order has left is what the orders
# after it leave over.
UNUSED = """
SELECT least(
    o.coins - o.held_coins - o.returned_coins,
    greatest(0, coalesce((
        SELECT balance FROM ledger_account
        WHERE owner_id = o.user_id AND kind = 'coins' AND unit = 'COIN'), 0)
    - coalesce((
        SELECT sum(n.coins - n.held_coins - n.returned_coins) FROM wallet_purchase n
        WHERE n.user_id = o.user_id AND n.state = 'paid'
            AND (n.captured_at, n.id) > (o.captured_at, o.id)), 0))
)::bigint FROM wallet_purchase o WHERE o.id = %s AND o.state = 'paid'
"""


# Refunds whose gifts are gone, or about to be.
STILL_COUNTS = {*Refund.UNDER_WAY, Refund.State.DONE}


@dataclass(frozen=True)
class Returnable:
    """What of an order its fan can return by themselves, until when, and what not and why."""

    purchase: Purchase
    unused: int
    until: datetime

    @property
    def runs(self) -> bool:
        """Whether the withdrawal period still runs."""
        return timezone.now() <= self.until

    @property
    def open(self) -> bool:
        """Whether the fan can return coins by themselves: not those of a prepaid card."""
        return self.runs and not self.purchase.is_prepaid

    @property
    def by_staff(self) -> int:
        """The unused coins of a prepaid card that staff return if the fan asks in time."""
        return self.unused if self.runs and self.purchase.is_prepaid else 0

    @property
    def coins(self) -> int:
        """The coins that can go back now."""
        return self.unused if self.open else 0

    @property
    def gone(self) -> int:
        """The coins that go back already, or did."""
        return self.purchase.held_coins + self.purchase.returned_coins

    @property
    def spent(self) -> int:
        """The coins that gifts used up."""
        return self.purchase.coins - self.gone - self.unused

    @property
    def money(self) -> Money:
        """The money that would go back for all of them, tax included."""
        total = Shares(self.purchase).of(self.coins).total_minor
        return money(total, self.purchase.currency)


def returnable(purchase: Purchase) -> Returnable:
    """Return what of a paid order its fan can return by themselves."""
    paid = purchase.captured_at or timezone.now()
    days = timedelta(days=SpendingPolicy.current().withdrawal_days)
    return Returnable(purchase, unused_coins(purchase), paid + days)


@dataclass(frozen=True)
class TakenBack:
    """What goes back of an order that a child bought: unused coins, and the money of spent ones."""

    unused: Worth
    gift_coins: int
    loss_minor: int

    @property
    def total_minor(self) -> int:
        """What goes back, tax included, in minor units."""
        return self.unused.total_minor + self.loss_minor


def taken_back(purchase: Purchase, gift_coins: int) -> TakenBack:
    """Return what all unused coins of a paid order and so many spent ones are worth. Raises
    `FewerSpent`.
    """
    shares, unused = Shares(purchase), unused_coins(purchase)
    spent = purchase.coins - purchase.held_coins - purchase.returned_coins - unused
    spent -= sum(r.gift_coins for r in purchase.refunds.all() if r.state in STILL_COUNTS)
    if not 0 <= gift_coins <= spent:
        raise FewerSpent(coins=spent)
    own = shares.of(unused) if unused else Worth(0, 0, 0)
    both = shares.of(unused + gift_coins).total_minor if gift_coins else own.total_minor
    return TakenBack(own, gift_coins, min(both, shares.left_minor) - own.total_minor)


def unused_coins(purchase: Purchase) -> int:
    """Return an order's unused coins.

    They stay unused for as long as the caller's transaction holds `lock_coins`.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNUSED, [purchase.pk])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
