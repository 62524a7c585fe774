"""The coins page: packs, a custom amount, ways to pay, one button."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Country, User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.requests import number
from wallet.forms import CUSTOM, CheckoutForm, PackForm
from wallet.limits.spending import OverLimit, refuse_over_limit
from wallet.models import Purchase
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.providers import registry
from wallet.providers.base import Unreachable
from wallet.purchases import buying

FAVOURITE_COINS = 1_000


def buyer_country(request: HttpRequest) -> Country:
    """Return the country whose prices to show: the fan's own, else the visitor's choice."""
    if isinstance(request.user, User) and request.user.country:
        return request.user.country
    return pricing.country_named(request.GET.get("country", "")) or pricing.default_country()


def summary(offer: Quote, pack: str, **more: Any) -> dict[str, Any]:
    """Return what the order's summary shows: the offer and the ways to pay it."""
    found = registry.methods(region=offer.country.region, amount_minor=offer.total_minor)
    return {
        "offer": offer,
        "pack": pack,
        "country": offer.country,
        "methods": [method for _provider, method in found],
        **more,
    }


def over_limit(request: HttpRequest, coins: int) -> OverLimit | None:
    """Return why a signed-in fan cannot buy so many coins now."""
    if isinstance(request.user, User):
        try:
            refuse_over_limit(request.user, coins)
        except OverLimit as refusal:
            return refusal
    return None


@login_not_required
@never_cache
@require_GET
def coins(request: HttpRequest) -> HttpResponse:
    """Show the packs of the reader's region, the one nearest to what is wanted chosen."""
    country = buyer_country(request)
    offers = pricing.price_list(country)
    wanted = number(request.GET.get("coins", "")) or FAVOURITE_COINS
    chosen = min(offers, key=lambda offer: abs(offer.coins - wanted), default=None)
    if chosen is None or chosen.bundle is None:
        chosen, pack = pricing.quote_for_coins(FAVOURITE_COINS, country), f"{CUSTOM}:1000"
    else:
        pack = str(chosen.bundle.pk)
    best = max(offers, key=lambda offer: offer.creator_percent, default=chosen)
    cards = [{"offer": o, "checked": o is chosen, "best": o is best} for o in offers]
    countries = Country.objects.all() if request.user.is_anonymous else None
    shown = summary(chosen, pack, cards=cards, best=best, countries=countries, key=uuid.uuid4())
    if refusal := over_limit(request, chosen.coins):
        shown["refusal"] = refusal.detail
    return render(request, "wallet/coins.html", shown)


@login_not_required
@never_cache
@require_GET
def custom(request: HttpRequest) -> HttpResponse:
    """Return the summary of what is chosen now, or a sentence when that cannot be bought."""
    form = PackForm(request.GET)
    try:
        offer = form.offer(buyer_country(request))
        if over := over_limit(request, offer.coins):
            raise over
    except DomainError as refusal:
        facts = {"refusal": refusal.detail}
        return render(request, "wallet/_summary_live.html", facts, status=refusal.status)
    return render(request, "wallet/_summary_live.html", summary(offer, form.pack_name))


@require_POST
@never_cache
def checkout(request: AuthedRequest) -> HttpResponse:
    """Place the order and lead to the pay page; a total that was not seen yet is shown first."""
    fan = request.user
    form = CheckoutForm(request.POST)
    offer = form.offer(buying.refuse_without_country(fan))
    if not form.was_seen:
        key = form.cleaned_data.get("key") or uuid.uuid4()
        shown = summary(offer, form.pack_name, key=key, method=form.cleaned_data.get("method"))
        return render(request, "wallet/checkout.html", shown)
    purchase = buying.buy(
        user=fan,
        key=form.cleaned_data["key"],
        method=form.cleaned_data["method"],
        bundle=offer.bundle,
        coins=offer.coins,
        expected_total_minor=form.cleaned_data["total"],
    )
    return to_payment(purchase)


def to_payment(purchase: Purchase) -> HttpResponse:
    """Lead to the provider's pay page, or to the order when the provider does not answer."""
    if not purchase.is_open:
        return redirect("wallet:order", purchase.public_id)
    try:
        return redirect(buying.start(purchase).url)
    except Unreachable:
        return redirect("wallet:order", purchase.public_id)
