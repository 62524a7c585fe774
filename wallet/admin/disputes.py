"""Disputes: the list with the deadlines first, each one's page, and the rules for them."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.admin import OneRowAdmin, ReadOnlyAdmin, ReadOnlyInline, grouped
from foundation.jobs import nudge
from foundation.money import money
from foundation.requests import number
from foundation.texts import clean
from wallet import tasks
from wallet.disputes.costs import costs
from wallet.evidence import handing_in
from wallet.evidence.pack import compose
from wallet.models import Dispute, DisputePolicy, DisputeStep

STATES = {
    Dispute.State.NEEDS_RESPONSE: "warning",
    Dispute.State.UNDER_REVIEW: "info",
    Dispute.State.WON: "success",
    Dispute.State.LOST: "danger",
}
NOTE_LENGTH = 2_000


class StepInline(ReadOnlyInline):
    """What the dispute moved, step by step."""

    model = DisputeStep
    fields = ("kind", grouped("coins", _("coins")), "sum", "own", "created_at")
    readonly_fields = fields

    @display(description=_("Money"))
    def sum(self, step: DisputeStep) -> str:
        """The money that moved."""
        return str(money(step.amount_minor, step.dispute.currency)) if step.amount_minor else "–"

    @display(description=_("Borne by the site"))
    def own(self, step: DisputeStep) -> str:
        """What of it neither unspent coins nor tax gave."""
        return str(money(step.loss_minor, step.dispute.currency)) if step.loss_minor else "–"


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Disputes. Staff read them, look at the evidence and hand it in."""

    list_display = ("due", "buyer", "sum", "step", grouped("held_coins", _("coins on hold")),
                    "answered", "needs_attention")  # fmt: skip
    list_display_links = ("due",)
    list_filter = (
        "state",
        "inquiry",
        "provider",
        ("needs_attention", admin.EmptyFieldListFilter),
        "opened_at",
    )
    list_select_related = ("purchase__user",)
    search_fields = (
        "provider_reference",
        "purchase__public_id",
        "purchase__user__email",
        "purchase__user__handle",
    )
    search_help_text = _("Dispute, order, email or handle")
    inlines = (StepInline,)
    list_before_template = "wallet/staff/_disputes.html"
    change_form_outer_before_template = "wallet/staff/_dispute.html"
    fields = (
        ("purchase", "provider_reference"),
        ("reason", "opened_at"),
        ("bearer", "tax_back"),
        ("beyond", "decided_at"),
        "public_id",
    )
    readonly_fields = ("beyond", "public_id")

    class Media:
        css = {"all": ("wallet/staff.css",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return disputes with their evidence."""
        return super().get_queryset(request).prefetch_related("evidence")

    @display(description=_("evidence due"), ordering="evidence_due_at")
    def due(self, dispute: Dispute) -> Any:
        """Until when the bank takes evidence; of a decided one when that was."""
        return dispute.decided_at or dispute.evidence_due_at or dispute.opened_at

    @display(description=_("buyer"), ordering="purchase__user__handle")
    def buyer(self, dispute: Dispute) -> str:
        """The fan."""
        return str(dispute.purchase.user)

    @display(description=_("amount"), ordering="amount_minor")
    def sum(self, dispute: Dispute) -> str:
        """What the buyer asks back."""
        return str(dispute.amount)

    @display(description=_("State"), label=STATES)
    def step(self, dispute: Dispute) -> tuple[str, str]:
        """The state as a coloured word."""
        return dispute.state, dispute.get_state_display()

    @display(description=_("evidence"), boolean=True)
    def answered(self, dispute: Dispute) -> bool:
        """Whether evidence was written."""
        return bool(dispute.evidence.all())

    @display(description=_("More than the order has left"))
    def beyond(self, dispute: Dispute) -> str:
        """What of the amount was refunded or disputed before."""
        return str(money(dispute.uncovered_minor, dispute.currency))

    def get_urls(self) -> list[URLPattern]:
        """Add the evidence and the buttons."""
        show = self.admin_site.admin_view(self.evidence)
        return [
            path("<int:pk>/evidence/", show, name="wallet_dispute_evidence"),
            self.button("<int:pk>/hand-in/", self.hand_in, "wallet.answer_dispute"),
            self.button("<int:pk>/noted/", self.noted, "wallet.answer_dispute"),
            *super().get_urls(),
        ]

    def evidence(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the PDF: what was handed in, else what would be now."""
        dispute = get_object_or_404(Dispute.objects.select_related("purchase__user"), pk=pk)
        kept = dispute.evidence.first()
        pdf = bytes(kept.pdf) if kept else compose(dispute).pdf
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="evidence-{dispute.public_id}.pdf"'
        return answer

    def hand_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the evidence, for a worker to hand in."""
        dispute = get_object_or_404(Dispute, pk=pk)
        lines = request.POST.get("note", "")[:NOTE_LENGTH].splitlines()
        note = "\n".join(clean(line) for line in lines).strip()
        handing_in.hand_in(dispute=dispute, by=_person(request), note=note)
        nudge(tasks.sweep)
        self.log_change(request, dispute, _g("Handed evidence in"))
        messages.success(request, _g("The evidence is on its way to the bank."))
        return redirect("admin:wallet_dispute_change", pk)

    def noted(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take what needed attention off the queue."""
        dispute = get_object_or_404(Dispute, pk=pk)
        self.log_change(request, dispute, _g("Seen: %(what)s") % {"what": dispute.needs_attention})
        Dispute.objects.filter(pk=pk).update(needs_attention="")
        return redirect("admin:wallet_dispute_change", pk)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show what disputes cost above the list."""
        percent = (Decimal(DisputePolicy.current().reserve_bp) / 100).normalize()
        facts = {"costs": costs(), "reserve_percent": percent}
        return super().changelist_view(request, {**facts, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a dispute with its evidence and deadline."""
        found = Dispute.objects.select_related("purchase").filter(pk=number(object_id) or 0).first()
        facts: dict[str, Any] = {}
        if found:
            due = found.evidence_due_at
            facts["evidence"] = found.evidence.select_related("created_by").first()
            facts["late"] = due is not None and due < timezone.now()
            if found.provider == "sandbox":
                facts["sandbox"] = found.purchase.provider_reference
        return super().change_view(request, object_id, form_url, {**facts, **(extra_context or {})})


DisputeAdmin.evidence.permission = "wallet.view_dispute"  # type: ignore[attr-defined]  # the site asks for it


@admin.register(DisputePolicy)
class DisputePolicyAdmin(OneRowAdmin):
    """The rules for lost disputes. One row; it says who changed it last, the log all others."""

    fields = ("bearer", "tax_back", "reserve_bp", ("changed_by", "changed_at"))
    readonly_fields = ("changed_by", "changed_at")

    def save_model(
        self, request: HttpRequest, obj: DisputePolicy, form: "ModelForm[Model]", change: bool
    ) -> None:
        """Keep who changed it, and when."""
        obj.changed_by, obj.changed_at = _person(request), timezone.now()
        super().save_model(request, obj, form, change)


def _person(request: HttpRequest) -> User:
    assert not isinstance(request.user, AnonymousUser)  # noqa: S101  # staff are signed in
    return request.user
