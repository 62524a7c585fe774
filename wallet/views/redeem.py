"""Redeeming a code: shown with the code of its link, redeemed by a press and by nothing else."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.requests import way_back
from foundation.texts import clean
from wallet.codes import refusals
from wallet.codes.alphabet import MOST_TYPED
from wallet.codes.redeeming import redeem as redeem_code
from wallet.models import Redemption
from wallet.views import came_from


class RedeemForm(forms.Form):
    """The code as it was typed, and the key of this press."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Reload the page and try again.")}
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=MOST_TYPED,
        help_text=_("16 letters and digits, as on the card or in the message."),
        error_messages={"required": _("Enter the code from the card or the message.")},
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
                "class": "code-field",
            }
        ),
    )


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from, behind the proxies that the site trusts."""
    return str(get_adapter(request).get_client_ip(request))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def redeem(request: HttpRequest) -> HttpResponse:
    """Show where a code is typed, or redeem it. A visitor signs in first and keeps the code."""
    asked = request.POST if request.method == "POST" else request.GET
    back = way_back(request, asked.get("next", ""), "")
    code = clean(asked.get("code", ""))[:MOST_TYPED]
    if not isinstance(request.user, User):
        return _visitor(request, code, back)
    if request.method == "GET":
        form = RedeemForm(initial={"code": code, "key": uuid.uuid4()})
        return _page(request, form, back)
    form = RedeemForm(request.POST)
    if not form.is_valid():
        return _page(request, form, back, status=422)
    typed = form.cleaned_data["code"]
    try:
        redemption = redeem_code(
            user=request.user,
            typed=typed,
            key=form.cleaned_data["key"],
            address=address_of(request),
        )
    except DomainError as refusal:
        form.add_error("code", refusal.detail)
        used = refusal.redemption if isinstance(refusal, refusals.CodeUsedByYou) else None
        anew = {"used": used, "refusal": refusal}
        form.data = {"code": typed, "key": uuid.uuid4()}
        return _page(request, form, back, status=refusal.status, **anew)
    return _done(request, redemption, back)


def _visitor(request: HttpRequest, code: str, back: str) -> HttpResponse:
    here = {name: value for name, value in (("code", code), ("next", back)) if value}
    address = f"{reverse('wallet:redeem')}?{urlencode(here)}" if here else reverse("wallet:redeem")
    if request.method == "POST":
        return redirect(f"{reverse('account_login')}?{urlencode({'next': address})}")
    facts = {"address": address, "code": code, "back": back}
    return render(request, "wallet/redeem_visitor.html", facts)


def _page(
    request: HttpRequest, form: RedeemForm, back: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    response = render(
        request, "wallet/redeem.html", {"form": form, "back": back, **more}, status=status
    )
    if refusal := more.get("refusal"):
        response["X-Error-Code"] = refusal.code
    return response


def _done(request: HttpRequest, redemption: Redemption, back: str) -> HttpResponse:
    """Lead to what came of it: the order of a card, the wallet with its bonus coins."""
    if redemption.purchase is not None:
        if back:
            came_from.note(request, redemption.purchase, back)
        return redirect("wallet:order", redemption.purchase.public_id)
    said = gettext("%(coins)s bonus coins are yours. Gifts use them first.")
    messages.success(request, said % {"coins": figure(redemption.coins)})
    there = reverse("wallet:wallet")
    return redirect(f"{there}?{urlencode({'next': back})}" if back else there)
