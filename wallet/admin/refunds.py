"""Refunds in the admin: proposed on an order's page, confirmed here, followed to the end."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.admin import ReadOnlyAdmin, StaffAdmin, grouped, link
from foundation.errors import DomainError
from foundation.jobs import nudge
from foundation.money import exact_minor, money
from foundation.requests import number
from wallet import tasks
from wallet.models import Purchase, Refund
from wallet.refunds import by_hand, requests
from wallet.refunds.amounts import Shares
from wallet.refunds.unused import unused_coins

COINS = grouped("coins", _("Coins"))
LABELS = {
    Refund.State.PROPOSED: "warning",
    Refund.State.DONE: "success",
    Refund.State.FAILED: "danger",
    Refund.State.REJECTED: "danger",
}

# Whether a second person must confirm it, and what the first one reads.
SECOND = _("Another person must confirm it: it is above what one person may refund.")
ON_ITS_WAY = _("The money is on its way.")


class GiveBackForm(forms.Form):
    """How much of an order goes back, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=14, decimal_places=2, widget=forms.TextInput
    )
    note = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Staff read it, the fan does not.")
    )


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds, their steps, and the second person's two buttons."""

    list_display = (
        "created_at",
        "fan",
        COINS,
        "total",
        "shown_state",
        "reason",
        "asked_by",
        "needs_attention",
    )
    list_display_links = ("created_at",)
    list_filter = ("state", "reason", ("needs_attention", admin.EmptyFieldListFilter))
    list_select_related = ("purchase__user", "asked_by")
    search_fields = (
        "public_id",
        "provider_reference",
        "purchase__public_id",
        "purchase__user__email",
        "purchase__user__handle",
    )
    search_help_text = _("Refund, order, email or handle")
    date_hierarchy = "created_at"
    change_form_outer_before_template = "wallet/admin/refund.html"
    fields = (
        "order",
        "shown_state",
        "needs_attention",
        "reason",
        "note",
        COINS,
        "total",
        "net",
        "tax",
        "loss",
        ("asked_by", "created_at"),
        "decided_by",
        "done_at",
        "provider_reference",
        ("by_hand", "by_hand_by", "by_hand_confirmed_by"),
        ("instead_of", "gift_coins"),
        ("due_at", "attempts"),
        "public_id",
    )
    readonly_fields = ("order", "shown_state", COINS, "total", "net", "tax", "loss", "public_id")

    @display(description=_("Fan"), ordering="purchase__user__handle")
    def fan(self, refund: Refund) -> str:
        """Who gets the money."""
        return str(refund.purchase.user)

    @display(description=_("Order"))
    def order(self, refund: Refund) -> str:
        """The order, as a link."""
        address = reverse("admin:wallet_purchase_change", args=[refund.purchase_id])
        return link(address, str(refund.purchase))

    @display(description=_("Money"))
    def total(self, refund: Refund) -> str:
        """What goes back."""
        return str(refund.total)

    @display(description=_("of it net"))
    def net(self, refund: Refund) -> str:
        """The price of the coins without tax."""
        return str(money(refund.net_minor, refund.currency))

    @display(description=_("of it tax"))
    def tax(self, refund: Refund) -> str:
        """The tax of the coins."""
        return str(money(refund.tax_minor, refund.currency))

    @display(description=_("of it the site's loss"))
    def loss(self, refund: Refund) -> str:
        """What goes back although the coins were spent."""
        return str(money(refund.loss_minor, refund.currency))

    @display(
        description=_("State"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, refund: Refund) -> str:
        """The state in words."""
        return refund.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the second person's buttons."""
        return [
            self.button("<int:pk>/confirm/", self.confirm, "wallet.confirm_refund"),
            self.button("<int:pk>/reject/", self.reject, "wallet.confirm_refund"),
            self.button("<int:pk>/by-hand/", self.by_hand, "wallet.propose_refund"),
            self.button("<int:pk>/left/", self.left, "wallet.confirm_refund"),
            self.button("<int:pk>/not-by-hand/", self.not_by_hand, "wallet.confirm_refund"),
            *super().get_urls(),
        ]

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a refund go that another person proposed."""
        refund = get_object_or_404(Refund, pk=pk)
        confirmed = requests.confirm(refund=refund, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, refund, gettext("Confirmed: %(what)s") % {"what": refund})
        nudge(tasks.sweep)
        on_its_way = gettext("Confirmed. The money is on its way.")
        messages.success(request, confirmed.needs_attention or on_its_way)
        return redirect("admin:wallet_refund_change", pk)

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn it down; the coins are free again."""
        refund = get_object_or_404(Refund, pk=pk)
        requests.reject(refund=refund, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, refund, gettext("Rejected: %(what)s") % {"what": refund})
        messages.success(request, gettext("Rejected. The coins are free again."))
        return redirect("admin:wallet_refund_change", pk)

    def by_hand(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that the money goes back around the provider."""
        refund = get_object_or_404(Refund, pk=pk)
        said = request.POST.get("reference", "")
        asked = by_hand.propose(refund=refund, reference=said, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, asked, gettext("By hand: %(what)s") % {"what": said})
        messages.success(request, gettext("Another person must confirm that the money left."))
        return redirect("admin:wallet_refund_change", asked.pk)

    def left(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm that the money left by hand."""
        refund = get_object_or_404(Refund, pk=pk)
        by_hand.confirm(refund=refund, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, refund, gettext("Confirmed: %(what)s") % {"what": refund})
        messages.success(request, gettext("Confirmed. It is booked as given back."))
        return redirect("admin:wallet_refund_change", pk)

    def not_by_hand(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the proposal back; the payment service is asked again."""
        refund = get_object_or_404(Refund, pk=pk)
        by_hand.withdraw(refund=refund)
        self.log_change(request, refund, gettext("Not by hand: %(what)s") % {"what": refund})
        messages.success(request, gettext("The payment service is asked again."))
        return redirect("admin:wallet_refund_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a refund with the buttons that fit the person."""
        refund = Refund.objects.filter(pk=number(object_id) or 0).first()
        states = (Refund.State.HELD, Refund.State.FAILED)
        facts = {
            "turned_down": refund is not None
            and refund.state == Refund.State.HELD
            and not refund.by_hand
            and refund.purchase.is_prepaid,
            "stuck": refund is not None and refund.state in states and not refund.by_hand,
            "waits_by_hand": refund is not None and bool(refund.by_hand) and refund.is_open,
            "own_by_hand": refund is not None and refund.by_hand_by_id == request.user.pk,
            "may_propose": request.user.has_perm("wallet.propose_refund"),
            "waits": refund is not None and refund.state == Refund.State.PROPOSED,
            "own": refund is not None and refund.asked_by_id == request.user.pk,
            "may_confirm": request.user.has_perm("wallet.confirm_refund"),
        }
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))


def page_of_a_new_refund(keeper: StaffAdmin) -> Callable[..., HttpResponse]:
    """Return the page on which staff refund one order; it asks for the right to."""

    def refund(request: HttpRequest, pk: int) -> HttpResponse:
        by: User = request.user  # type: ignore[assignment]  # staff are signed in
        purchase = get_object_or_404(Purchase.objects.select_related("user"), pk=pk)
        if purchase.captured_at is None:
            messages.info(request, gettext("Nothing was paid, so nothing can be refunded."))
            return redirect("admin:wallet_purchase_change", pk)
        form = GiveBackForm(request.POST or None, initial={"key": uuid.uuid4()})
        if request.method == "POST" and form.is_valid() and (asked := _asked(by, purchase, form)):
            keeper.log_change(request, purchase, gettext("Asked for: %s") % asked)
            on_its_way = asked.needs_attention or ON_ITS_WAY
            messages.success(request, SECOND if asked.needs_second else on_its_way)
            return redirect("admin:wallet_refund_change", asked.pk)
        unused = unused_coins(purchase)
        facts = {
            **keeper.admin_site.each_context(request),
            "title": gettext("Refund an order"),
            "opts": keeper.opts,
            "form": form,
            "purchase": purchase,
            "most": money(requests.most_by_staff(purchase), purchase.currency),
            "unused": unused,
            "worth": money(Shares(purchase).of(unused).total_minor, purchase.currency),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "wallet/admin/give_back.html", facts, status=status)

    refund.permission = "wallet.propose_refund"  # type: ignore[attr-defined]  # the site asks for it
    return refund


def _asked(by: User, purchase: Purchase, form: GiveBackForm) -> Refund | None:
    """Return the refund that the form asks for; nothing, with its reason, if refused."""
    minor = exact_minor(form.cleaned_data["amount"], purchase.currency)
    try:
        refund = requests.give_back(
            purchase=purchase,
            key=form.cleaned_data["key"],
            amount_minor=minor or 0,
            by=by,
            note=form.cleaned_data["note"],
        )
    except DomainError as refusal:
        form.add_error(refusal.field or None, str(refusal.detail))
        return None
    nudge(tasks.sweep)
    return refund
