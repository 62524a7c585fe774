"""Bookings by hand in the admin: what one person proposed, for another to confirm or reject."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import link
from foundation.requests import number
from payouts.admin.base import ActionsAdmin
from payouts.models import Proposal
from payouts.proposals import bookings, services

LABELS = {
    Proposal.State.OPEN: "warning",
    Proposal.State.CONFIRMED: "success",
    Proposal.State.REJECTED: "danger",
}


@admin.register(Proposal)
class ProposalAdmin(ActionsAdmin):
    """Proposals and their two buttons."""

    list_display = (
        "what",
        "subject",
        "sum",
        "shown_state",
        "proposed_by",
        "proposed_at",
        "decided_by",
    )
    list_display_links = ("what",)
    list_filter = ("state", "kind", "proposed_at")
    list_select_related = (
        "line__payout__creator",
        "payout__creator",
        "batch__built_by",
        "balance",
        "proposed_by",
        "decided_by",
    )
    search_fields = ("reason", "payout__creator__handle", "line__reference")
    search_help_text = _("Reason, creator handle or the bank's reference")
    change_form_outer_before_template = "payouts/staff/_proposal.html"
    fields = (
        ("proposed_by", "proposed_at"),
        "uploader",
        ("decided_by", "decided_at"),
        "public_id",
    )
    readonly_fields = ("uploader", "public_id")

    @display(description=_("proposal"), ordering="kind")
    def what(self, proposal: Proposal) -> str:
        """What is proposed."""
        return proposal.get_kind_display()

    @display(description=_("about"))
    def subject(self, proposal: Proposal) -> str:
        """The payout, bank file, row or balance that it is about."""
        return subject_of(proposal)

    @display(description=_("amount"))
    def sum(self, proposal: Proposal) -> str:
        """The money that it books or explains."""
        return str(money_of(proposal) or "–")

    @display(
        description=_("state"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, proposal: Proposal) -> str:
        """The state in words."""
        return proposal.get_state_display()

    @display(description=_("bank's file uploaded by"))
    def uploader(self, proposal: Proposal) -> str:
        """The person who handed in the file in which the bank says it."""
        return str(proposal.uploaded_by or "–")

    def get_urls(self) -> list[URLPattern]:
        """Return the list's and the buttons' addresses."""
        return [
            self.button("<int:pk>/confirm/", self.confirm, "payouts.confirm_booking"),
            self.button("<int:pk>/reject/", self.reject, "payouts.confirm_booking"),
            *super().get_urls(),
        ]

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Book what was proposed."""
        proposal = get_object_or_404(Proposal, pk=pk)
        services.confirm(proposal=proposal, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, proposal, gettext("Confirmed: %(what)s") % {"what": proposal})
        messages.success(request, gettext("Confirmed and booked."))
        return redirect("admin:payouts_proposal_change", pk)

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn it down."""
        proposal = get_object_or_404(Proposal, pk=pk)
        services.reject(proposal=proposal, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, proposal, gettext("Rejected: %(what)s") % {"what": proposal})
        messages.success(request, gettext("Rejected. Nothing was booked."))
        return redirect("admin:payouts_proposal_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a proposal with the buttons that fit the person."""
        found = Proposal.objects.select_related("line__statement", "payout", "batch", "balance")
        proposal = found.filter(pk=number(object_id) or 0).first()
        facts: dict[str, Any] = {"may_confirm": request.user.has_perm("payouts.confirm_booking")}
        if proposal:
            facts["subject"] = subject_of(proposal)
            facts["sum"] = money_of(proposal)
            facts["own"] = request.user.pk in {proposal.proposed_by_id, proposal.uploaded_by_id}
            twice = proposal.payout and bookings.claimed_of(proposal.payout)
            facts["paid_twice"] = bool(twice) and proposal.kind == Proposal.Kind.RETURN
        return super().change_view(request, object_id, form_url, {**facts, **(extra_context or {})})


def subject_of(proposal: Proposal) -> str:
    """Return the way to what a proposal is about."""
    if proposal.payout:
        address = reverse("admin:payouts_payout_change", args=[proposal.payout.pk])
        return link(address, str(proposal.payout))
    if proposal.batch:
        return link(
            reverse("admin:payouts_batch_change", args=[proposal.batch.pk]), str(proposal.batch)
        )
    owner = proposal.line or proposal.balance
    if owner is None:
        return "–"
    return link(
        reverse("admin:payouts_bankstatement_change", args=[owner.statement_id]), str(owner)
    )


def money_of(proposal: Proposal) -> Any:
    """Return the money that a proposal is about, if any."""
    if proposal.amount_minor:
        return proposal.amount
    if proposal.line:
        return proposal.line.amount
    return proposal.batch.total if proposal.batch else None
