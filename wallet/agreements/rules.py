"""When an agreement asks for an order. What forbids any purchase is asked by the sale itself."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from ledger.chart import COIN
from ledger.models import Account, Transfer
from wallet.models import Purchase, Refund, SpendingPolicy, TopUp

State = Purchase.State
# Orders of an agreement that cost nothing.
NOT_PAID = (State.DECLINED, State.EXPIRED, State.CANCELLED)
SPENDABLE = ("coins", "bonus_coins")
DAY, MONTH = timedelta(days=1), timedelta(days=30)


class NotNow(Exception):
    """Nothing is to be bought: enough coins, an order under way, or what was agreed is used up."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__(until)
        self.until = until


class MoneyAskedBack(DomainError):
    """The fan returned coins: buying them anew would turn the refund into its opposite."""

    code = "top_up_after_refund"
    message = _("You asked for money back, so auto top-up is off. Set up another one if you like.")


def low() -> QuerySet[TopUp]:
    """Return the agreements in force whose fans have fewer coins than agreed."""
    mine = Account.objects.filter(owner=OuterRef("user_id"), unit=COIN, kind__in=SPENDABLE)
    held = mine.order_by().values("owner").annotate(held=Sum("balance")).values("held")
    now = timezone.now()
    return (
        TopUp.objects.filter(state=TopUp.State.ON, user__is_active=True)
        .exclude(rests_until__gt=now)
        .annotate(held=Coalesce(Subquery(held), 0))
        .filter(held__lt=F("below_coins"))
    )


def spent_since(user: User, moment: datetime) -> bool:
    """Return whether a fan sent a gift since a moment."""
    mine = Account.objects.filter(owner=user, unit=COIN, kind__in=SPENDABLE)
    for account in mine:
        gone = Transfer.objects.filter(from_account=account, to_account__kind="coins_spent")
        newest = gone.order_by("-xid").values_list("posting__created_at", flat=True).first()
        if newest is not None and newest > moment:
            return True
    return False


def orders_since(user: User, since: datetime) -> QuerySet[Purchase]:
    """Return the orders that auto top-up placed for a fan since a moment and that cost money."""
    placed = Purchase.objects.filter(user=user, top_up__isnull=False, created_at__gt=since)
    return placed.exclude(state__in=NOT_PAID).order_by("created_at")


def refuse_unless_agreed(top_up: TopUp) -> None:
    """Raise `NotNow` unless the agreement asks for an order at this moment, under the fan's lock.

    Raises `MoneyAskedBack`.
    """
    agreed = TopUp.objects.select_for_update(no_key=True).get(pk=top_up.pk)
    if agreed.state != TopUp.State.ON or agreed.on_at is None:
        raise NotNow
    user = agreed.user
    if Purchase.objects.filter(user=user, top_up__isnull=False, state__in=Purchase.OPEN).exists():
        raise NotNow
    if not low().filter(pk=agreed.pk).exists() or not spent_since(user, agreed.on_at):
        raise NotNow
    if Refund.objects.filter(purchase__user=user, created_at__gt=agreed.on_at).exists():
        raise MoneyAskedBack
    _refuse_beyond(agreed)


def _refuse_beyond(agreed: TopUp) -> None:
    """Raise `NotNow`, with the moment when that changes, beyond what was agreed for a time."""
    now, most = timezone.now(), SpendingPolicy.current().top_ups_a_day
    today = list(orders_since(agreed.user, now - DAY).values_list("created_at", flat=True))
    if len(today) >= most:
        raise NotNow(today[len(today) - most] + DAY if most else now + DAY)
    left = left_minor(agreed)
    for order in orders_since(agreed.user, now - MONTH).filter(currency=agreed.currency):
        if left >= agreed.total_minor:
            return
        left += order.total_minor
        until = order.created_at + MONTH
        if left >= agreed.total_minor:
            raise NotNow(until)


def left_minor(agreed: TopUp) -> int:
    """Return what of the agreed money is left in these 30 days, in minor units."""
    month = orders_since(agreed.user, timezone.now() - MONTH).filter(currency=agreed.currency)
    return agreed.month_minor - int(month.aggregate(Sum("total_minor"))["total_minor__sum"] or 0)
