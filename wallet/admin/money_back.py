"""Money of bank transfers that goes back, in the admin: one person orders it, another confirms."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, link
from foundation.errors import DomainError
from foundation.requests import number
from wallet.admin.transfers import WaitingFilter
from wallet.models import BankTransfer, GiveBack
from wallet.transfers import giving_back, payers


def account_shown(request: HttpRequest, transfer: BankTransfer) -> str:
    """Return the payer's account for those who may see it; in words that it is not known."""
    if not request.user.has_perm("wallet.see_payer_account"):
        return ""
    try:
        return payers.account_of(transfer)
    except DomainError as refusal:
        return str(refusal.detail)


BACK_LABELS = {
    GiveBack.State.WAITING: "warning",
    GiveBack.State.ORDERED: "info",
    GiveBack.State.SENT: "success",
}


@admin.register(GiveBack)
class GiveBackAdmin(ReadOnlyAdmin):
    """Money that goes back to its payers, and the buttons of the two people who send it."""

    list_display = ("created_at", "payer", "sum", "kind", "shown_state", "ordered_by", "sent_at")
    list_display_links = ("created_at", "payer")
    list_filter = (WaitingFilter, "state", "kind", "currency")
    list_select_related = ("transfer", "ordered_by")
    search_fields = ("transfer__payer_name", "bank_reference", "transfer__purchase__public_id")
    search_help_text = _("Payer, bank's reference or order")
    date_hierarchy = "created_at"
    change_form_outer_before_template = "wallet/admin/money_back.html"
    fields = (
        ("sum", "shown_state"),
        "kind",
        "came",
        "of_refund",
        ("ordered_by", "ordered_at", "bank_reference"),
        ("sent_by", "sent_at"),
        "public_id",
    )
    readonly_fields = ("sum", "shown_state", "came", "of_refund", "public_id")

    @display(description=_("Payer"), ordering="transfer__payer_name")
    def payer(self, back: GiveBack) -> str:
        """Who gets it."""
        return back.transfer.payer_name or "–"

    @display(description=_("Money"), ordering="amount_minor")
    def sum(self, back: GiveBack) -> str:
        """What goes back."""
        return str(back.amount)

    @display(description=_("Came as"))
    def came(self, back: GiveBack) -> str:
        """The transfer with which it came, as a link."""
        address = reverse("admin:wallet_banktransfer_change", args=[back.transfer_id])
        return link(address, str(back.transfer))

    @display(description=_("Refund"))
    def of_refund(self, back: GiveBack) -> str:
        """The refund for which it goes back, as a link."""
        if back.refund is None:
            return "–"
        return link(reverse("admin:wallet_refund_change", args=[back.refund_id]), str(back.refund))

    @display(
        description=_("State"),
        label={str(state.label): kind for state, kind in BACK_LABELS.items()},
    )
    def shown_state(self, back: GiveBack) -> str:
        """The state in words."""
        return back.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons of the two people."""
        return [
            self.button("<int:pk>/order/", self.order, "wallet.order_giveback"),
            self.button("<int:pk>/put-back/", self.put_back, "wallet.order_giveback"),
            self.button("<int:pk>/confirm/", self.confirm, "wallet.confirm_giveback"),
            *super().get_urls(),
        ]

    def order(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that it was ordered at the bank."""
        back = get_object_or_404(GiveBack, pk=pk)
        reference = request.POST.get("reference", "")
        giving_back.order(give_back=back, by=request.user, bank_reference=reference)  # type: ignore[arg-type]  # staff are signed in
        told = gettext("Noted. Another person confirms that it left.")
        return self._done(request, back, gettext("Ordered: %(what)s") % {"what": back}, told)

    def put_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that it was not ordered after all."""
        back = get_object_or_404(GiveBack, pk=pk)
        giving_back.put_back(give_back=back)
        told = gettext("It waits to be sent again.")
        return self._done(request, back, gettext("Not ordered: %(what)s") % {"what": back}, told)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm that it left, as the second person."""
        back = get_object_or_404(GiveBack, pk=pk)
        giving_back.confirm(give_back=back, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        told = gettext("Confirmed and booked.")
        return self._done(request, back, gettext("Sent: %(what)s") % {"what": back}, told)

    def _done(self, request: HttpRequest, back: GiveBack, logged: str, told: str) -> HttpResponse:
        self.log_change(request, back, logged)
        messages.success(request, told)
        return redirect("admin:wallet_giveback_change", back.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show money that goes back with where it goes and the buttons that fit."""
        found = GiveBack.objects.select_related("transfer")
        back = found.filter(pk=number(object_id) or 0).first()
        facts: dict[str, Any] = {}
        if back is not None:
            waits = back.state == GiveBack.State.WAITING
            facts = {
                "account": account_shown(request, back.transfer) if waits else "",
                "waits": waits,
                "ordered": back.state == GiveBack.State.ORDERED,
                "own": request.user.pk == back.ordered_by_id,
            }
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))
