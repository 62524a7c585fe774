"""Who runs the site, and how to reach them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    """Show the seller's name, addresses and tax number, and what to write.

    Directive 2000/31/EC, article 5, asks for these facts.
    """
    facts = {
        "name": settings.SELLER_NAME,
        "email": settings.SELLER_EMAIL,
        "address": [line.strip() for line in settings.SELLER_ADDRESS.split("|") if line.strip()],
        "tax_id": settings.SELLER_TAX_ID,
    }
    return render(request, "pages/contact.html", facts)
