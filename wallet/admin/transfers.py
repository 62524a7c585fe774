"""Bank transfers in the admin: what came, and what a person decides where the rules do not."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, link
from foundation.requests import number
from wallet.models import BankTransfer, Purchase
from wallet.transfers import refusals, review

State = BankTransfer.State
LABELS = {
    State.NEW: "info",
    State.REVIEW: "warning",
    State.APPROVAL: "warning",
    State.USED: "success",
    State.OWED: "info",
    State.REVERSED: "danger",
}
RIGHT = "wallet.match_transfer"


class WaitingFilter(admin.SimpleListFilter):
    """Transfers, or money to give back, that wait for a person; and all."""

    title = _("waits for a person")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, StrOrPromise]]:
        """Return the choices."""
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the choice."""
        waiting = queryset.model._default_manager.waiting()
        return queryset & waiting if self.value() == "yes" else queryset


@admin.register(BankTransfer)
class BankTransferAdmin(ReadOnlyAdmin):
    """Money that came by bank transfer, and the decisions of staff about it."""

    list_display = ("booked_on", "payer_name", "sum", "shown_state", "why", "words", "order")
    list_display_links = ("booked_on", "payer_name")
    list_filter = (WaitingFilter, "state", "why", "currency")
    list_select_related = ("purchase__user",)
    search_fields = (
        "bank_reference",
        "words",
        "payer_name",
        "purchase__public_id",
        "purchase__user__handle",
        "purchase__user__email",
    )
    search_help_text = _("Message, payer, bank's reference, order, email or handle")
    date_hierarchy = "booked_on"
    change_form_outer_before_template = "wallet/admin/transfer.html"
    fields = (
        ("sum", "shown_state"),
        ("payer_name", "payer_country"),
        "words",
        ("booked_on", "bank_reference"),
        ("why", "needs_attention"),
        "order",
        ("used", "used_at", "released_at"),
        ("decided_by", "reason"),
        "approved_by",
        ("statement", "uploaded_by", "received_at"),
        ("dismissed_at", "reversed_at"),
        "public_id",
    )
    readonly_fields = ("sum", "shown_state", "order", "used", "public_id")

    @display(description=_("Money"), ordering="amount_minor")
    def sum(self, transfer: BankTransfer) -> str:
        """What came."""
        return str(transfer.amount)

    @display(description=_("Counted for the order"))
    def used(self, transfer: BankTransfer) -> str:
        """What its order has of it, or had."""
        return str(transfer.used)

    @display(description=_("Order"))
    def order(self, transfer: BankTransfer) -> str:
        """The order, as a link."""
        if transfer.purchase is None:
            return "–"
        address = reverse("admin:wallet_purchase_change", args=[transfer.purchase_id])
        return link(address, str(transfer.purchase))

    @display(
        description=_("State"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, transfer: BankTransfer) -> str:
        """The state in words."""
        return transfer.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons of the person who decides, and of the second person."""
        return [
            self.button("<int:pk>/match/", self.match, RIGHT),
            self.button("<int:pk>/return/", self.give_back, RIGHT),
            self.button("<int:pk>/dismiss/", self.dismiss, RIGHT),
            self.button("<int:pk>/reverse/", self.take_back, RIGHT),
            self.button("<int:pk>/approve/", self.approve, "wallet.approve_transfer"),
            self.button("<int:pk>/turn-down/", self.turn_down, "wallet.approve_transfer"),
            *super().get_urls(),
        ]

    def match(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Count a transfer for the order that was chosen."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        found = Purchase.objects.filter(pk=number(request.POST.get("order", "")) or 0).first()
        if found is None:
            raise refusals.OrderUnknown
        moved = review.match(transfer=transfer, order=found, **_by(request))
        said = gettext("Matched to: %(what)s") % {"what": found}
        second = gettext("Another person must approve it before the coins are added.")
        done = gettext("Matched. What the order lacks is counted, the rest goes back.")
        waits = moved.state == State.APPROVAL
        return self._done(request, moved, said, second if waits else done)

    def give_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put all of a transfer into the queue of what goes back."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        made = review.give_back(transfer=transfer, **_by(request))
        said = gettext("Goes back: %(what)s") % {"what": made}
        return self._done(request, transfer, said, gettext("It is in the queue to be given back."))

    def dismiss(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that the money is no fan's."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        review.dismiss(transfer=transfer, **_by(request))
        said = gettext("Not from a fan: %(what)s") % {"what": transfer}
        return self._done(request, transfer, said, gettext("Left out. Nothing is owed for it."))

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Book that the bank took the money back."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        review.take_back(transfer=transfer, **_by(request))
        said = gettext("Taken back by the bank: %(what)s") % {"what": transfer}
        return self._done(request, transfer, said, gettext("Booked as taken back by the bank."))

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a transfer go to its order, as the second person."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        review.approve(transfer=transfer, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        said = gettext("Approved: %(what)s") % {"what": transfer}
        return self._done(request, transfer, said, gettext("Approved. The coins are on their way."))

    def turn_down(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a transfer back into review, as the second person."""
        transfer = get_object_or_404(BankTransfer, pk=pk)
        review.send_to_review(transfer=transfer, **_by(request))
        said = gettext("Back to review: %(what)s") % {"what": transfer}
        return self._done(request, transfer, said, gettext("It is to be reviewed again."))

    def _done(
        self, request: HttpRequest, transfer: BankTransfer, logged: str, told: str
    ) -> HttpResponse:
        self.log_change(request, transfer, logged)
        messages.success(request, told)
        return redirect("admin:wallet_banktransfer_change", transfer.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a transfer with the orders that it may be for and the buttons that fit."""
        found = BankTransfer.objects.select_related("purchase__awaited")
        transfer = found.filter(pk=number(object_id) or 0).first()
        facts: dict[str, Any] = {}
        if transfer is not None:
            words = request.GET.get("order", "")[:140]
            waits = transfer.state == State.REVIEW
            takes_back = State.REVERSED in transfer.NEXT[State(transfer.state)]
            facts = {
                "words": words,
                "orders": review.suggestions(transfer, words) if waits else [],
                "waits": waits,
                "approval": transfer.state == State.APPROVAL,
                "reversible": takes_back and transfer.state != State.NEW,
                "own": request.user.pk in {transfer.decided_by_id, transfer.uploaded_by_id},
                "back": transfer.given_back.select_related("transfer"),
            }
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))


def _by(request: HttpRequest) -> dict[str, Any]:
    """Return who decides and why, as services take it."""
    return {"by": request.user, "reason": request.POST.get("reason", "")}
