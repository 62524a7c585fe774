"""A creator's figures: available, on its way, paid this year."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from foundation.money import money
from payouts import pause
from payouts.methods.bank_accounts import method_of
from payouts.models import Payout, PayoutMethod
from payouts.requests import quotes


@dataclass(frozen=True)
class Summary:
    """The figures of one creator in one currency."""

    available: quotes.Quote
    most: int
    smallest: int
    under_way: Money
    paid_this_year: Money
    method: PayoutMethod | None
    paused: bool
    next_payout: Payout | None
    came_back: list[Payout]

    @property
    def may_request(self) -> bool:
        """Whether a request made now could be taken."""
        ready = self.method is not None and not self.method.locked and not self.method.frozen
        return ready and not self.paused and self.most >= self.smallest


def summary(creator: User, currency: str = "EUR") -> Summary:
    """Return the figures of a creator's payouts."""
    mine = Payout.objects.filter(creator=creator, currency=currency)
    available = quotes.quote(diamonds=quotes.available_diamonds(creator), currency=currency)
    settled = mine.filter(
        state=Payout.State.SETTLED,
        events__state=Payout.State.SETTLED,
        events__created_at__year=timezone.now().year,
    )
    returned = mine.filter(state=Payout.State.RETURNED)
    under_way = mine.under_way().select_related("method", "rate_card").order_by("created_at")
    return Summary(
        available=available,
        most=quotes.most_today(creator, available.card),
        smallest=quotes.smallest_payout(available.card),
        under_way=_sum(mine.under_way(), currency),
        paid_this_year=_sum(settled, currency),
        method=method_of(creator),
        paused=pause.paused(),
        next_payout=under_way.first(),
        came_back=[payout for payout in returned if payout.can_pay_again],
    )


def _sum(payouts: QuerySet[Payout], currency: str) -> Money:
    return money(payouts.aggregate(sum=Sum("amount_minor"))["sum"] or 0, currency)
