"""The providers' books, line by line, and what two people book of them by hand."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, link
from foundation.requests import number
from wallet.admin.transfers import WaitingFilter
from wallet.models import MovementBooking, ProviderMovement
from wallet.reconciliation import by_hand

State = MovementBooking.State
LABELS = {
    State.PROPOSED: "warning",
    State.BOOKED: "success",
    State.REJECTED: "danger",
    State.TAKEN_BACK: "info",
}


@admin.register(ProviderMovement)
class ProviderMovementAdmin(ReadOnlyAdmin):
    """What moved our balance at a payment provider, and whether a row of ours explains it."""

    list_display = (
        "moved_at",
        "provider",
        "kind",
        "amount",
        "fee",
        "net",
        "about",
        "booked_at",
        "by_hand",
    )
    list_filter = (
        "provider",
        "kind",
        "currency",
        ("booked_at", admin.EmptyFieldListFilter),
        "by_hand",
    )
    search_fields = ("reference", "about", "payment")
    search_help_text = _("Movement, order, refund or dispute")
    date_hierarchy = "moved_at"
    change_form_outer_before_template = "wallet/admin/movement.html"
    fields = (
        "provider",
        "reference",
        "kind",
        "about",
        "payment",
        "amount",
        "fee",
        "net",
        "source",
        "moved_at",
        "read_at",
        "booked_at",
        "by_hand",
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the button of the person who proposes."""
        return [
            self.button("<int:pk>/propose/", self.propose, "wallet.propose_movement"),
            *super().get_urls(),
        ]

    def propose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose where the movement goes."""
        movement = get_object_or_404(ProviderMovement, pk=pk)
        account, reason = request.POST.get("account", ""), request.POST.get("reason", "")
        made = by_hand.propose(movement=movement, account=account, by=request.user, reason=reason)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, movement, gettext("Proposed: %(what)s") % {"what": made})
        messages.success(request, gettext("Proposed. Another person must confirm it."))
        return redirect("admin:wallet_movementbooking_change", made.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a movement with its bookings by hand, and how to propose one."""
        found = ProviderMovement.objects.filter(pk=number(object_id) or 0)
        movement = found.unexplained().first()
        facts: dict[str, Any] = {
            "bookings": MovementBooking.objects.filter(movement__in=found),
            "row": None,
            "waits": movement is not None,
        }
        if movement is not None:
            facts |= {
                "undecided": by_hand.undecided(movement),
                "accounts": by_hand.accounts_for(movement),
                "row": by_hand.row_amount(movement),
            }
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))


@admin.register(MovementBooking)
class MovementBookingAdmin(ReadOnlyAdmin):
    """Bookings of movements, and the second person's buttons."""

    list_display = ("proposed_at", "what", "sum", "shown_state", "reason", "proposed_by")
    list_display_links = ("proposed_at",)
    list_filter = (WaitingFilter, "state", "account", "currency")
    list_select_related = ("proposed_by", "movement")
    search_fields = ("reason", "movement__reference", "movement__about")
    search_help_text = _("Reason, movement, order, refund or dispute")
    date_hierarchy = "proposed_at"
    change_form_outer_before_template = "wallet/admin/movement_booking.html"
    fields = (
        ("sum", "shown_state"),
        "account",
        "of_movement",
        "of_booking",
        "booked_by_row",
        ("proposed_by", "proposed_at"),
        ("decided_by", "decided_at"),
        "booked_at",
        "reason",
        "needs_attention",
        "public_id",
    )
    readonly_fields = (
        *("sum", "shown_state", "of_movement", "of_booking", "booked_by_row", "public_id"),
    )

    @display(description=_("Account"), ordering="account")
    def what(self, booking: MovementBooking) -> str:
        """Where it goes; that it takes another one back."""
        if booking.takes_back_id:
            return gettext("Takes back: %(what)s") % {"what": booking.get_account_display()}
        return booking.get_account_display()

    @display(description=_("Money"))
    def sum(self, booking: MovementBooking) -> str:
        """What the account takes."""
        return str(booking.amount)

    @display(description=_("Movement"))
    def of_movement(self, booking: MovementBooking) -> str:
        """The movement, as a link."""
        address = reverse("admin:wallet_providermovement_change", args=[booking.movement_id])
        return link(address, f"{booking.movement}, {booking.movement.reference}")

    @display(description=_("Takes back"))
    def of_booking(self, booking: MovementBooking) -> str:
        """The booking that it takes back, as a link."""
        if booking.takes_back is None:
            return "–"
        address = reverse("admin:wallet_movementbooking_change", args=[booking.takes_back_id])
        return link(address, str(booking.takes_back))

    @display(description=_("Booked by our own row already"))
    def booked_by_row(self, booking: MovementBooking) -> str:
        """What our own row moved, of which the account takes the difference."""
        return str(booking.row_amount or "–")

    @display(
        description=_("State"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, booking: MovementBooking) -> str:
        """The state in words."""
        return booking.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the second person's buttons, and the one that takes back."""
        return [
            self.button("<int:pk>/confirm/", self.confirm, "wallet.confirm_movement"),
            self.button("<int:pk>/reject/", self.reject, "wallet.confirm_movement"),
            self.button("<int:pk>/take-back/", self.take_back, "wallet.propose_movement"),
            *super().get_urls(),
        ]

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Book what another person proposed."""
        booking = get_object_or_404(MovementBooking, pk=pk)
        by_hand.confirm(booking=booking, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        said = gettext("Confirmed: %(what)s") % {"what": booking}
        return self._done(request, booking, said, gettext("Confirmed and booked."))

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn it down."""
        booking = get_object_or_404(MovementBooking, pk=pk)
        by_hand.reject(booking=booking, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        said = gettext("Rejected: %(what)s") % {"what": booking}
        return self._done(request, booking, said, gettext("Rejected. Nothing was booked."))

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose its mirror."""
        booking = get_object_or_404(MovementBooking, pk=pk)
        reason = request.POST.get("reason", "")
        made = by_hand.propose_taking_back(booking=booking, by=request.user, reason=reason)  # type: ignore[arg-type]  # staff are signed in
        said = gettext("To be taken back: %(what)s") % {"what": booking}
        told = gettext("Proposed. Another person must confirm it.")
        return self._done(request, made, said, told)

    def _done(
        self, request: HttpRequest, booking: MovementBooking, logged: str, told: str
    ) -> HttpResponse:
        self.log_change(request, booking, logged)
        messages.success(request, told)
        return redirect("admin:wallet_movementbooking_change", booking.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a booking with the buttons that fit the person."""
        found = MovementBooking.objects.filter(pk=number(object_id) or 0)
        booking = found.select_related("movement", "proposed_by").first()
        facts: dict[str, Any] = {}
        if booking is not None:
            facts = {
                "waits": booking.state == State.PROPOSED,
                "own": request.user.pk == booking.proposed_by_id,
                "stands": found.standing().exists(),
                "mirrors": booking.taken_back_by.all(),
            }
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))
