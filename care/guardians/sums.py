"""What of an account's orders can go back: per order its unused coins and its gifts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from foundation.money import Money, money
from gifts.clawback.window import paid_gifts, taken_before
from gifts.models import SentGift
from wallet.models import Purchase
from wallet.refunds.unused import TakenBack, taken_back, unused_coins


@dataclass(frozen=True)
class OrderSums:
    """One paid order: what is unused, and what gifts it paid for, recent ones and all."""

    purchase: Purchase
    unused: int
    recent_coins: int
    gift_coins: int
    held_coins: int  # of all these gifts, those whose diamonds are still on hold

    @property
    def released_coins(self) -> int:
        """The coins of gifts whose diamonds were released."""
        return self.gift_coins - self.held_coins

    @property
    def older_coins(self) -> int:
        """The coins of gifts that are not recent."""
        return self.gift_coins - self.recent_coins

    def gift_coins_of(self, choice: str) -> int:
        """Return how many spent coins a choice takes back: none, the recent gifts', all gifts'."""
        return {"recent": self.recent_coins, "all": self.gift_coins}.get(choice, 0)

    def worth(self, choice: str) -> Money:
        """Return what goes back by a choice, tax included."""
        total = self._taken(choice).total_minor if choice else 0
        return money(total, self.purchase.currency)

    def _taken(self, choice: str) -> TakenBack:
        return taken_back(self.purchase, self.gift_coins_of(choice))

    @property
    def choices(self) -> list[tuple[str, Money]]:
        """What staff can choose for it, each with its money, without those that are alike."""
        names = [name for name in ("unused", "recent", "all") if self._differs(name)]
        return [(name, self.worth(name)) for name in names]

    def _differs(self, choice: str) -> bool:
        if choice == "unused":
            return self.unused > 0
        if choice == "recent":
            return self.recent_coins > 0
        return self.gift_coins > self.recent_coins


def recent_since() -> datetime:
    """Return from when on a gift counts as recent."""
    return timezone.now() - timedelta(days=settings.GUARDIAN_GIFT_DAYS)


def sums_of(user: User) -> list[OrderSums]:
    """Return the sums of each of an account's paid orders, the newest first."""
    orders = user.purchases.filter(state=Purchase.State.PAID).order_by("-captured_at", "-pk")
    return [of_order(order) for order in orders.select_related("user", "country")]


def of_order(purchase: Purchase) -> OrderSums:
    """Return one order's sums. They hold for as long as the caller keeps the fan's coins."""
    window, taken = paid_gifts(purchase), taken_before(purchase)
    left = {pk: coins - taken.get(pk, 0) for pk, coins in window.items()}
    left = {pk: coins for pk, coins in left.items() if coins > 0}
    gifts = SentGift.objects.counted().filter(pk__in=left)
    recent = set(gifts.filter(created_at__gte=recent_since()).values_list("pk", flat=True))
    held = set(gifts.filter(released_at=None).values_list("pk", flat=True))
    known = set(gifts.values_list("pk", flat=True))
    return OrderSums(
        purchase,
        unused=unused_coins(purchase),
        recent_coins=sum(left[pk] for pk in recent),
        gift_coins=sum(left[pk] for pk in known),
        held_coins=sum(left[pk] for pk in held),
    )
