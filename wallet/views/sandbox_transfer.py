"""The fan's own bank in a sandbox: a transfer of any amount, with any words, or one taken back.

What is sent here arrives as a statement of our bank (camt.053) through the real reader.
"""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.jobs import nudge
from foundation.money import exact, exact_minor, money
from wallet import tasks
from wallet.models import AwaitedTransfer, BankTransfer
from wallet.purchases import by_transfer
from wallet.transfers import sandbox_bank

PAYER = "Harbour Visitor"
ACCOUNT = "NL91ABNA0417164300"


class TransferForm(forms.Form):
    """What a payer types at their bank."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=12, decimal_places=2)
    words = forms.CharField(label=_("Reference"), max_length=140, required=False)
    name = forms.CharField(label=_("From"), max_length=70)
    iban = forms.RegexField(
        label=_("Account"), regex=r"^[A-Z]{2}[0-9A-Z]{10,30}$", max_length=34, required=False
    )


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the bank's form, or send what it says and lead back to the order."""
    if not settings.SANDBOX:
        raise Http404
    awaited = get_object_or_404(
        AwaitedTransfer.objects.select_related("purchase"), reference=reference
    )
    purchase = awaited.purchase
    if request.method == "POST" and request.POST.get("pressed") == "back":
        newest = purchase.transfers.exclude(state=BankTransfer.State.REVERSED).first()
        if newest:
            sandbox_bank.take_back(newest, ACCOUNT)
            nudge(tasks.sweep)
        return redirect("wallet:order", purchase.public_id)
    how = by_transfer.instructions_of(purchase)
    left = how.amount_minor if how and how.amount_minor else purchase.total_minor
    first = {
        "amount": exact(money(left, purchase.currency)),
        "words": how.reference if how else reference,
        "name": PAYER,
        "iban": ACCOUNT,
    }
    form = TransferForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        if minor := exact_minor(form.cleaned_data["amount"], purchase.currency):
            sandbox_bank.send(
                sandbox_bank.Sent(
                    minor,
                    purchase.currency,
                    form.cleaned_data["words"],
                    form.cleaned_data["name"],
                    form.cleaned_data["iban"],
                )
            )
            nudge(tasks.sweep)
            return redirect("wallet:order", purchase.public_id)
        form.add_error("amount", _("Enter an amount above 0."))
    facts = {"form": form, "purchase": purchase, "came": purchase.transfers.exists()}
    status = 422 if form.errors else 200
    return render(request, "wallet/sandbox/transfer.html", facts, status=status)
