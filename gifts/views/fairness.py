"""How the site keeps it fair: a public page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from gifts.fairness import Fairness
from wallet.prices import pricing


@login_not_required
@require_GET
def fairness(request: HttpRequest) -> HttpResponse:
    """Show the seven principles for virtual currencies, each with the settings it rests on."""
    reader = request.user
    country = pricing.country_of(reader) if isinstance(reader, User) else pricing.default_country()
    return render(request, "gifts/fairness.html", {"principles": Fairness(country).principles()})
