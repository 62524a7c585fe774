"""Limits and pauses: all that bounds a fan's spending, shown and asked for on one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.pauses import PauseRuns, paused_until, take_pause, until_words
from accounts.requests import AuthedRequest
from foundation.requests import way_back
from wallet.forms import CreatorLimitForm, LimitForm, PauseForm
from wallet.limits import usage
from wallet.limits.spending import set_limit, site_bounds
from wallet.limits.unusual import unusual_week
from wallet.models import SpendingPolicy, TopUp
from wallet.prices import pricing


@never_cache
@require_http_methods(["GET", "POST"])
def limits(request: AuthedRequest) -> HttpResponse:
    """Show everything that bounds the fan's spending; a POST sets one of the three sliders."""
    if request.method == "POST":
        return _set(request)
    return _page(request)


def _page(request: AuthedRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    fan, policy = request.user, SpendingPolicy.current()
    until = paused_until(fan)
    rate = pricing.paid_rate(fan)
    shown = {
        "limits": usage.limit_usage(fan),
        "creator_limits": usage.creator_limits(fan),
        "site": [(bound, rate.worth(bound.most)) for bound in site_bounds(fan)],
        "policy": policy,
        "paused": until and until_words(until),
        "unusual": unusual_week(fan),
        "top_up": fan.top_ups.filter(state=TopUp.State.ON).first(),
        "creator_form": CreatorLimitForm(),
        "pause_form": PauseForm(),
        "back": way_back(request, request.GET.get("next", ""), ""),
    }
    return render(request, "wallet/limits.html", shown | forms, status=status)


def _set(request: AuthedRequest) -> HttpResponse:
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
        return redirect("wallet:limits")
    return render(request, "wallet/_limits.html", {"limits": usage.limit_usage(fan)})


@require_POST
def creator(request: AuthedRequest) -> HttpResponse:
    """Set the fan's limit for gifts to one creator; without a number there is none."""
    form = CreatorLimitForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, creator_form=form)
    asked = form.cleaned_data
    limit = set_limit(
        user=request.user, span=asked["span"], coins=asked["coins"], creator=asked["creator"]
    )
    said = _("Saved. It holds from now on.")
    if limit.next_at:
        said = _("Saved. It changes after a wait, as every higher limit does.")
    messages.success(request, said)
    return redirect("wallet:limits")


@require_POST
def pause(request: AuthedRequest) -> HttpResponse:
    """Pause the fan's spending. Nobody ends that early."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, pause_form=form)
    try:
        take_pause(user=request.user, length=form.cleaned_data["length"])
    except PauseRuns as refusal:
        form.add_error("length", refusal.detail)
        return _page(request, status=refusal.status, pause_form=form)
    return redirect("wallet:limits")
