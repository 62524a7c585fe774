"""The statement: each gift with what the fan paid and where every part of it went.

A gift without a name shows no price of its fan: see `Line.price`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.models import User
from foundation.money import MICRO, money
from foundation.sheets import Cell
from gifts.earnings.sums import daily, payout_of
from gifts.models import SentGift, SentGiftQuerySet
from live.models import Hidden
from live.moderation.hiding import hidden_gifts
from wallet.models import FxRate


class Exchange:
    """Exchange rates as they were at any moment; read once per currency."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[list[datetime], list[Decimal]]] = {}
        self.homes: dict[int, str] = {}

    def home(self, person_id: int) -> str:
        """Return the currency of the region in which a person lives."""
        if person_id not in self.homes:
            person = User.objects.select_related("country__region").get(pk=person_id)
            self.homes[person_id] = person.region.currency
        return self.homes[person_id]

    def per_usd(self, currency: str, at: datetime) -> Decimal | None:
        """Return how much of a currency a dollar bought then; nothing when no rate was known."""
        if currency not in self.known:
            rows = FxRate.objects.filter(currency=currency).order_by("valid_from")
            pairs = list(rows.values_list("valid_from", "per_usd"))
            self.known[currency] = ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
        since, rates = self.known[currency]
        place = bisect_right(since, at)
        return rates[place - 1] if place else None


@dataclass(frozen=True)
class Line:
    """One gift. Price less tax, less the creator's part, is the platform's: the four add up."""

    sent: SentGift
    exchange: Exchange
    hidden: frozenset[UUID] = frozenset()  # gifts whose message a moderator or the creator hid

    @property
    def sender(self) -> str:
        """The sender's name, or that they are anonymous."""
        return self.sent.named.name if self.sent.named else _("Anonymous")

    @property
    def message(self) -> str:
        """The message, unless it was hidden."""
        return "" if self.sent.public_id in self.hidden else self.sent.message

    @property
    def diamonds(self) -> int:
        """The diamonds it earned; none once it was undone."""
        return 0 if self.sent.undone_at else self.sent.diamonds

    @cached_property
    def net(self) -> Money:
        """The creator's share, at the rate card it was sent under."""
        return payout_of(self.diamonds, self.sent.rate_card)

    @cached_property
    def price(self) -> Money:
        """The price of its coins to the fan, tax included; bonus coins cost nothing.

        Of an anonymous gift it is what its coins are worth on the whole site, before tax. The
        fan's own price, their currency and tax differ from fan to fan, and would say who it is.
        """
        if self.sent.anonymous:
            return self._worth
        return money(0 if self.sent.undone_at else self.sent.fan_price_minor, self.currency)

    @property
    def tax(self) -> Money | None:
        """The tax in that price; nothing for an anonymous gift."""
        if self.sent.anonymous:
            return None
        return money(0 if self.sent.undone_at else self.sent.fan_tax_minor, self.currency)

    @cached_property
    def currency(self) -> str:
        """The fan's currency; of an anonymous gift the creator's, which says nothing of the fan."""
        if not self.sent.anonymous:
            return self.sent.fan_currency
        home = self.exchange.home(self.sent.creator_id)
        return home if self._per_usd(home) else "USD"

    @cached_property
    def platform(self) -> Money | None:
        """The payment fee and the platform's part, in the currency of the price.

        Negative for bonus coins, which the platform pays for; nothing without an exchange rate.
        """
        per_usd = self._per_usd(self.currency)
        if per_usd is None:
            return None
        net = rounded(self.net.amount * per_usd, self.currency)
        before_tax = self.price - self.tax if self.tax is not None else self.price
        return before_tax - net

    @property
    def _worth(self) -> Money:
        coins = 0 if self.sent.undone_at else self.sent.coins
        usd = Decimal(coins * self.sent.rate_card.coin_value_micro_usd) / MICRO
        return rounded(usd * (self._per_usd(self.currency) or 1), self.currency)

    def _per_usd(self, currency: str) -> Decimal | None:
        return self.exchange.per_usd(currency, self.sent.created_at)

    @property
    def state(self) -> str:
        """The state of its diamonds: undone, held or released."""
        if self.sent.undone_at:
            return "undone"
        return "released" if self.sent.released_at else "held"

    @property
    def state_name(self) -> str:
        """The same in words."""
        names = {"undone": _("taken back"), "held": _("on hold"), "released": _("released")}
        return names[self.state]


def rounded(amount: Decimal, currency: str) -> Money:
    """Return an amount to four decimals, a half rounded to the even neighbour."""
    return Money(amount.quantize(Decimal("0.0001"), ROUND_HALF_EVEN), currency)


def received(creator: User) -> SentGiftQuerySet:
    """Return a creator's gifts, newest first, with what a line shows."""
    gifts = SentGift.objects.filter(creator=creator).order_by("-created_at", "-pk")
    return gifts.select_related("fan", "gift", "rate_card")


def lines(gifts: Iterable[SentGift], hidden: frozenset[UUID] = frozenset()) -> Iterator[Line]:
    """Yield a line for each gift; the messages of `hidden` gifts are left out."""
    exchange = Exchange()
    for sent in gifts:
        yield Line(sent, exchange, hidden)


def page_of(creator: User, *, before: int | None, size: int = 50) -> tuple[list[Line], int | None]:
    """Return a page of lines older than a gift's id, and the id that the next one begins before."""
    gifts = received(creator)
    if before is not None:
        last = SentGift.objects.filter(creator=creator, pk=before).first()
        gifts = beneath(last, gifts) if last else gifts.none()
    found = list(gifts[: size + 1])
    following = found[size - 1].pk if len(found) > size else None
    return list(lines(found[:size])), following


def beneath(last: SentGift, gifts: SentGiftQuerySet) -> SentGiftQuerySet:
    """Return the gifts older than one; of those of the same moment, the ones with smaller ids."""
    older = Q(created_at__lt=last.created_at) | Q(pk__lt=last.pk)
    return gifts.filter(older, created_at__lte=last.created_at)


def exact(amount: Money | None) -> Decimal | str:
    """Return an amount without its currency and without trailing zeros; nothing for no amount."""
    return "" if amount is None else amount.amount.normalize()


def csv_rows(creator: User) -> Iterator[list[Cell]]:
    """Yield the whole statement, a row per gift, oldest last."""
    yield [
        "time_utc", "gift", "quantity", "from", "coins", "diamonds", "fan_currency",
        "fan_paid_in_fan_currency", "tax_in_fan_currency", "our_share_and_fee_in_fan_currency",
        "you_get_usd", "diamonds_are", "released_or_due_utc", "message", "gift_number",
    ]  # fmt: skip
    hidden = hidden_gifts(Hidden.objects.filter(stream__creator=creator))
    for line in lines(received(creator).iterator(chunk_size=500), hidden):
        sent = line.sent
        yield [
            f"{sent.created_at:%Y-%m-%dT%H:%M:%SZ}",
            sent.gift.name,
            sent.quantity,
            line.sender,
            0 if sent.undone_at else sent.coins,
            line.diamonds,
            line.currency,
            exact(line.price),
            exact(line.tax),
            exact(line.platform),
            exact(line.net),
            line.state_name,
            f"{sent.released_at or sent.release_at:%Y-%m-%dT%H:%M:%SZ}",
            line.message,
            str(sent.public_id),
        ]


def daily_rows(creator: User, days: int = 366) -> Iterator[list[Cell]]:
    """Yield a row per day of the last year."""
    yield ["day_utc", "gifts", "coins", "diamonds", "you_get_usd"]
    for day in daily(creator, days):
        sums = day.sums
        yield [day.day.isoformat(), sums.gifts, sums.coins, sums.diamonds, exact(sums.usd)]
