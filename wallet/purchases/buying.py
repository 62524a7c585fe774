"""Buying coins: place the order, take the fan to pay. Nothing is credited here."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ages import require_age
from accounts.models import Country, User
from foundation.errors import DomainError, WrongState
from foundation.transactions import once_more
from ledger import KeyReused
from wallet.limits.spending import refuse_over_limit
from wallet.models import Bundle, Purchase, PurchaseEvent
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.providers import registry
from wallet.providers.base import Started

FIRST_INSPECTION = timedelta(seconds=5)


class CountryUnknown(DomainError):
    """Prices and tax depend on where the fan lives."""

    code = "country_unknown"
    message = _("Add your country in your settings to see prices.")


class TooYoung(DomainError):
    """The fan's country asks for more years."""

    code = "too_young"
    status = 403
    message = _("You must be %(age)s to buy coins in %(country)s.")


class BundleGone(DomainError):
    """The pack is not on sale in the fan's region."""

    code = "bundle_gone"
    status = 410
    message = _("This pack is no longer on sale. Choose another one.")
    field = "bundle"


class PriceChanged(DomainError):
    """The price that the fan saw is no longer the price."""

    code = "price_changed"
    message = _("The price has changed to %(price)s. You were not charged.")


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
    country = user.country
    if country is None:
        raise CountryUnknown
    if user.date_of_birth:
        require_age(country=country, born=user.date_of_birth, refusal=TooYoung)
    return country


@once_more
def buy(
    *,
    user: User,
    key: UUID,
    method: str,
    bundle: Bundle | None = None,
    coins: int | None = None,
    expected_total_minor: int | None = None,
) -> Purchase:
    """Place an order, once per key; pressing again returns the same one. Charges nothing yet."""
    wanted = bundle.coins if bundle else coins or 0
    if earlier := same_order(user, key, wanted, method):
        return earlier
    offer = quote(user=user, bundle=bundle, coins=coins)
    provider = registry.taking(method, region=offer.country.region, amount_minor=offer.total_minor)
    with transaction.atomic():
        # One order of a fan at a time: two presses find one order, two orders see each other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if earlier := same_order(user, key, wanted, method):
            return earlier
        if expected_total_minor is not None and expected_total_minor != offer.total_minor:
            raise PriceChanged(price=offer.total)
        refuse_over_limit(user, offer.coins)
        purchase = Purchase.objects.create(
            key=key,
            user=user,
            region=offer.country.region,
            country=offer.country,
            bundle=offer.bundle,
            rate_card=offer.rate_card,
            coins=offer.coins,
            currency=offer.currency,
            net_minor=offer.net_minor,
            tax_minor=offer.tax_minor,
            total_minor=offer.total_minor,
            tax_name=offer.tax_name,
            tax_rate_bp=offer.tax_rate_bp,
            provider=provider.name,
            method=method,
            due_at=Now() + FIRST_INSPECTION,
        )
        PurchaseEvent.objects.create(purchase=purchase, state=Purchase.State.CREATED)
    purchase.refresh_from_db()
    return purchase


def same_order(user: User, key: UUID, coins: int, method: str) -> Purchase | None:
    """Return the order this key placed before, if one. Raises `KeyReused` for another wish."""
    earlier = Purchase.objects.filter(user=user, key=key).first()
    if earlier and (earlier.coins, earlier.method) != (coins, method):
        raise KeyReused
    return earlier


@once_more
def start(purchase: Purchase) -> Started:
    """Open the payment, or find the one opened before. Raises `Unreachable`, `WrongState`."""
    if not purchase.is_open:
        raise WrongState
    # Claim, call, settle: the row is the claim, its id the provider's idempotency key.
    started = registry.named(purchase.provider).start(purchase)
    with transaction.atomic():
        locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
        if locked.state == Purchase.State.CREATED:
            locked.move(
                Purchase.State.STARTED,
                provider_reference=started.reference,
                due_at=Now() + FIRST_INSPECTION,
            )
    purchase.refresh_from_db()
    return started
