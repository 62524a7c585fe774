"""Returning unused coins: what can go back of an order, what not and why, and the press."""

import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthedRequest
from foundation.jobs import nudge
from foundation.money import money
from foundation.requests import number
from wallet import tasks
from wallet.bonus import voiding
from wallet.models import Purchase
from wallet.refunds import requests
from wallet.refunds.amounts import Shares
from wallet.refunds.unused import returnable
from wallet.views.orders import own


class RefundForm(forms.Form):
    """The press on *Refund*: how many coins, and the key of this press."""

    key = forms.UUIDField(error_messages={"required": _("Reload the page and try again.")})
    coins = forms.IntegerField(
        min_value=1, error_messages={"required": _("Enter how many coins you want to return.")}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def refund(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show what of an order can go back, or return it. The coins are on hold from the press on."""
    purchase = own(request, public_id)
    if purchase.captured_at is None:
        return redirect("wallet:order", public_id)
    if request.method == "POST":
        form = RefundForm(request.POST)
        if not form.is_valid():
            return render(
                request, "wallet/refund.html", _facts(purchase, None) | {"form": form}, status=422
            )
        requests.withdraw(
            purchase=purchase, key=form.cleaned_data["key"], coins=form.cleaned_data["coins"]
        )
        nudge(tasks.sweep)
        return redirect("wallet:order", public_id)
    return render(
        request, "wallet/refund.html", _facts(purchase, number(request.GET.get("coins", "")))
    )


def _facts(purchase: Purchase, wanted: int | None) -> dict[str, Any]:
    offer = returnable(purchase)
    coins = min(wanted or offer.coins, offer.coins)
    share = Shares(purchase).of(coins)
    return {
        "purchase": purchase,
        "offer": offer,
        "coins": coins,
        "amount": money(share.total_minor, purchase.currency),
        "tax": money(share.tax_minor, purchase.currency),
        "key": uuid.uuid4(),
        "bonus": voiding.void_with(purchase, coins),
    }
