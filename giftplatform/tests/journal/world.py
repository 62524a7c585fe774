"""The world as people would describe it, in plain Python: what each bought, sent and was paid.

It knows nothing of accounts while things happen. `balances()` says at any moment what every account
of the ledger must hold, counted from the facts alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID

Account = tuple[str, str, int | None]
Balances = dict[Account, int]
Entries = Iterator[tuple[Account, int]]

DAY = 24 * 60 * 60


@dataclass(eq=False)
class Fan:
    """A fan: a person with coins."""

    user: Any
    orders: list["Order"] = field(default_factory=list)
    gifts: list["Gift"] = field(default_factory=list)
    granted: int = 0

    @property
    def bonus(self) -> int:
        """Bonus coins left."""
        return self.granted - sum(g.bonus for g in self.gifts if not g.undone)

    @property
    def bought(self) -> int:
        """Coins that were ever paid for."""
        return sum(order.coins for order in self.orders if order.credited)

    @property
    def coins(self) -> int:
        """Bought coins left."""
        return self.bought - sum(g.coins - g.bonus for g in self.gifts if not g.undone)


@dataclass(eq=False)
class Order:
    """Coins that were asked for; `paid` is what the provider holds, `credited` what the fan got."""

    row: Any
    fan: Fan
    key: UUID
    method: str
    reference: str = ""
    at_provider: str = ""
    tampered: bool = False
    credited: datetime | None = None
    recognised: int = 0

    @property
    def coins(self) -> int:
        """Coins in the order."""
        return int(self.row.coins)

    @property
    def owed_coins(self) -> bool:
        """Whether an inspection must bring the coins now."""
        return self.at_provider == "succeeded" and not self.tampered and not self.credited


@dataclass(eq=False)
class Gift:
    """A gift on its way to a creator."""

    key: UUID
    fan: Fan
    creator: "Creator"
    slug: str
    quantity: int
    second: int | None  # of a replay
    host: "Creator | None"  # in whose room a guest got it
    coins: int
    bonus: int
    sent_at: int
    release_at: int
    undo_until: int
    undone: bool = False
    released: bool = False

    def due(self, now: int) -> bool:
        """Whether its diamonds have served their hold."""
        return not self.undone and not self.released and self.release_at <= now


@dataclass(eq=False)
class Payout:
    """Money on its way to a creator. `again` pays what an earlier one brought back."""

    row: Any
    creator: "Creator"
    key: UUID
    diamonds: int
    amount: int
    state: str = "requested"
    at: int = 0
    again: "Payout | None" = None
    batch: "Batch | None" = None
    details: int = 0

    @property
    def stale(self) -> bool:
        """Whether it would go to bank details that do not work or were replaced."""
        return self.creator.locked or self.details != self.creator.details


@dataclass(eq=False)
class Batch:
    """Payouts that leave together."""

    row: Any
    built_by: Any
    payouts: list[Payout]
    state: str = "built"
    statements: list[bytes] = field(default_factory=list)


@dataclass(eq=False)
class Creator:
    """A creator: a person who streams."""

    user: Any
    stream: Any
    past: Any  # a stream that is over and takes gifts on its replay
    hold_days: int
    gifts: list[Gift] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    # Which bank details are in use, counted, and whether the bank sent money back from there.
    details: int = 0
    locked: bool = False

    def enter_details(self) -> None:
        """Replace the bank details; what has not left yet follows."""
        for payout in self.payouts:
            if payout.state in {"requested", "ready"} and payout.details == self.details:
                payout.details += 1
        self.details += 1
        self.locked = False

    @property
    def held(self) -> int:
        """Diamonds that wait for their day."""
        return sum(g.coins for g in self.gifts if not g.undone and not g.released)

    @property
    def available(self) -> int:
        """Diamonds that can be taken out."""
        released = sum(g.coins for g in self.gifts if g.released)
        return released - sum(p.diamonds for p in self.payouts if p.state != "cancelled")

    @property
    def cash(self) -> int:
        """Cents that are the creator's and have not left: converted or brought back by the bank."""
        made = sum(p.amount for p in self.payouts if p.diamonds and p.state != "cancelled")
        return made - sum(p.amount for p in self.payouts if p.state in {"sent", "settled"})


@dataclass
class World:
    """Everybody and everything, and a clock in seconds."""

    fans: list[Fan]
    creators: list[Creator]
    now: int = 0
    batches: list[Batch] = field(default_factory=list)

    @property
    def orders(self) -> list[Order]:
        """Every order, oldest first."""
        return [order for fan in self.fans for order in fan.orders]

    @property
    def gifts(self) -> list[Gift]:
        """Every gift that was sent."""
        return [gift for fan in self.fans for gift in fan.gifts]

    @property
    def payouts(self) -> list[Payout]:
        """Every payout that was asked for."""
        return [payout for creator in self.creators for payout in creator.payouts]

    def recognise(self) -> None:
        """Book as revenue what was spent, the oldest coins first."""
        for fan in self.fans:
            spent = fan.bought - fan.coins
            credited = [order for order in fan.orders if order.credited]
            for order in sorted(credited, key=lambda o: (o.credited, o.row.pk)):
                used = min(order.coins, spent)
                spent -= used
                order.recognised = order.row.net_minor * used // order.coins

    def balances(self) -> Balances:
        """Return what every account must hold, on the credit side; zeros are left out."""
        found: Counter[Account] = Counter()
        for part in (self._people(), self._sent(), self._paid_in(), self._paid_out()):
            for account, amount in part:
                found[account] += amount
        return {account: amount for account, amount in found.items() if amount}

    def _people(self) -> Entries:
        for fan in self.fans:
            yield ("coins", "COIN", fan.user.pk), fan.coins
            yield ("bonus_coins", "COIN", fan.user.pk), fan.bonus
        for creator in self.creators:
            yield ("diamonds_held", "DIAMOND", creator.user.pk), creator.held
            yield ("diamonds", "DIAMOND", creator.user.pk), creator.available
            yield ("cash", "EUR", creator.user.pk), creator.cash

    def _sent(self) -> Entries:
        for fan in self.fans:
            yield ("coins_issued", "COIN", None), -fan.bought
            yield ("bonus_issued", "COIN", None), -fan.granted
        for gift in self.gifts:
            if not gift.undone:
                yield ("coins_spent", "COIN", None), gift.coins
                yield ("diamonds_issued", "DIAMOND", None), -gift.coins

    def _paid_in(self) -> Entries:
        for order in self.orders:
            if order.credited:
                row = order.row
                yield ("clearing:sandbox", row.currency, None), -row.total_minor
                yield (f"tax:{row.country_id}", row.currency, None), row.tax_minor
                yield ("unearned", row.currency, None), row.net_minor - order.recognised
                yield ("gift_revenue", row.currency, None), order.recognised

    def _paid_out(self) -> Entries:
        for payout in self.payouts:
            if payout.state != "cancelled" and payout.diamonds:
                yield ("diamonds_converted", "DIAMOND", None), payout.diamonds
                yield ("creator_cost", "EUR", None), -payout.amount
            if payout.state == "sent":
                yield ("payout_in_transit:bank_file", "EUR", None), payout.amount
            if payout.state == "settled":
                yield ("bank", "EUR", None), payout.amount


def worth_in_cents(diamonds: int) -> int:
    """Return what diamonds pay in euro cents: 0.0075 dollars each, 0.909 euro a dollar."""
    exact = diamonds * Decimal("0.0075") * Decimal("0.909") * 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
