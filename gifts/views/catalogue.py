"""The catalogue: a public page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.requests import PageRequest
from gifts.models import Gift
from gifts.tray.tiles import shelves, tiles_for


@login_not_required
@require_GET
def catalogue(request: PageRequest) -> HttpResponse:
    """Show every gift with its price and what a creator gets of it."""
    tiles = tiles_for(request.user, Gift.objects.on_offer())
    return render(request, "gifts/catalogue.html", {"shelves": shelves(tiles)})
