"""Payouts as their creator reads them: in the creator's currency, the bank's money beside it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.money import Money
from payouts.models import Payout
from wallet.prices.diamonds import CreatorsMoney, Quote


@dataclass(frozen=True)
class ReadPayout:
    """A payout with its worth to its creator on the day it was requested."""

    payout: Payout
    worth: Quote

    @property
    def amount(self) -> Money:
        """The payout in the creator's currency."""
        return self.payout.amount if self.at_bank is None else self.worth.amount

    @property
    def at_bank(self) -> Money | None:
        """The money that arrives in the bank account, where that is another currency."""
        same = self.payout.currency == self.worth.currency
        return None if same else self.payout.amount

    @property
    def in_words(self) -> str:
        """The amount, with what the bank says of it."""
        if self.at_bank is None:
            return str(self.amount)
        return _("%(amount)s (%(at_bank)s at your bank)") % {
            "amount": self.amount,
            "at_bank": self.at_bank,
        }


def read(payout: Payout, reader: CreatorsMoney | None = None) -> ReadPayout:
    """Return a payout as its creator reads it."""
    reader = reader or CreatorsMoney(payout.creator)
    first = payout  # what is paid again is worth what it was
    while first.pays_again is not None:
        first = first.pays_again
    if payout.currency == reader.currency:
        worth = Quote(first.diamonds, first.rate_card, first.fx_per_usd, first.currency)
    else:
        worth = reader.worth_then(first.diamonds, first.rate_card, first.created_at)
    return ReadPayout(payout, worth)
