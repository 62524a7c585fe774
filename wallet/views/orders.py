"""Orders: where each one stands, and its receipt. The success page credits nothing."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from foundation.jobs import nudge
from wallet import tasks
from wallet.models import Purchase
from wallet.purchases import receipts, timeline
from wallet.views.coins import to_payment

PER_PAGE = 20


def own(request: AuthedRequest, public_id: UUID) -> Purchase:
    """Return one of the fan's own orders; there are no others."""
    mine = request.user.purchases.select_related("country", "region", "user")
    return get_object_or_404(mine, public_id=public_id)


@never_cache
@require_GET
def orders(request: AuthedRequest) -> HttpResponse:
    """List the fan's orders, newest first."""
    mine = request.user.purchases.order_by("-id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wallet/orders.html", {"page": page})


@never_cache
@require_GET
def order(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show where an order stands. Opening the page has the order inspected and credits nothing."""
    purchase = own(request, public_id)
    if purchase.is_open:
        nudge(tasks.inspect, purchase.pk)
    return render(request, "wallet/order.html", timeline.story(purchase))


@never_cache
@require_GET
def progress(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Return the part of the order page that moves; tell the header when the coins are there."""
    purchase = own(request, public_id)
    response = render(request, "wallet/_order.html", timeline.story(purchase))
    if purchase.state == Purchase.State.PAID:
        response["HX-Trigger"] = "balance:changed"
    return response


@never_cache
@require_POST
def pay(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Lead back to the pay page of an order that still waits for its payment."""
    return to_payment(own(request, public_id))


@never_cache
@require_GET
def receipt(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show the receipt of a paid order; an order that is not paid has none."""
    purchase = own(request, public_id)
    if purchase.captured_at is None:
        return redirect("wallet:order", public_id)
    return render(request, "wallet/receipt.html", receipts.facts(purchase))
