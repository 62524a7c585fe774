"""The coins page: packs, a custom amount, ways to pay, one button."""

import sys
import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Country, Terms, User
from accounts.pauses import SpendingPaused, paused_until, until_words
from foundation.errors import DomainError
from foundation.requests import number, way_back
from wallet.disputes.refusals import open_dispute, refuse_while_disputed
from wallet.forms import CUSTOM, PackForm
from wallet.limits.spending import allowance, refuse_over_limit
from wallet.limits.unusual import unusual_week
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.promotions.offers import Promotions
from wallet.providers import registry

FAVOURITE_COINS = 1_000
NO_LIMIT = sys.maxsize


def buyer_country(request: HttpRequest) -> Country:
    """Return the country whose prices to show: the fan's own, else the visitor's choice."""
    if isinstance(request.user, User) and request.user.country_id:
        return pricing.country_of(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    return pricing.country_named(asked.get("country", "")) or pricing.default_country()


def summary(offer: Quote, pack: str, **more: Any) -> dict[str, Any]:
    """Return what the order's summary shows: the offer and the ways to pay it."""
    found = registry.methods(country=offer.country, amount_minor=offer.total_minor)
    promotions = more.pop("promotions")
    return {
        "offer": offer,
        "pack": pack,
        "here": same_choice(pack, offer.coins, str(more.get("back") or "")),
        "country": offer.country,
        "terms": Terms.objects.current(),
        "methods": [method for _provider, method in found],
        "bonus": promotions.best(offer),
        **more,
    }


def promotions_for(request: HttpRequest, country: Country) -> Promotions:
    """Return the promotions that hold for who reads the page."""
    return Promotions.now(request.user if isinstance(request.user, User) else None, country)


def same_choice(pack: str, coins: int, back: str) -> str:
    """Return the address of the coins page with this choice made, if there is one."""
    chosen = {"pack": pack, "coins": str(coins)} if pack else {}
    choice = urlencode(chosen | ({"next": back} if back else {}))
    return f"{reverse('wallet:coins')}?{choice}" if choice else reverse("wallet:coins")


def closed_to(request: HttpRequest, coins: int) -> DomainError | None:
    """Return why a signed-in fan cannot buy so many coins now: a limit, or a pause."""
    if isinstance(request.user, User):
        try:
            refuse_while_disputed(request.user)
            refuse_over_limit(request.user, coins)
        except DomainError as refusal:
            return refusal
    return None


def paused_sentence(request: HttpRequest) -> str:
    """Return in a sentence that the fan paused spending, or nothing."""
    until = paused_until(request.user) if isinstance(request.user, User) else None
    return SpendingPaused(until=until_words(until)).detail if until else ""


def wanted_offer(request: HttpRequest, country: Country, offers: list[Quote], most: int) -> Quote:
    """Return the pack or amount that the address names; 1,000 coins where it names none.

    A number of coins is what somebody lacks: exactly so many, or the least above it that is sold,
    as a pack where one has that size. Where that is more than the `most` coins that may be bought
    now, it is the largest pack that may; where none may, the smallest.
    """
    lacking = number(request.GET.get("coins", ""))
    coins = lacking or FAVOURITE_COINS
    named = request.GET.get("pack", "")
    if named.startswith(CUSTOM):
        try:
            return pricing.quote_for_coins(coins, country)
        except pricing.CoinsOutOfRange:
            named = ""
    packs = sorted(offers, key=lambda offer: offer.coins)
    if not packs:
        return pricing.quote_for_coins(FAVOURITE_COINS, country)
    by_name = {str(offer.bundle.pk): offer for offer in packs if offer.bundle}
    if named in by_name:
        return by_name[named]
    enough = next((offer for offer in packs if offer.coins >= coins), packs[-1])
    exact = exactly(lacking, country, most) if lacking else None
    if exact and not coins <= enough.coins <= exact.coins:
        return exact
    allowed = [offer for offer in packs if offer.coins <= most]
    return enough if enough in allowed else (allowed or packs[:1])[-1]


def exactly(coins: int, country: Country, most: int) -> Quote | None:
    """Return the offer of so many coins, or of the least own amount; nothing where not sold."""
    coins = max(coins, country.region.smallest_custom_coins)
    if coins > most:
        return None
    try:
        return pricing.quote_for_coins(coins, country)
    except pricing.CoinsOutOfRange:
        return None


def shelf(offers: list[Quote], chosen: Quote, most: int, promotions: Promotions) -> dict[str, Any]:
    """Return the packs as cards, and what can truly be said in comparing them."""
    if not offers:
        return {"cards": []}
    smallest = min(offers, key=lambda offer: offer.coins)
    best = max(offers, key=lambda offer: offer.creator_percent)
    cards = [
        {
            "offer": offer,
            "checked": offer.bundle == chosen.bundle and offer.coins <= most,
            "best": offer is best and offer.creator_percent > smallest.creator_percent,
            "closed": offer.coins > most,
            "bonus": promotions.best(offer),
        }
        for offer in offers
    ]
    lower_fees = best.coins > smallest.coins and best.fee_percent < smallest.fee_percent
    return {"cards": cards, "smallest": smallest, "best": best, "lower_fees": lower_fees}


@login_not_required
@never_cache
@require_GET
def coins(request: HttpRequest) -> HttpResponse:
    """Show the packs of the reader's region, the one that was chosen or is wanted checked."""
    country = buyer_country(request)
    offers = pricing.price_list(country)
    allowed = allowance(request.user) if isinstance(request.user, User) else None
    most = allowed.left if allowed else NO_LIMIT
    promotions = promotions_for(request, country)
    largest = min(country.region.largest_custom_coins, most)
    chosen = wanted_offer(request, country, offers, most)
    pack = str(chosen.bundle.pk) if chosen.bundle else f"{CUSTOM}:{chosen.coins}"
    shown = summary(
        chosen,
        pack,
        **shelf(offers, chosen, most, promotions),
        promotions=promotions,
        dispute=open_dispute(request.user) if isinstance(request.user, User) else None,
        allowed=allowed if any(offer.coins > most for offer in offers) else None,
        largest=largest if largest >= country.region.smallest_custom_coins else 0,
        paused=paused_sentence(request),
        unusual=unusual_week(request.user) if isinstance(request.user, User) else None,
        countries=Country.objects.all() if request.user.is_anonymous else None,
        top_up_offered=request.user.is_authenticated and registry.saves(),
        key=uuid.uuid4(),
        back=way_back(request, request.GET.get("next", ""), ""),
    )
    if refusal := closed_to(request, chosen.coins):
        shown["refusal"] = refusal.detail
    return render(request, "wallet/coins.html", shown)


@login_not_required
@never_cache
@require_GET
def custom(request: HttpRequest) -> HttpResponse:
    """Return the summary of what is chosen now, or a sentence when that cannot be bought."""
    form = PackForm(request.GET)
    back = way_back(request, request.GET.get("next", ""), "")
    try:
        offer = form.offer(buyer_country(request))
        if over := closed_to(request, offer.coins):
            raise over
    except DomainError as refusal:
        facts = {"refusal": refusal.detail, "back": back}
        return render(request, "wallet/_summary_live.html", facts, status=refusal.status)
    promotions = promotions_for(request, offer.country)
    shown = summary(offer, form.pack_name, back=back, promotions=promotions)
    return render(request, "wallet/_summary_live.html", shown)


@login_not_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the page where one joins, and from there back to what they chose."""
    form = PackForm(request.POST)
    country = buyer_country(request)
    back = way_back(request, request.POST.get("next", ""), "")
    try:
        chosen = same_choice(form.pack_name, form.offer(country).coins, back)
    except DomainError:  # that cannot be bought: the choice is made again
        chosen = same_choice("", 0, back)
    there = urlencode({"country": country.code, "next": chosen})
    return redirect(f"{reverse('account_signup')}?{there}")
