"""Which promotion holds for an order of a fan: the one that gives most, and only one."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from accounts.models import Country, User
from wallet.models import Promotion, Purchase, PurchaseBonus
from wallet.prices.quotes import Quote

COUNTED = {*Purchase.OPEN, Purchase.State.REVIEW}


@dataclass(frozen=True)
class BonusOffer:
    """Bonus coins that would come with an order."""

    promotion: Promotion
    coins: int

    @property
    def days(self) -> int:
        """For how many days they can be spent."""
        return self.promotion.bonus_days


@dataclass(frozen=True)
class Held:
    """A promotion with what of it was promised: to everybody, and to this fan."""

    promotion: Promotion
    to_all: int
    to_fan: int

    def bonus_of(self, offer: Quote) -> int:
        """Return the bonus coins for an order; none where the promotion is for another one."""
        promotion = self.promotion
        if promotion.bundle_id and promotion.bundle_id != (offer.bundle and offer.bundle.pk):
            return 0
        coins = promotion.bonus_of(offer.coins)
        fits = (
            self.to_all + coins <= promotion.budget_coins
            and self.to_fan + coins <= promotion.per_fan_coins
        )
        return coins if fits else 0


@dataclass(frozen=True)
class Promotions:
    """The promotions that hold for one fan, or for a visitor, in one country now."""

    held: tuple[Held, ...]

    @classmethod
    def now(cls, user: User | None, country: Country) -> "Promotions":
        """Return those in force. A visitor is offered what somebody new is."""
        running = Promotion.objects.running_in(country.region_id)
        if user is not None and any(one.first_purchase for one in running) and bought(user):
            running = [one for one in running if not one.first_purchase]
        return cls(tuple(_held(one, user) for one in running))

    def best(self, offer: Quote) -> BonusOffer | None:
        """Return the bonus of an order: the largest one; of equal ones the older promotion's."""
        found = [
            BonusOffer(held.promotion, coins)
            for held in self.held
            if (coins := held.bonus_of(offer))
        ]
        return max(found, key=lambda one: one.coins, default=None)


def bought(user: User) -> bool:
    """Return whether a fan bought coins before, or has such a bonus promised with an open order."""
    if user.purchases.filter(state=Purchase.State.PAID).exists():
        return True
    return promised().filter(user=user, first_purchase=True).exists()


def promised() -> QuerySet[PurchaseBonus]:
    """Return the promises that were kept, and those of orders that may still be paid."""
    waits = Q(lapsed_at=None, purchase__state__in=COUNTED)
    return PurchaseBonus.objects.filter(Q(granted_at__isnull=False) | waits)


def _held(promotion: Promotion, user: User | None) -> Held:
    mine = promised().filter(promotion=promotion)
    to_fan = _sum(mine.filter(user=user)) if user is not None else 0
    return Held(promotion, _sum(mine), to_fan)


def _sum(promises: QuerySet[PurchaseBonus]) -> int:
    return int(promises.aggregate(Sum("coins"))["coins__sum"] or 0)
