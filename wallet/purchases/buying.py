"""Buying coins: place the order, take the fan to pay. Nothing is credited here."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ages import require_age
from accounts.models import Country, Terms, User
from accounts.reference_data import held
from accounts.traces import Origin
from foundation.errors import DomainError, WrongState
from foundation.once import reading
from ledger import KeyReused
from wallet.agreements import charging, outcome, rules
from wallet.disputes.refusals import refuse_while_disputed
from wallet.limits.spending import refuse_over_limit
from wallet.models import Bundle, Purchase, PurchaseEvent, TopUp
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.promotions import promises
from wallet.providers import registry
from wallet.providers.base import CannotCharge, Provider, SavesMethods, Started
from wallet.velocity import checking, tracing
from wallet.velocity.refusals import OrderRefused

FIRST_INSPECTION = timedelta(seconds=5)


class CountryUnknown(DomainError):
    """Prices and tax depend on where the fan lives."""

    code = "country_unknown"
    message = _("Add your country in your settings to see prices.")


class TooYoung(DomainError):
    """The fan's country asks for more years."""

    code = "too_young"
    status = 403
    message = _(
        "You must be %(age)s to buy coins in %(country)s. Until then you can watch and chat."
    )


class BundleGone(DomainError):
    """The pack is not on sale in the fan's region."""

    code = "bundle_gone"
    status = 410
    message = _("This pack is no longer on sale. Choose another one.")
    field = "bundle"


class PriceChanged(DomainError):
    """The price that the fan saw is no longer the price."""

    code = "price_changed"
    message = _("The price has changed to %(price)s. You were not charged. Check it and pay again.")


class OrderOpen(DomainError):
    """The fan has an open order of the same coins for the same money."""

    code = "order_open"
    message = _(
        "You have an open order already: %(price)s for %(coins)s coins. Open it to pay or to "
        "cancel it, or choose another amount."
    )

    def __init__(self, purchase: Purchase) -> None:
        super().__init__(coins=purchase.coins, price=purchase.total)
        self.purchase = purchase


def quote(*, user: User, bundle: Bundle | None = None, coins: int | None = None) -> Quote:
    """Return what a pack or an amount costs this fan.

    Raises `CountryUnknown`, `TooYoung`, `BundleGone`, `CoinsOutOfRange`.
    """
    country = refuse_without_country(user)
    if bundle is None:
        return pricing.quote_for_coins(coins or 0, country)
    if not bundle.active or bundle.region_id != country.region_id:
        raise BundleGone
    return pricing.quote_for_bundle(bundle, country)


def refuse_without_country(user: User) -> Country:
    """Return where the fan lives. Raises `CountryUnknown` or `TooYoung`."""
    country = Country.objects.of_code(user.country_id or "")
    if country is None:
        raise CountryUnknown
    if user.date_of_birth:
        require_age(country=country, born=user.date_of_birth, refusal=TooYoung)
    return country


NOWHERE = Origin()


def buy(  # noqa: PLR0913  # what is wished for, and where the wish came from
    *,
    user: User,
    key: UUID,
    method: str,
    bundle: Bundle | None = None,
    coins: int | None = None,
    expected_total_minor: int | None = None,
    expected_bonus: int | None = None,
    origin: Origin = NOWHERE,
) -> Purchase:
    """Place an order, once per key; pressing again returns the same one. Charges nothing yet.

    Raises `KeyReused` when the key placed an order for something else, or at another price, and
    `OrderOpen`, with the order, when another key opened one of the same coins and money.
    Raises `DisputeOpen` while the fan's bank decides about an earlier payment, `BonusChanged` when
    a smaller bonus comes with it than the expected one, and `OrderRefused` when a rule against
    fraud refuses it: of that alone a row is left, for staff.
    """
    wish = {
        "method": method,
        "bundle_id": bundle.pk if bundle else None,
        "coins": None if bundle else coins,
        "total_minor": expected_total_minor,
    }

    def offered(fan: User) -> tuple[Quote, Provider]:
        offer = quote(user=fan, bundle=bundle, coins=coins)
        country, total = offer.country, offer.total_minor
        return offer, registry.taking(method, country=country, amount_minor=total)

    with _refusals_kept(user):
        return _place(
            user=user,
            key=key,
            wish=wish,
            offered=offered,
            expected_bonus=expected_bonus,
            origin=origin,
        )


def buy_again(*, top_up: TopUp, key: UUID) -> Purchase:
    """Place the order that a fan's agreement asks for, once per key: an order as any other.

    Raises what `buy` raises, and `NotNow` where the agreement asks for nothing now.
    """
    saved = top_up.saved_method
    wish = {
        "method": saved.method,
        "bundle_id": top_up.bundle_id,
        "coins": None,
        "total_minor": top_up.total_minor,
    }

    def offered(fan: User) -> tuple[Quote, SavesMethods]:
        return quote(user=fan, bundle=top_up.bundle), registry.keeping(saved.provider)

    with _refusals_kept(top_up.user):
        return _place(user=top_up.user, key=key, wish=wish, offered=offered, top_up=top_up)


@contextmanager
def _refusals_kept(user: User) -> Iterator[None]:
    """Keep a row of an order that a rule against fraud refuses, when all else is undone."""
    try:
        yield
    except OrderRefused as refusal:
        checking.record_refusal(user, refusal)
        raise


@transaction.atomic
def _place(  # noqa: PLR0913  # all that an order is made of
    *,
    user: User,
    key: UUID,
    wish: Mapping[str, object],
    offered: Callable[[User], tuple[Quote, Provider | SavesMethods]],
    expected_bonus: int | None = None,
    origin: Origin = NOWHERE,
    top_up: TopUp | None = None,
) -> Purchase:
    # One order of a fan at a time: two presses find one order, two orders see each other.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if earlier := same_order(user, key, wish):
        return earlier
    with held():  # from behind the lock: what staff changed while this waited counts
        offer, provider = offered(user)
        if top_up:
            rules.refuse_unless_agreed(top_up)
        if wish["total_minor"] not in {None, offer.total_minor}:
            raise PriceChanged(price=offer.total)
        with reading():
            refuse_while_disputed(user)
            if open_order := same_basket(user, offer):
                raise OrderOpen(open_order)
            refuse_over_limit(user, offer.coins)
            code = offer.country.code
            checking.refuse_by_rule(user, coins=offer.coins, country=code, origin=origin)
        purchase = Purchase.objects.create(
            key=key,
            user=user,
            region=offer.country.region,
            country=offer.country,
            bundle=offer.bundle,
            rate_card=offer.rate_card,
            top_up=top_up,
            coins=offer.coins,
            currency=offer.currency,
            net_minor=offer.net_minor,
            tax_minor=offer.tax_minor,
            total_minor=offer.total_minor,
            tax_name=offer.tax_name,
            tax_rate_bp=offer.tax_rate_bp,
            terms_version=Terms.objects.current().version,
            provider=provider.name,
            method=str(wish["method"]),
            due_at=timezone.now() + FIRST_INSPECTION,
        )
        PurchaseEvent.objects.create(purchase=purchase, state=Purchase.State.CREATED)
        tracing.keep(purchase, origin)
        promises.promise(purchase, user, offer, expected=expected_bonus)
        return purchase


def same_order(user: User, key: UUID, wish: Mapping[str, object]) -> Purchase | None:
    """Return the order this key placed before, if one. Raises `KeyReused` for another wish.

    What a wish leaves open (None) it takes as it was ordered.
    """
    earlier = Purchase.objects.filter(user=user, key=key).first()
    if earlier and any(
        value is not None and value != getattr(earlier, name) for name, value in wish.items()
    ):
        raise KeyReused
    return earlier


def same_basket(user: User, offer: Quote) -> Purchase | None:
    """Return the fan's open order of so many coins for so much money, if there is one."""
    return Purchase.objects.filter(
        user=user,
        state__in=Purchase.OPEN,
        coins=offer.coins,
        currency=offer.currency,
        total_minor=offer.total_minor,
    ).first()


def start(purchase: Purchase) -> Started:
    """Open the payment, or find the one opened before. Raises `Unreachable`, `WrongState`.

    An order of auto top-up is charged to its card; one that cannot be is ended, and the reason
    raised.
    """
    if not purchase.is_open:
        raise WrongState
    # Claim, call, settle: the row is the claim, its id the provider's idempotency key.
    try:
        begin = charging.start if purchase.top_up_id else registry.named(purchase.provider).start
        started = begin(purchase)
    except (CannotCharge, charging.NoLongerAgreed) as refusal:
        _end(purchase, refusal)
        raise
    _note_started(purchase, started)
    return started


@transaction.atomic
def _note_started(purchase: Purchase, started: Started) -> None:
    purchase.refresh_from_db(from_queryset=Purchase.objects.select_for_update(no_key=True))
    if purchase.state == Purchase.State.CREATED:
        purchase.move(
            Purchase.State.STARTED,
            provider_reference=started.reference,
            pay_url=started.url,
            due_at=Now() + FIRST_INSPECTION,
        )
    elif purchase.top_up_id and not purchase.provider_reference:
        # It was ended while the card was being charged: money that was taken brings its coins.
        same = Purchase.objects.filter(pk=purchase.pk)
        same.update(provider_reference=started.reference, due_at=Now())
        purchase.refresh_from_db()


@transaction.atomic
def _end(purchase: Purchase, refusal: DomainError) -> None:
    """End an order of auto top-up that was never charged, and its agreement with it."""
    locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    if locked.state == Purchase.State.CREATED:
        gone = isinstance(refusal, CannotCharge)
        to = Purchase.State.DECLINED if gone else Purchase.State.CANCELLED
        locked.move(to, note=str(refusal.detail)[:200], due_at=None, attempts=0)
        outcome.note(locked)
