"""The statement: each gift with what the fan paid and where every part of it went.

A creator reads one currency, theirs; the fan's own amount is a detail.
A gift without a name shows no price of its fan: see `Line.price`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.money import Money, fine
from foundation.sheets import Cell
from gifts.earnings.sums import daily
from gifts.models import SentGift, SentGiftQuerySet
from gifts.naming import sender_names
from live.models import Hidden
from live.moderation.hiding import hidden_gifts
from wallet.prices.diamonds import CreatorsMoney

AT_ONCE = 500  # gifts whose senders' names are asked for together


@dataclass(frozen=True)
class Line:
    """One gift in its creator's currency, at the rate of its moment.

    The creator's part is reckoned first and the platform's is what is left: the price is the sum of
    tax, platform and creator, to the last digit shown.
    """

    sent: SentGift
    reader: CreatorsMoney
    name: str  # the sender's; empty for one without a name
    hidden: frozenset[UUID] = frozenset()  # gifts whose message a moderator or the creator hid

    @property
    def sender(self) -> str:
        """The sender's name, or that they are anonymous."""
        return self.name or _("Anonymous")

    @property
    def message(self) -> str:
        """The message, unless it was hidden."""
        return "" if self.sent.public_id in self.hidden else self.sent.message

    @property
    def coins(self) -> int:
        """The coins it cost; none once it was undone."""
        return 0 if self.sent.undone_at else self.sent.coins

    @property
    def diamonds(self) -> int:
        """The diamonds it earned; none once it was undone, and none that a dispute withholds."""
        return 0 if self.sent.undone_at else self.sent.creator_diamonds

    @cached_property
    def net(self) -> Money:
        """The creator's share, at the rate card it was sent under."""
        earned = self.reader.earned(self.diamonds, self.sent.rate_card, self.sent.created_at)
        return self.reader.money(earned)

    @cached_property
    def price(self) -> Money:
        """The price of its coins to the fan, tax included; bonus coins cost nothing.

        Of an anonymous gift it is what its coins are worth on the whole site, before tax. The
        fan's own price, their currency and tax differ from fan to fan, and would say who it is.
        """
        paid = self._in_ours(self.fan_price)
        if paid is None:
            paid = self.reader.coins(self.coins, self.sent.rate_card, self.sent.created_at)
        return self.reader.money(paid)

    @cached_property
    def tax(self) -> Money | None:
        """The tax in that price; nothing for an anonymous gift."""
        tax = self._in_ours(self.fan_tax)
        return None if tax is None else self.reader.money(tax)

    @property
    def platform(self) -> Money:
        """The payment fee and the platform's part: what is left of the price.

        Negative for bonus coins, which the platform pays for.
        """
        before_tax = self.price if self.tax is None else self.price - self.tax
        return before_tax - self.net

    @property
    def fan_price(self) -> Money | None:
        """The price as the fan paid it, in the fan's currency; nothing for an anonymous gift."""
        return self._theirs(self.sent.fan_price_fine)

    @property
    def fan_tax(self) -> Money | None:
        """The tax in it."""
        return self._theirs(self.sent.fan_tax_fine)

    @property
    def is_exchanged(self) -> bool:
        """Whether the fan paid in another currency than the creator reads."""
        return not self.sent.anonymous and self.sent.fan_currency != self.reader.currency

    def _theirs(self, hundredths: int) -> Money | None:
        if self.sent.anonymous:
            return None
        return fine(0 if self.sent.undone_at else hundredths, self.sent.fan_currency)

    def _in_ours(self, amount: Money | None) -> int | None:
        return None if amount is None else self.reader.paid(amount, self.sent.created_at)

    @property
    def state(self) -> str:
        """The state of its diamonds: undone, frozen, taken, held or released."""
        if self.sent.undone_at:
            return "undone"
        if self.sent.frozen:
            return "frozen"
        if not self.sent.creator_diamonds:
            return "taken"
        return "released" if self.sent.released_at else "held"

    @property
    def state_name(self) -> str:
        """The same in words."""
        names = {
            "undone": _("taken back"),
            "frozen": _("frozen, payment contested"),
            "taken": _("gone, payment taken back"),
            "held": _("on hold"),
            "released": _("released"),
        }
        return names[self.state]


def received(creator: User) -> SentGiftQuerySet:
    """Return a creator's gifts, newest first, with what a line shows."""
    gifts = SentGift.objects.filter(creator=creator).order_by("-created_at", "-pk")
    return gifts.select_related("fan", "gift", "rate_card", "stream__creator")


def lines(
    gifts: Iterable[SentGift], reader: CreatorsMoney, hidden: frozenset[UUID] = frozenset()
) -> Iterator[Line]:
    """Yield a line for each gift of one creator, without the messages of `hidden` gifts."""
    rest = iter(gifts)
    while some := list(islice(rest, AT_ONCE)):
        names = sender_names(some, creator_id=some[0].creator_id)
        for sent in some:
            yield Line(sent, reader, names[sent.pk], hidden)


@dataclass(frozen=True)
class Foot:
    """What the columns of a page of the statement add up to."""

    coins: int
    price: Money
    tax: Money
    platform: Money
    net: Money


def foot_of(page: Sequence[Line], reader: CreatorsMoney) -> Foot:
    """Return the sums of what these lines show."""
    nothing = reader.money(0)
    return Foot(
        sum(line.coins for line in page),
        sum((line.price for line in page), nothing),
        sum((line.tax for line in page if line.tax is not None), nothing),
        sum((line.platform for line in page), nothing),
        sum((line.net for line in page), nothing),
    )


def page_of(
    creator: User, reader: CreatorsMoney, *, before: int | None, size: int = 50
) -> tuple[list[Line], int | None]:
    """Return a page of lines older than a gift's id, and the id that the next one begins before."""
    gifts = received(creator)
    if before is not None:
        last = SentGift.objects.filter(creator=creator, pk=before).first()
        gifts = beneath(last, gifts) if last else gifts.none()
    found = list(gifts[: size + 1])
    following = found[size - 1].pk if len(found) > size else None
    return list(lines(found[:size], reader)), following


def beneath(last: SentGift, gifts: SentGiftQuerySet) -> SentGiftQuerySet:
    """Return the gifts older than one; of those of the same moment, the ones with smaller ids."""
    older = Q(created_at__lt=last.created_at) | Q(pk__lt=last.pk)
    return gifts.filter(older, created_at__lte=last.created_at)


def exact(amount: Money | None) -> Decimal | str:
    """Return an amount without its currency and without trailing zeros; nothing for no amount."""
    return "" if amount is None else amount.amount.normalize()


def csv_rows(creator: User) -> Iterator[list[Cell]]:
    """Yield the whole statement, a row per gift, oldest last.

    All in the creator's currency; what the fan paid in theirs stands behind it.
    """
    yield [
        "time_utc", "gift", "quantity", "from", "coins", "diamonds", "currency",
        "fan_paid", "tax", "our_share_and_fee", "you_get", "fan_currency",
        "fan_paid_in_fan_currency", "tax_in_fan_currency", "diamonds_are", "released_or_due_utc",
        "message", "gift_number", "stream", "of", "replay_moment_utc",
    ]  # fmt: skip
    reader = CreatorsMoney(creator)
    rooms = Q(stream__creator=creator) | Q(stream__guests__user=creator)
    hidden = hidden_gifts(Hidden.objects.filter(rooms))
    for line in lines(received(creator).iterator(chunk_size=AT_ONCE), reader, hidden):
        sent = line.sent
        yield [
            f"{sent.created_at:%Y-%m-%dT%H:%M:%SZ}",
            sent.gift.name,
            sent.quantity,
            line.sender,
            line.coins,
            line.diamonds,
            reader.currency,
            exact(line.price),
            exact(line.tax),
            exact(line.platform),
            exact(line.net),
            "" if sent.anonymous else sent.fan_currency,
            exact(line.fan_price),
            exact(line.fan_tax),
            line.state_name,
            f"{sent.released_at or sent.release_at:%Y-%m-%dT%H:%M:%SZ}",
            line.message,
            str(sent.public_id),
            sent.stream.title,
            sent.stream.creator.handle,
            f"{sent.moment:%Y-%m-%dT%H:%M:%SZ}" if sent.moment else "",
        ]


def daily_rows(creator: User, days: int = 366) -> Iterator[list[Cell]]:
    """Yield a row per day of the last year."""
    yield ["day_utc", "gifts", "coins", "diamonds", "currency", "you_get"]
    reader = CreatorsMoney(creator)
    for day in daily(creator, reader, days):
        sums = day.sums
        earned = exact(sums.earned)
        yield [
            day.day.isoformat(), sums.gifts, sums.coins, sums.diamonds, reader.currency, earned
        ]  # fmt: skip
