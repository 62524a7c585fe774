"""Auto top-up: what is agreed, how it is going, turning it on and off."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.money import money
from foundation.requests import way_back
from wallet.agreements import rules
from wallet.agreements.turning_off import turn_off_of, why
from wallet.models import SavedMethod, SpendingPolicy, TopUp
from wallet.prices import pricing
from wallet.providers import registry
from wallet.providers.base import Unreachable
from wallet.purchases import buying
from wallet.top_ups import agreeing, cards, consent
from wallet.top_ups.forms import TopUpForm

CAME_FROM = "top_up_came_from"
FEW = 5


def offered_to(user: User) -> bool:
    """Return whether some provider keeps a card for packs of the fan's country."""
    country = user.country
    if country is None:
        return False
    packs = pricing.price_list(country)
    return any(registry.saving(country=country, amount_minor=each.total_minor) for each in packs)


def newest(user: User) -> TopUp | None:
    """Return what is in force, or else what the fan asked for last."""
    mine = user.top_ups.select_related("saved_method", "bundle").exclude(
        off_reason=TopUp.Reason.CHANGED
    )
    return mine.filter(state=TopUp.State.ON).first() or mine.first()


@never_cache
@require_GET
def top_up(request: AuthedRequest) -> HttpResponse:
    """Show whether auto top-up is on, what was agreed and what it did.

    A fan who comes back from the provider's page sees at once that their card is saved.
    """
    fan = request.user
    if back := way_back(request, request.GET.get("next", ""), ""):
        request.session[CAME_FROM] = back
    found = newest(fan)
    if found and found.state == TopUp.State.WAITING:
        try:
            cards.inspect(found.saved_method)
        except Unreachable:
            messages.info(request, Unreachable().detail)
        found = newest(fan)
    return render(request, "wallet/top_up.html", _facts(request, found))


def _facts(request: AuthedRequest, found: TopUp | None) -> dict[str, Any]:
    fan, is_on = request.user, bool(found and found.state == TopUp.State.ON)
    back = str(request.session.get(CAME_FROM, ""))
    if is_on:
        request.session.pop(CAME_FROM, None)
    return {
        "top_up": found,
        "is_on": is_on,
        "waiting": bool(found and found.state == TopUp.State.WAITING),
        "why": why(found) if found else "",
        "left": money(max(0, rules.left_minor(found)), found.currency) if found and is_on else None,
        "orders": fan.purchases.filter(top_up__isnull=False).order_by("-id")[:FEW],
        "most_a_day": SpendingPolicy.current().top_ups_a_day,
        "offered": offered_to(fan),
        "back": back,
    }


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def new(request: AuthedRequest) -> HttpResponse:
    """Ask what the fan wants, show the sentence that they agree to, and keep their yes to it."""
    fan = request.user
    country = buying.refuse_without_country(fan)
    form = TopUpForm(request.POST or None, country=country, now=_in_force(fan))
    if not form.is_bound or not form.is_valid():
        return _asked(request, form)
    offer, wish = form.wished
    sentence = agreeing.sentence_of(offer, wish)
    if not form.was_seen or not form.cleaned_data["agree"]:
        unread = form.was_seen
        facts = {"form": form, "offer": offer, "wish": wish, "sentence": sentence}
        facts |= {"unread": unread, "version": consent.VERSION}
        return render(request, "wallet/top_up_agree.html", facts, status=422 if unread else 200)
    try:
        agreed = agreeing.agree(user=fan, wish=wish)
    except DomainError as refused:
        field = "pack" if refused.field == "bundle" else refused.field
        form.add_error(field if field in form.fields else None, refused.detail)
        return _asked(request, form)
    if agreed.state == TopUp.State.ON:
        messages.success(request, _("Auto top-up is on."))
        return redirect("wallet:top_up")
    return _to_page(agreed.saved_method)


def _asked(request: AuthedRequest, form: TopUpForm) -> HttpResponse:
    facts = {"form": form, "offered": offered_to(request.user)}
    return render(request, "wallet/top_up_new.html", facts, status=422 if form.is_bound else 200)


def _in_force(fan: User) -> TopUp | None:
    return fan.top_ups.filter(state=TopUp.State.ON).first()


def _to_page(saved: SavedMethod) -> HttpResponse:
    """Lead to the provider's page, or back when the provider does not answer."""
    try:
        return redirect(cards.open_page(saved).url)
    except Unreachable:
        return redirect("wallet:top_up")


@never_cache
@require_POST
def card(request: AuthedRequest) -> HttpResponse:
    """Lead back to the page on which the card is saved that auto top-up waits for."""
    found = newest(request.user)
    if found is None or found.state != TopUp.State.WAITING:
        return redirect("wallet:top_up")
    return _to_page(found.saved_method)


@never_cache
@require_http_methods(["GET", "POST"])
def off(request: AuthedRequest) -> HttpResponse:
    """Ask once, then turn auto top-up off and have the card removed."""
    found = newest(request.user)
    if request.method == "POST":
        turn_off_of(request.user)
        messages.success(request, _("Auto top-up is off. Your saved card is being removed."))
        return redirect("wallet:top_up")
    if found is None or found.state == TopUp.State.OFF:
        return redirect("wallet:top_up")
    return render(request, "wallet/top_up_off.html", {"top_up": found})
