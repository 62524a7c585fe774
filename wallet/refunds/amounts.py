"""What coins of an order are worth when they go back. Rounded in the fan's favour, once."""

from dataclasses import dataclass

from wallet.models import Dispute, Purchase, Refund


@dataclass(frozen=True)
class Worth:
    """Coins of an order and their share of its price, in minor units."""

    coins: int
    net_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        """The share of the price, tax included."""
        return self.net_minor + self.tax_minor


class Shares:
    """The shares of one order's price, from what of it went back or is about to.

    The share of all coins that are gone is rounded up, net and tax each by itself, and what went
    before is taken off: however an order is split, its parts sum to its price, and with what
    recognition rounded down for spent coins they never pass it.
    """

    def __init__(self, purchase: Purchase, *, without: Dispute | None = None) -> None:
        self.purchase = purchase
        self.coins = purchase.returned_coins
        self.net_minor = purchase.returned_net_minor
        self.tax_minor = purchase.returned_tax_minor
        self.loss_minor = purchase.returned_loss_minor
        for refund in purchase.refunds.all():
            if refund.state in Refund.UNDER_WAY:
                self.coins += refund.coins
                self.net_minor += refund.net_minor
                self.tax_minor += refund.tax_minor
                self.loss_minor += refund.loss_minor
        # What a bank is still deciding about cannot be given back as well.
        for dispute in purchase.disputes.all():
            if dispute.is_open and dispute != without:
                self.loss_minor += dispute.amount_minor - dispute.uncovered_minor

    @property
    def left_minor(self) -> int:
        """What of the order's price can still go back, in minor units."""
        return self.purchase.total_minor - self.net_minor - self.tax_minor - self.loss_minor

    def of(self, coins: int) -> Worth:
        """Return what the next so many coins are worth."""
        return Worth(
            coins,
            self._share(self.purchase.net_minor, coins, self.net_minor),
            self._share(self.purchase.tax_minor, coins, self.tax_minor),
        )

    def within(self, amount_minor: int, most: int) -> Worth:
        """Return the most coins, up to so many, whose worth an amount covers."""
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            if self.of(middle).total_minor <= amount_minor:
                low = middle
            else:
                high = middle - 1
        return self.of(low) if low else Worth(0, 0, 0)

    def _share(self, minor: int, coins: int, gone: int) -> int:
        return max(0, -(-minor * (self.coins + coins) // self.purchase.coins) - gone)
