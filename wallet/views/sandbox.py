"""The sandbox's own pay page, as a provider would host it. It does not know who is here."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.jobs import nudge
from foundation.money import money
from wallet import tasks
from wallet.models import SandboxPayment

State = SandboxPayment.State
PAYS_LATER_AFTER = timedelta(seconds=10)
View = Callable[[HttpRequest, UUID], HttpResponse]


def sandbox_page(view: View) -> View:
    """Let a page exist in sandbox mode only, for everybody who has its address."""

    @wraps(view)
    def guarded(request: HttpRequest, reference: UUID) -> HttpResponse:
        if not settings.SANDBOX:
            raise Http404
        return view(request, reference)

    return never_cache(login_not_required(require_http_methods(["GET", "POST"])(guarded)))


def press(payment: SandboxPayment, to: State, *, settles: timedelta | None = None) -> None:
    """Move a payment as its payer pressed; pressing again changes nothing."""
    with transaction.atomic():
        payment.move(to, settles_at=timezone.now() + settles if settles else None)
        nudge(tasks.sweep)


@sandbox_page
def pay(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the pay page, or do what was pressed on it and lead back to the shop."""
    payment = get_object_or_404(SandboxPayment, pk=reference)
    pressed = request.POST.get("pressed")
    if pressed == "authenticate" or payment.state == State.NEEDS_AUTHENTICATION:
        press(payment, State.NEEDS_AUTHENTICATION)
        return redirect("wallet:sandbox_bank", reference)
    if pressed == "approve":
        press(payment, State.SUCCEEDED)
    elif pressed == "decline":
        press(payment, State.DECLINED)
    elif pressed == "later":
        press(payment, State.PROCESSING, settles=PAYS_LATER_AFTER)
    if payment.state != State.OPEN:
        return redirect(payment.return_url)
    return render(request, "wallet/sandbox/pay.html", facts(payment))


@sandbox_page
def bank(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the bank's question whether it is really the payer, or take the answer."""
    payment = get_object_or_404(SandboxPayment, pk=reference)
    pressed = request.POST.get("pressed")
    if pressed == "confirm":
        press(payment, State.SUCCEEDED)
    elif pressed == "deny":
        press(payment, State.DECLINED)
    if payment.state == State.OPEN:
        return redirect("wallet:sandbox_pay", reference)
    if payment.state != State.NEEDS_AUTHENTICATION:
        return redirect(payment.return_url)
    return render(request, "wallet/sandbox/bank.html", facts(payment))


def facts(payment: SandboxPayment) -> dict[str, object]:
    """Return what both pages show."""
    return {"payment": payment, "amount": money(payment.amount_minor, payment.currency)}
