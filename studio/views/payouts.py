"""The pages of payouts: the available amount, the bank account, each payout's steps."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthedRequest, proved_lately
from foundation.errors import DomainError
from payouts import timeline
from payouts.methods import bank_accounts
from payouts.models import Payout, PayoutPolicy
from payouts.reading import ReadPayout, read
from payouts.requests import quotes, services
from payouts.summary import summary
from studio.access import creators_only
from studio.forms.payouts import KeyForm, MethodForm, PayoutForm
from wallet.models import RateCard
from wallet.prices.diamonds import CreatorsMoney, quote

View = Callable[..., HttpResponse]
PER_PAGE = 20
MOST_DIGITS = 12


def freshly_signed_in(view: View) -> View:
    """Ask for the password again before money settings.

    A form sent too late starts over: allauth would keep what was typed in the session, and an
    IBAN stays out of it.
    """

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not proved_lately(request):
            messages.warning(
                request, _("Your confirmation expired. Confirm it's you, then try again.")
            )
            return redirect("studio:bank_account")
        return reauthentication_required(view)(request, *args, **kwargs)  # type: ignore[no-any-return]  # allauth ships no types

    return guarded


@never_cache
@require_GET
@creators_only
def payouts(request: AuthedRequest) -> HttpResponse:
    """Show the available amount, the bank account, and every payout so far."""
    return _home(request, form=None)


@require_POST
@creators_only
def request_payout(request: AuthedRequest) -> HttpResponse:
    """Take a request for a payout."""
    form = PayoutForm(request.POST)
    if not form.is_valid():
        return _home(request, form=form, status=422)
    try:
        payout = services.request_payout(creator=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("diamonds" if refusal.field == "diamonds" else None, refusal.detail)
        return _home(request, form=form, status=refusal.status)
    said = _("Payout of %(amount)s requested.") % {"amount": read(payout).in_words}
    messages.success(request, said)
    return redirect("studio:payout", payout.public_id)


@never_cache
@require_GET
@creators_only
def payout_quote(request: AuthedRequest) -> HttpResponse:
    """Say what the typed number of diamonds pays: the fragment under the field."""
    asked = _quoted(CreatorsMoney(request.user), request.GET.get("diamonds", ""))
    smallest = quotes.smallest_payout(RateCard.objects.current())
    return render(request, "studio/payouts/_quote.html", {**asked, "smallest": smallest})


@never_cache
@require_GET
@creators_only
def payouts_panel(request: AuthedRequest) -> HttpResponse:
    """Show the studio's corner of payouts: paid this year, and the next one as a line of steps."""
    seen = summary(request.user)
    return render(
        request, "studio/payouts/_panel.html", {"seen": seen, **_progress(seen.next_payout)}
    )


@never_cache
@require_GET
@creators_only
def payout(request: AuthedRequest, payout_id: UUID) -> HttpResponse:
    """Show one payout with every step and its time."""
    mine = _mine(request, payout_id)
    context = {"seen": read(mine), "steps": timeline.steps(mine), "form": KeyForm()}
    return render(request, "studio/payouts/payout.html", context)


@require_POST
@creators_only
def cancel_payout(request: AuthedRequest, payout_id: UUID) -> HttpResponse:
    """Call a payout off that has not left."""
    payout = services.cancel(payout=_mine(request, payout_id), by=request.user)
    messages.success(request, _("Payout cancelled. The diamonds are back in your balance."))
    return redirect("studio:payout", payout.public_id)


@require_POST
@creators_only
def pay_out_again(request: AuthedRequest, payout_id: UUID) -> HttpResponse:
    """Send the money of a returned payout once more."""
    form, mine = KeyForm(request.POST), _mine(request, payout_id)
    if not form.is_valid():
        return redirect("studio:payout", mine.public_id)
    payout = services.pay_again(creator=request.user, payout=mine, key=form.cleaned_data["key"])
    said = _("%(amount)s will be sent again.") % {"amount": read(payout).in_words}
    messages.success(request, said)
    return redirect("studio:payout", payout.public_id)


@never_cache
@require_http_methods(["GET", "POST"])
@creators_only
@freshly_signed_in
def bank_account(request: AuthedRequest) -> HttpResponse:
    """Add or change the bank account."""
    form = MethodForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _kept(request, form):
            return redirect("studio:payouts")
    context = {
        "form": form,
        "account": bank_accounts.method_of(request.user),
        "hours": PayoutPolicy.current().bank_change_freeze_hours,
    }
    return render(request, "studio/payouts/method.html", context, status=status)


@never_cache
@require_POST
@creators_only
def bank_account_fields(request: AuthedRequest) -> HttpResponse:
    """Say how the bank will get the name, and ask for what this bank needs: the fragment under
    name and IBAN. Nothing typed is kept.
    """
    form = MethodForm(initial=request.POST.dict())
    return render(request, "studio/payouts/_bank_fields.html", {"form": form})


@require_POST
@creators_only
@freshly_signed_in
def remove_bank_account(request: AuthedRequest) -> HttpResponse:
    """Forget the bank account."""
    bank_accounts.remove_method(creator=request.user)
    messages.success(request, _("Bank account removed."))
    return redirect("studio:payouts")


@require_POST
@creators_only
def weekly_payouts(request: AuthedRequest) -> HttpResponse:
    """Switch the weekly payout on or off."""
    method = bank_accounts.set_weekly(
        creator=request.user, weekly=request.POST.get("weekly") == "on"
    )
    said = _("Weekly payouts are on.") if method.auto_weekly else _("Weekly payouts are off.")
    messages.success(request, said)
    return redirect("studio:payouts")


def _home(request: AuthedRequest, *, form: PayoutForm | None, status: int = 200) -> HttpResponse:
    seen = summary(request.user)
    form = form or PayoutForm(initial={"diamonds": seen.most or None})
    mine = Payout.objects.filter(creator=request.user).select_related("method", "rate_card")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    reader = CreatorsMoney(request.user)
    context = {
        "seen": seen,
        "form": form,
        **_quoted(reader, str(form["diamonds"].value() or "")),
        "page": page,
        "payouts": [read(payout, reader) for payout in page],
        **_progress(seen.next_payout),
    }
    return render(request, "studio/payouts/home.html", context, status=status)


def _progress(seen: ReadPayout | None) -> dict[str, Any]:
    if seen is None:
        return {}
    payout = seen.payout
    return {"steps": timeline.progress(payout), "sentence": timeline.in_a_sentence(payout)}


def _mine(request: AuthedRequest, payout_id: UUID) -> Payout:
    mine = Payout.objects.filter(creator=request.user).select_related("method", "rate_card")
    return get_object_or_404(mine, public_id=payout_id)


def _quoted(reader: CreatorsMoney, typed: str) -> dict[str, Any]:
    """Return what so many diamonds pay: to the creator, and at the bank if it has another money."""
    typed = typed.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > MOST_DIGITS:
        return {}
    worth = reader.worth(int(typed))
    at_bank = quote(diamonds=worth.diamonds, currency=quotes.BANK_CURRENCY)
    return {
        "quote": worth,
        "rate": reader.rate,
        "at_bank": at_bank if at_bank.currency != worth.currency else None,
    }


def _kept(request: AuthedRequest, form: MethodForm) -> bool:
    """Return whether the bank account was taken; if not, the form says why."""
    try:
        bank_accounts.add_method(creator=request.user, **form.details())
    except DomainError as refusal:
        form.add_error(refusal.field, refusal.detail)
        return False
    messages.success(request, _("Bank account saved. We've sent you a confirmation email."))
    return True
