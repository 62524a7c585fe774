"""The wallet: balance, history, what is used of the limits."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.requests import way_back
from wallet.bonus import lots
from wallet.coins import history as coin_history
from wallet.coins.balance import coin_balance
from wallet.disputes.refusals import open_dispute
from wallet.limits import usage
from wallet.models import TopUp
from wallet.prices import pricing
from wallet.providers import registry

# Few at first: on a phone the limits stand beneath.
FIRST_LINES = 12


@never_cache
@require_GET
def wallet(request: AuthedRequest) -> HttpResponse:
    """Show the balance, the limits and the latest of the history."""
    fan = request.user
    coins = coin_balance(fan)
    return render(
        request,
        "wallet/wallet.html",
        {
            **coins,
            **lines(request, fan),
            "bonus_lots": lots.unspent(fan.pk) if coins["bonus_coins"] else (),
            "worth": pricing.coins_in_fan_money(coins["coins"], fan),
            "limits": usage.limit_usage(fan),
            "dispute": open_dispute(fan),
            "top_up_on": fan.top_ups.filter(state=TopUp.State.ON).first(),
            "top_up_offered": registry.saves(),
            "orders": fan.purchases.order_by("-id")[:3],
            "back": way_back(request, request.GET.get("next", ""), ""),
        },
    )


def lines(request: AuthedRequest, fan: User) -> dict[str, Any]:
    """Return one page of the history, by days, each entry with its ledger transfers."""
    before = request.GET.get("before", "")
    limit = coin_history.PER_PAGE if before else FIRST_LINES
    found = coin_history.page(fan, before=before, limit=limit)
    moved = coin_history.transfers(found.entries, fan)
    days = [(day, [(e, moved.get(e.id, [])) for e in entries]) for day, entries in found.days()]
    gifts = urlencode([(entry.kind, entry.gift) for entry in found.entries if entry.gift])
    return {"days": days, "before": found.before, "first_page": not before, "gifts": gifts}


@never_cache
@require_GET
def history(request: AuthedRequest) -> HttpResponse:
    """Return older history: a fragment for htmx, a page of its own without scripts."""
    template = "wallet/_history.html" if request.htmx else "wallet/history.html"
    return render(request, template, lines(request, request.user))


@never_cache
@require_GET
def balance(request: AuthedRequest) -> HttpResponse:
    """Return the inside of the header's coin chip."""
    return render(request, "wallet/_balance.html")
