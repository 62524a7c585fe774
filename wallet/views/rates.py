"""The public rate card: where each part of a price goes, today and before."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Country
from wallet.models import RateCard
from wallet.prices import pricing
from wallet.prices.breakdown import breakdown
from wallet.views.coins import buyer_country

SHOWN_COINS = 1_000


@login_not_required
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Show how a price divides into tax, payment fee, platform and creator, for every pack."""
    country = pricing.country_named(request.GET.get("country", "")) or buyer_country(request)
    card = RateCard.objects.current()
    return render(
        request,
        "wallet/rates.html",
        {
            "country": country,
            "countries": Country.objects.select_related("region"),
            "offers": pricing.price_list(country),
            "breakdown": breakdown(pricing.quote_for_coins(SHOWN_COINS, country)),
            "card": card,
            "coin_value": card.coin_value.in_full,
            "diamond_pays": card.diamond_payout.in_full,
            "share": f"{card.creator_share_percent}%",
            "now": timezone.now(),
            "cards": RateCard.objects.all(),
        },
    )
