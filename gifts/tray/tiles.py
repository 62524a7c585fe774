"""The tiles of the tray: each gift's coins, the fan's money, and the creator's share."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.pauses import paused_until
from foundation.figures import figure
from foundation.money import Money
from gifts.models import Gift, GiftPolicy
from gifts.sending.eligibility import Eligibility, terms_of
from gifts.sending.refusals import GiftRefused, OverSpendingLimit
from gifts.stage.preview import preview_of
from live.models import Stream
from live.moderation.blocks import is_blocked
from wallet.prices.pricing import PaidRate, default_country, paid_rate, quote_for_coins
from wallet.prices.quotes import Terms

FINE = Decimal("0.0001")
PLACES = {
    Gift.Kind.STICKER: _("One second at the edge of the video. They grow when sent quickly."),
    Gift.Kind.SMALL: _("Two seconds in the lower third."),
    Gift.Kind.MEDIUM: _("Three to four seconds beside the host's name."),
    Gift.Kind.LARGE: _("Five seconds around and across the video."),
    Gift.Kind.FULL: _("The whole window, one at a time. Viewers can skip them."),
}
# Below this, cents would round the truth away: a one-coin gift pays less than a cent.
FINE_BELOW = Decimal("0.10")


@dataclass(frozen=True)
class Tile:
    """One gift as it is offered to one fan."""

    gift: Gift
    coins: int
    price: Money
    creator_gets: Money
    needs_confirmation: bool
    needs_holding: bool
    refusal: GiftRefused | None  # why this fan cannot send it now, and what opens it
    missing: int  # the coins that this fan lacks for it
    message_length: int  # 0: no message

    @property
    def needs_second_yes(self) -> bool:
        """Whether it asks once more after it was held."""
        return self.gift.confirm_twice

    @property
    def locked(self) -> str:
        """Why this fan cannot send it now, in one sentence; or nothing."""
        return self.refusal.detail if self.refusal else ""

    @property
    def over_own_limit(self) -> bool:
        """Whether it is a limit of the fan's own that locks it."""
        return isinstance(self.refusal, OverSpendingLimit)

    @property
    def terms(self) -> list[str]:
        """Its conditions, the same for every fan."""
        return terms_of(self.gift)

    @property
    def plays(self) -> dict[str, Any]:
        """Its payload for a preview."""
        return preview_of(self.gift, self.coins)

    @property
    def seconds(self) -> str:
        """Its duration in seconds, as people write it."""
        return figure(Decimal(self.gift.duration_ms) / 1_000)

    @property
    def costs(self) -> str:
        """The price, as people write it."""
        return fine_money(self.price)

    @property
    def gets(self) -> str:
        """The creator's share, as people write it."""
        return fine_money(self.creator_gets)


@dataclass(frozen=True)
class Shelf:
    """The gifts of one kind."""

    kind: str
    name: str
    tiles: list[Tile]

    @property
    def where(self) -> str:
        """A sentence on the part of the screen that they take."""
        return str(PLACES[Gift.Kind(self.kind)])


def fine_money(amount: Money) -> str:
    """Return an amount as people write it, with as many decimals as a small one needs."""
    if abs(amount.amount) < FINE_BELOW:
        # A price in whole yen or rupiah may still pay a creator a fraction of one.
        return Money(amount.amount.quantize(FINE), amount.currency).in_full
    return str(amount)


def rate_of(fan: User | AnonymousUser) -> PaidRate:
    """Return the rate at which a fan's money became coins; for a visitor the default country's."""
    if isinstance(fan, User):
        return paid_rate(fan)
    offer = quote_for_coins(1_000, default_country())
    return PaidRate(offer.coins, offer.total_minor, offer.currency)


def tiles_for(
    fan: User | AnonymousUser,
    gifts: Iterable[Gift],
    policy: GiftPolicy | None = None,
    *,
    creator: User | None = None,
    balance: int | None = None,
) -> list[Tile]:
    """Return the gifts with their prices for this fan, in the order given.

    With a creator, gifts of their club are locked to fans outside it; with a balance, they say how
    many coins are missing.
    """
    policy = policy or GiftPolicy.current()
    rate = rate_of(fan)
    terms = Terms.now(rate.currency)
    eligibility = Eligibility(fan, creator, policy)
    return [tile_of(gift, rate, terms, policy, eligibility, balance) for gift in gifts]


def tile_of(
    gift: Gift,
    rate: PaidRate,
    terms: Terms,
    policy: GiftPolicy,
    eligibility: Eligibility,
    balance: int | None,
) -> Tile:
    """Return one gift with its prices."""
    coins = gift.price.coins
    own = eligibility.fan.confirm_from_coins if isinstance(eligibility.fan, User) else None
    asks_from = min(policy.confirm_from_coins, own or policy.confirm_from_coins)
    return Tile(
        gift=gift,
        coins=coins,
        price=rate.cost(coins),
        creator_gets=Money(terms.creator_gets(coins), rate.currency),
        needs_confirmation=gift.confirm_twice or coins >= asks_from,
        needs_holding=gift.confirm_twice or coins >= policy.hold_to_send_from_coins,
        refusal=eligibility.refusal(gift),
        missing=0 if balance is None else max(0, coins - balance),
        message_length=gift.message_length if eligibility.takes_messages else 0,
    )


def priced(fan: User | AnonymousUser, coins: int) -> tuple[Money, str]:
    """Return what these coins cost this fan, and what a creator gets for them."""
    rate = rate_of(fan)
    terms = Terms.now(rate.currency)
    return rate.cost(coins), fine_money(Money(terms.creator_gets(coins), rate.currency))


def shelves(tiles: Iterable[Tile]) -> list[Shelf]:
    """Return the tiles by kind, smallest kind first."""
    order = list(Gift.Kind)
    by_kind = sorted(tiles, key=lambda tile: order.index(Gift.Kind(tile.gift.kind)))
    return [
        Shelf(kind, str(Gift.Kind(kind).label), list(group))
        for kind, group in groupby(by_kind, key=lambda tile: tile.gift.kind)
    ]


def why_closed(fan: User | AnonymousUser, stream: Stream) -> str:
    """Return why nothing can be sent here now: ended, soon, own, paused, blocked, off; or
    nothing.
    """
    creator = getattr(stream.creator, "creator", None)
    if not stream.is_on_air and not stream.takes_gifts_on_replay:
        return "ended" if stream.state == Stream.State.ENDED else "soon"
    if fan == stream.creator:
        return "own"
    if isinstance(fan, User) and paused_until(fan):
        return "paused"
    if isinstance(fan, User) and is_blocked(creator_id=stream.creator_id, user_id=fan.pk):
        return "blocked"
    return "" if creator is not None and creator.accepts_gifts else "off"
