"""The wallet: balance, limits, history."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from wallet.coins import history as coin_history
from wallet.coins.balance import coin_balance
from wallet.forms import LimitForm
from wallet.limits import usage
from wallet.limits.spending import set_limit
from wallet.prices import pricing

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
            "worth": pricing.coins_in_fan_money(coins["coins"], fan),
            "limits": usage.limit_usage(fan),
            "orders": fan.purchases.order_by("-id")[:3],
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
    coins = coin_balance(request.user)
    return render(request, "wallet/_balance.html", {"coins": coins["coins"] + coins["bonus_coins"]})


@require_POST
def limits(request: AuthedRequest) -> HttpResponse:
    """Set one of the fan's own limits."""
    fan = request.user
    form = LimitForm(request.POST)
    if not form.is_valid():
        wrong = _("Choose a value on the slider.")
        facts = {"limits": usage.limit_usage(fan), "wrong": wrong}
        return render(request, "wallet/_limits.html", facts, status=422)
    used = next(u for u in usage.limit_usage(fan) if u.span == form.cleaned_data["span"])
    coins = used.steps[min(form.cleaned_data["step"], used.last_step)]
    set_limit(user=fan, span=used.span, coins=coins)
    if not request.htmx:
        return redirect("wallet:wallet")
    return render(request, "wallet/_limits.html", {"limits": usage.limit_usage(fan)})
