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

from accounts.models import Country
from foundation.jobs import nudge
from foundation.money import money
from wallet import tasks
from wallet.models import SandboxDispute, SandboxPayment, SandboxSavedCard
from wallet.providers.sandbox import disputes as buyers_bank

State = SandboxPayment.State
PAYS_LATER_AFTER = timedelta(seconds=10)
DECISIONS = {
    "win": SandboxDispute.State.WON,
    "lose": SandboxDispute.State.LOST,
    "escalate": SandboxDispute.State.NEEDS_RESPONSE,
}
View = Callable[[HttpRequest, UUID], HttpResponse]


def sandbox_page(view: View) -> View:
    """Let a page exist in sandbox mode only, for everybody who has its address."""

    @wraps(view)
    def guarded(request: HttpRequest, reference: UUID) -> HttpResponse:
        if not settings.SANDBOX:
            raise Http404
        return view(request, reference)

    return never_cache(login_not_required(require_http_methods(["GET", "POST"])(guarded)))


@transaction.atomic
def press(payment: SandboxPayment, to: State, *, settles: timedelta | None = None) -> None:
    """Move a payment as its payer pressed; pressing again changes nothing."""
    payment.move(to, settles_at=timezone.now() + settles if settles else None)
    nudge(tasks.sweep)


def choose_card(payment: SandboxPayment, country: str) -> None:
    """Note where the payer's card was issued, as long as the payment is open."""
    same = SandboxPayment.objects.filter(pk=payment.pk, state=State.OPEN)
    if Country.objects.filter(code=country).exists() and same.update(country=country):
        payment.country = country


# Of the first ones each person has their own; the last one is a card that others pay with too.
CARDS = (
    "4242 4242 4242 4242",
    "4000 0566 5566 5556",
    "5555 5555 5555 4444",
    "2223 0031 2200 3222",
    "3782 822463 10005",
)
SHARED = "6011 1111 1111 1117"
PAGE = {"cards": CARDS, "shared": SHARED}


def choose_number(payment: SandboxPayment, number: str) -> None:
    """Note with which of the cards the payer pays, as long as the payment is open."""
    owner = payment.card.partition(":")[0]
    named = "shared" if number == SHARED else f"{owner}:{number[:4]}"
    if number in {*CARDS[1:], SHARED}:
        SandboxPayment.objects.filter(pk=payment.pk, state=State.OPEN).update(card=named)


@sandbox_page
def pay(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the pay page, or do what was pressed on it and lead back to the shop."""
    payment = get_object_or_404(SandboxPayment, pk=reference)
    pressed = request.POST.get("pressed")
    choose_card(payment, request.POST.get("country", ""))
    choose_number(payment, request.POST.get("card", ""))
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
    if payment.by_bank:
        return redirect("wallet:sandbox_bank", reference)
    return render(
        request,
        "wallet/sandbox/pay.html",
        facts(payment) | PAGE | {"countries": Country.objects.all()},
    )


@sandbox_page
def bank(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the bank's page, or take the answer: a transfer, or whether it is really the payer."""
    payment = get_object_or_404(SandboxPayment, pk=reference)
    pressed = request.POST.get("pressed")
    if pressed == "confirm" and payment.by_bank:
        press(payment, State.PROCESSING, settles=PAYS_LATER_AFTER)
    elif pressed == "confirm":
        press(payment, State.SUCCEEDED)
    elif pressed == "deny":
        press(payment, State.DECLINED)
    if payment.state == State.OPEN and not payment.by_bank:
        return redirect("wallet:sandbox_pay", reference)
    if payment.state not in {State.OPEN, State.NEEDS_AUTHENTICATION}:
        return redirect(payment.return_url)
    return render(request, "wallet/sandbox/bank.html", facts(payment))


@sandbox_page
def save(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the page on which a card is saved, or save one that will pay, or not, as pressed."""
    card = get_object_or_404(SandboxSavedCard, pk=reference)
    pressed = request.POST.get("pressed", "")
    if pressed in SandboxSavedCard.Plays:
        SandboxSavedCard.objects.filter(pk=card.pk, plays="").update(plays=pressed)
        nudge(tasks.sweep)
        return redirect(card.return_url)
    if card.plays:
        return redirect(card.return_url)
    return render(request, "wallet/sandbox/save.html", {"card": card})


@sandbox_page
def disputes(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show the buyer's bank, or do there what was pressed: complain, decide, withdraw."""
    payment = get_object_or_404(SandboxPayment, pk=reference, state=State.SUCCEEDED)
    pressed = request.POST.get("pressed", "")
    if pressed in {"complain", "inquire"}:
        if not payment.disputes.exclude(state__in=buyers_bank.ENDED).exists():
            buyers_bank.complain(payment, inquiry=pressed == "inquire")
    elif pressed in DECISIONS:
        about = whole(request.POST.get("dispute", ""))
        buyers_bank.move(get_object_or_404(payment.disputes, pk=about), DECISIONS[pressed])
    if pressed:
        nudge(tasks.sweep)
        return redirect("wallet:sandbox_disputes", reference)
    found = list(payment.disputes.order_by("-created_at"))
    is_open = any(dispute.state not in buyers_bank.ENDED for dispute in found)
    shown = facts(payment) | {"disputes": found, "open": is_open}
    return render(request, "wallet/sandbox/disputes.html", shown)


def whole(text: str) -> UUID | None:
    """Return the id that a form names, if it has the form of one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def facts(payment: SandboxPayment) -> dict[str, object]:
    """Return what all pages show."""
    return {"payment": payment, "amount": money(payment.amount_minor, payment.currency)}
