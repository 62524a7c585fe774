"""The bonus that an order was promised: written with the order, granted with its payment, once."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reference_data import held
from foundation.errors import DomainError
from wallet.bonus import lots
from wallet.models import Promotion, Purchase, PurchaseBonus
from wallet.prices.quotes import Quote
from wallet.promotions.offers import BonusOffer, Promotions, promised


class BonusChanged(DomainError):
    """The bonus that the fan saw with an order is not what would come with it now."""

    code = "bonus_changed"
    message = _(
        "The bonus with this order is %(coins)s coins now. You were not charged. Check the order "
        "and pay again."
    )
    field = "bonus"


def promise(purchase: Purchase, user: User, offer: Quote, *, expected: int | None) -> None:
    """Write down the bonus that comes with a new order, if one does.

    `expected` is what the fan saw, if that is known. Raises `BonusChanged` where it is less now.
    Runs in the transaction that places the order, under the fan's lock; two fans who want the last
    of a budget queue here.
    """
    best = _offered(user, offer)
    if best is not None:
        _lock(best.promotion.pk)
        with held():  # what staff changed while this waited counts
            best = _offered(user, offer)
    coins = best.coins if best else 0
    if expected is not None and coins < expected:
        raise BonusChanged(coins=coins)
    if best is not None:
        PurchaseBonus.objects.create(
            purchase=purchase,
            promotion=best.promotion,
            user=user,
            coins=best.coins,
            days=best.days,
            first_purchase=best.promotion.first_purchase,
        )


def promised_with(purchases: Iterable[Purchase]) -> set[int]:
    """Return which of these orders a bonus may come with."""
    pks = [purchase.pk for purchase in purchases]
    waiting = PurchaseBonus.objects.filter(purchase__in=pks, granted_at=None, lapsed_at=None)
    return set(waiting.values_list("purchase_id", flat=True)) if pks else set()


def keep(purchases: Sequence[Purchase], *, given_up: Collection[int] = ()) -> None:
    """Grant paid orders the bonus that they were promised, in the transaction that credits them.

    Those that were `given_up` and are paid after all come last, and get it only if there is enough
    left: nobody's promise goes to them.
    """
    by_order = {purchase.pk: purchase for purchase in purchases}
    waiting = PurchaseBonus.objects.filter(purchase__in=by_order, granted_at=None, lapsed_at=None)
    # Promotions are locked in one order, here and elsewhere.
    for bonus in sorted(
        waiting, key=lambda one: (one.promotion_id, one.purchase_id in given_up, one.pk)
    ):
        _grant(bonus, by_order[bonus.purchase_id])


def _grant(bonus: PurchaseBonus, purchase: Purchase) -> None:
    promotion = _lock(bonus.promotion_id)
    same = PurchaseBonus.objects.filter(pk=bonus.pk)
    if _lapses(bonus, promotion):
        same.update(lapsed_at=timezone.now())
        return
    same.update(granted_at=timezone.now())
    Promotion.objects.filter(pk=promotion.pk).update(granted_coins=F("granted_coins") + bonus.coins)
    lots.grant(user=purchase.user, coins=bonus.coins, days=bonus.days, purchase=purchase)


def _offered(user: User, offer: Quote) -> BonusOffer | None:
    return Promotions.now(user, offer.country).best(offer)


def _lapses(bonus: PurchaseBonus, promotion: Promotion) -> bool:
    """Whether the promotion has nothing left for an order: others were promised it meanwhile."""
    others = promised().exclude(pk=bonus.pk)
    if bonus.first_purchase and others.filter(user=bonus.user_id, first_purchase=True).exists():
        return True
    of_all = sum(others.filter(promotion=promotion).values_list("coins", flat=True))
    return of_all + bonus.coins > promotion.budget_coins


def _lock(pk: int) -> Promotion:
    return Promotion.objects.select_for_update(no_key=True).get(pk=pk)
