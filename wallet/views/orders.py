"""Orders: where each one stands, and its receipt. The success page credits nothing."""

import time
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.pauses import refuse_paused
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.jobs import nudge
from foundation.requests import number
from wallet import tasks
from wallet.models import Purchase
from wallet.purchases import by_transfer, cancelling, settlement, timeline
from wallet.views import came_from
from wallet.views.checkout import to_payment

PER_PAGE = 20
SOON_S = 20  # a page follows closely for so long; what takes longer is looked at less often
State = Purchase.State


def own(request: AuthedRequest, public_id: UUID) -> Purchase:
    """Return one of the fan's own orders; there are no others."""
    mine = request.user.purchases.select_related("country", "region", "user")
    return get_object_or_404(mine, public_id=public_id)


@never_cache
@require_GET
def orders(request: AuthedRequest) -> HttpResponse:
    """List the fan's orders, newest first."""
    mine = request.user.purchases.prefetch_related("documents").order_by("-id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wallet/orders.html", {"page": page})


@never_cache
@require_GET
def order(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show where an order stands. Opening the page has the order inspected and credits nothing.

    The provider is asked at once: a fan who comes back from paying is never asked to pay again.
    """
    purchase = own(request, public_id)
    known = None
    if purchase.is_open:
        nudge(tasks.inspect, purchase.pk)
        known = settlement.known(purchase)
    facts = _facts(request, purchase, known) | {"began": int(time.time())}
    return render(request, "wallet/order.html", facts)


def _facts(request: AuthedRequest, purchase: Purchase, known: State | None) -> dict[str, Any]:
    back = came_from.page_of(request, purchase)
    return timeline.story(purchase, known) | {"back": back}


@never_cache
@require_GET
def progress(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Return the part of the order page that moves, if it did; the header hears of the coins.

    The page says what it shows already: the order's state, what it knew from the provider, and
    where the money of a bank transfer stood, of which several may come for one order.
    """
    purchase = own(request, public_id)
    shown, told = request.GET.get("state"), request.GET.get("known", "")
    began = number(request.GET.get("began", "")) or 0
    late = time.time() - began > SOON_S
    known = State(told) if told in State else None
    if purchase.is_open and known is None:
        known = settlement.known(purchase)
    same = purchase.state == shown and (known or "") == told
    if same and purchase.is_open:
        same = by_transfer.moved(purchase) == request.GET.get("moved", "")
    if same and not (late and began):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    facts = _facts(request, purchase, known) | {"began": 0 if late else began, "follows": True}
    response = render(request, "wallet/_order.html", facts)
    if purchase.state == Purchase.State.PAID:
        response["HX-Trigger"] = "balance:changed"
    return response


@never_cache
@require_POST
def pay(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Lead back to the pay page of an order that still waits for its payment.

    Raises `SpendingPaused`.
    """
    refuse_paused(request.user)
    return to_payment(own(request, public_id))


@never_cache
@require_POST
def cancel(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Call an unpaid order off; an order whose payment is on its way says so."""
    try:
        cancelling.cancel(own(request, public_id))
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return redirect("wallet:order", public_id)
