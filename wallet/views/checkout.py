"""The checkout page: what is chosen, its total, one button; and the press on it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.reference_data import held
from accounts.requests import AuthedRequest
from accounts.traces import origin_of
from foundation.errors import DomainError
from foundation.requests import way_back
from ledger import KeyReused
from wallet.forms import CUSTOM, CheckoutForm
from wallet.models import Purchase
from wallet.prices.quotes import Quote
from wallet.providers.base import Unreachable
from wallet.purchases import buying
from wallet.views import came_from
from wallet.views.coins import closed_to, promotions_for, same_choice, summary


def checkout_of(form: CheckoutForm, offer: Quote, back: str) -> str:
    """Return the address of the checkout page of a choice."""
    custom = {"pack": CUSTOM, "coins": str(offer.coins)}
    chosen = {"pack": str(offer.bundle.pk)} if offer.bundle else custom
    method = form.cleaned_data.get("method")
    more = ({"method": method} if method else {}) | ({"next": back} if back else {})
    return f"{reverse('wallet:checkout')}?{urlencode(chosen | more)}"


@never_cache
@require_http_methods(["GET", "POST"])
def checkout(request: AuthedRequest) -> HttpResponse:
    """Show a choice with its total, which has an address of its own; or place the order.

    An order whose total was not seen yet leads to the page that shows it.
    """
    if request.method == "POST":
        with held():
            return place(request)
    country = buying.refuse_without_country(request.user)
    form = CheckoutForm(request.GET)
    back = way_back(request, request.GET.get("next", ""), "")
    try:
        offer = form.offer(country)
    except DomainError as refusal:  # an old link: what is sold now stands on the coins page
        messages.error(request, refusal.detail)
        return redirect(same_choice("", 0, back))
    shown = summary(
        offer,
        form.pack_name,
        key=uuid.uuid4(),
        method=form.cleaned_data.get("method"),
        promotions=promotions_for(request, country),
        back=back,
    )
    if closed := closed_to(request, offer.coins):
        shown["refusal"] = closed.detail
    return render(request, "wallet/checkout.html", shown)


def place(request: AuthedRequest) -> HttpResponse:
    """Place the order and lead to the pay page."""
    country = buying.refuse_without_country(request.user)
    form = CheckoutForm(request.POST)
    back = way_back(request, request.POST.get("next", ""), "")
    if not form.was_seen:
        return redirect(checkout_of(form, form.offer(country), back))
    bundle, coins = form.choice(country)
    try:
        purchase = buying.buy(
            user=request.user,
            key=form.cleaned_data["key"],
            method=form.cleaned_data["method"],
            bundle=bundle,
            coins=coins,
            expected_total_minor=form.cleaned_data["total"],
            origin=origin_of(request),
            expected_bonus=form.cleaned_data["bonus"],
        )
    except KeyReused:  # back from the pay page, then chosen otherwise: that is another order
        method = form.cleaned_data["method"]
        promotions = promotions_for(request, country)
        fresh = {"key": uuid.uuid4(), "method": method, "ordered": True, "back": back}
        anew = summary(form.offer(country), form.pack_name, promotions=promotions, **fresh)
        return render(request, "wallet/checkout.html", anew, status=KeyReused.status)
    except buying.OrderOpen as known:  # pressed in two tabs: there is one order, and it says so
        if back:
            came_from.note(request, known.purchase, back)
        said = _("You have this order open already, so there is no second one.")
        messages.info(request, said)
        return redirect("wallet:order", known.purchase.public_id)
    if back:
        came_from.note(request, purchase, back)
    return to_payment(purchase)


def to_payment(purchase: Purchase) -> HttpResponse:
    """Lead to the provider's pay page, or to the order when the provider does not answer."""
    if not purchase.is_open:
        return redirect("wallet:order", purchase.public_id)
    try:
        return redirect(buying.start(purchase).url)
    except Unreachable:
        return redirect("wallet:order", purchase.public_id)
