"""The public rate card: what happens to every ten euros, today and before."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Country
from wallet.models import RateCard
from wallet.prices import pricing
from wallet.prices.breakdown import shares
from wallet.templatetags.prices import exact
from wallet.views.coins import buyer_country

PICTURED_COINS = 1_000


@login_not_required
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Show how a price splits into tax, payment fee, platform and creator, for every pack."""
    country = pricing.country_named(request.GET.get("country", "")) or buyer_country(request)
    card = RateCard.objects.current()
    return render(
        request,
        "wallet/rates.html",
        {
            "country": country,
            "countries": Country.objects.select_related("region"),
            "offers": pricing.price_list(country),
            "picture": shares(pricing.quote_for_coins(PICTURED_COINS, country)),
            "card": card,
            "coin_value": exact(card.coin_value),
            "diamond_pays": exact(card.diamond_payout),
            "share": f"{card.creator_share_percent}%",
            "now": timezone.now(),
            "cards": RateCard.objects.all(),
        },
    )
