"""A creator's figures: available, on its way, paid this year."""

from dataclasses import dataclass

from django.utils import timezone

import ledger
from accounts.models import User
from foundation.money import Money, money
from ledger.chart import DIAMOND
from payouts import pause
from payouts.methods.bank_accounts import method_of
from payouts.methods.fitness import holder_at_bank, unfit
from payouts.models import Payout, PayoutEvent, PayoutMethod
from payouts.reading import ReadPayout, read
from payouts.requests import quotes
from wallet.prices.diamonds import CreatorsMoney, Quote, Rate, available_diamonds


@dataclass(frozen=True)
class Summary:
    """The figures of one creator, in their currency."""

    available: Quote
    rate: Rate
    most: int
    smallest: int
    owed: int  # diamonds that a lost dispute left owing, taken off the next payout
    under_way: Money
    paid_this_year: Money
    method: PayoutMethod | None
    paused: bool
    next_payout: ReadPayout | None
    came_back: list[ReadPayout]

    @property
    def unfit(self) -> str:
        """Why no money can go to the bank account, as a sentence; empty if it can."""
        return unfit(self.method) if self.method else ""

    @property
    def at_bank(self) -> str:
        """The holder's name as the bank gets it, where that is another."""
        written = holder_at_bank(self.method.holder) if self.method else ""
        return written if self.method and written != self.method.holder else ""

    @property
    def may_request(self) -> bool:
        """Whether a request made now could be taken."""
        ready = self.method is not None and not self.method.locked and not self.method.frozen
        return ready and not self.unfit and not self.paused and self.most >= self.smallest


def summary(creator: User) -> Summary:
    """Return the figures of a creator's payouts, in the creator's currency."""
    reader = CreatorsMoney(creator)
    mine = Payout.objects.filter(creator=creator).select_related(
        "method", "rate_card", "pays_again__rate_card"
    )
    available = reader.worth(available_diamonds(creator))
    # A payout that came back and was paid after all was settled twice, and counts once.
    this_year = PayoutEvent.objects.filter(
        state=Payout.State.SETTLED, created_at__year=timezone.now().year
    )
    settled = mine.filter(state=Payout.State.SETTLED, pk__in=this_year.values("payout"))
    returned = mine.filter(state=Payout.State.RETURNED)
    under_way = [read(payout, reader) for payout in mine.under_way().order_by("created_at")]
    return Summary(
        available=available,
        rate=reader.rate,
        most=quotes.most_today(creator, available.card),
        smallest=quotes.smallest_payout(available.card),
        owed=ledger.balance("diamonds_owed", DIAMOND, creator.pk),
        under_way=_sum(under_way, reader),
        paid_this_year=_sum([read(payout, reader) for payout in settled], reader),
        method=method_of(creator),
        paused=pause.paused(),
        next_payout=under_way[0] if under_way else None,
        came_back=[read(payout, reader) for payout in returned if payout.can_pay_again],
    )


def _sum(payouts: list[ReadPayout], reader: CreatorsMoney) -> Money:
    """Return the sum of what is shown."""
    return sum((payout.amount for payout in payouts), money(0, reader.currency))
