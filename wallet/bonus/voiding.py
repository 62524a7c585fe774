"""The bonus of an order whose coins are on hold or went back: it is void, pro rata.

What is void is the order's share of coins that are not the fan's any more, rounded down, and never
more than is unspent. When the coins come back, so does their bonus.
"""

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from wallet.bonus.lots import Kind, unspent_of, write
from wallet.coins.locks import lock_coins
from wallet.models import BonusLot, Purchase


def follow_order(purchase_id: int) -> None:
    """Make the bonus of an order follow the order's coins. Runs in the caller's transaction."""
    lot = BonusLot.objects.filter(purchase=purchase_id).first()
    if lot is None:
        return
    lock_coins(lot.user_id)
    lot.refresh_from_db()
    wanted = void_share(lot, Purchase.objects.get(pk=purchase_id))
    if wanted > lot.void_coins:
        taken = min(wanted - lot.void_coins, unspent_of(lot))
        if taken:
            write(lot, Kind.VOID, taken)
            _change(lot, taken)
    elif wanted < lot.void_coins:
        back = lot.void_coins - wanted
        write(lot, Kind.RESTORED, back)
        _change(lot, -back)


@dataclass(frozen=True)
class Voided:
    """What of an order's bonus would be void if coins of the order went back."""

    lot: BonusLot
    coins: int


def void_with(purchase: Purchase, coins: int) -> Voided | None:
    """Return what of an order's bonus would be void with so many of its coins; None without one."""
    lot = BonusLot.objects.filter(purchase=purchase).first()
    if lot is None:
        return None
    gone = purchase.held_coins + purchase.returned_coins + coins
    more = max(lot.coins * gone // purchase.coins - lot.void_coins, 0)
    return Voided(lot, min(more, unspent_of(lot)))


def void_share(lot: BonusLot, purchase: Purchase) -> int:
    """Return how many of an order's bonus coins are void, spent ones among them."""
    gone = purchase.held_coins + purchase.returned_coins
    return lot.coins * gone // purchase.coins


def _change(lot: BonusLot, coins: int) -> None:
    changes: dict[str, object] = {"void_coins": F("void_coins") + coins}
    if coins < 0 and lot.expires_at <= timezone.now():
        changes["due_at"] = timezone.now()  # its end came meanwhile
    BonusLot.objects.filter(pk=lot.pk).update(**changes)
