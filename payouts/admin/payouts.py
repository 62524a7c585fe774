"""Payouts in the admin: by state and age, with every step; the queue of those that can leave."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import link
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.money import money, sub_unit
from foundation.requests import number
from payouts import timeline
from payouts.admin.base import ActionsAdmin
from payouts.admin.statements import asking
from payouts.batches import bank_files
from payouts.models import Payout, StatementLine
from payouts.pause import paused
from payouts.requests import services

LABELS = {
    Payout.State.REQUESTED: "info",
    Payout.State.READY: "primary",
    Payout.State.BATCHED: "warning",
    Payout.State.SENT: "warning",
    Payout.State.SETTLED: "success",
    Payout.State.RETURNED: "danger",
}


class AgeFilter(admin.SimpleListFilter):
    """Payouts by the time since their request."""

    title = _("age")
    parameter_name = "age"
    DAYS = {"1": _("more than a day"), "3": _("more than three days"), "7": _("more than a week")}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return list(self.DAYS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payout]) -> QuerySet[Payout]:
        """Return the payouts that old."""
        if self.value() not in self.DAYS:
            return queryset
        return queryset.filter(
            created_at__lt=timezone.now() - timedelta(days=int(self.value() or 0))
        )


class AttentionFilter(admin.SimpleListFilter):
    """Payouts that need a person's attention."""

    title = _("attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one choice."""
        return [("yes", _("needs attention"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payout]) -> QuerySet[Payout]:
        """Return those with a note for staff."""
        return queryset.exclude(needs_attention="") if self.value() == "yes" else queryset


class ContradictionFilter(admin.SimpleListFilter):
    """Payouts of which the bank's files contradict our records."""

    title = _("contradiction")
    parameter_name = "contradiction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one choice."""
        return [("yes", _("not settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payout]) -> QuerySet[Payout]:
        """Return those that two people have not settled."""
        return queryset.exclude(held_reason="") if self.value() == "yes" else queryset


@admin.register(Payout)
class PayoutAdmin(ActionsAdmin):
    """Every payout; the ready ones can be put into a batch."""

    list_display = ("asked", "creator", "pays", "to", "shown_state", "in_batch", "needs_attention")
    list_filter = ("state", AgeFilter, AttentionFilter, ContradictionFilter, "currency")
    search_fields = ("creator__handle", "creator__email", "public_id", "method__holder")
    search_help_text = _("Handle, email, account holder or reference")
    list_select_related = ("creator", "method", "batch")
    ordering = ("created_at",)
    actions = ("build_selected",)
    list_before_template = "payouts/staff/_queue.html"
    change_form_outer_before_template = "payouts/staff/_payout.html"
    fields = (
        ("creator", "pays"),
        ("counted", "exact"),
        ("rate_card", "rate"),
        ("method", "bank_file"),
        ("end_to_end_id", "provider_reference"),
        ("return_reason", "needs_attention"),
        ("held_reason", "decision"),
        ("pays_again", "key"),
    )
    readonly_fields = ("pays", "counted", "exact", "rate", "bank_file", "end_to_end_id")

    @display(description=_("requested"), ordering="created_at")
    def asked(self, payout: Payout) -> Any:
        """The time of the request."""
        return payout.created_at

    @display(description=_("amount"), ordering="amount_minor")
    def pays(self, payout: Payout) -> str:
        """The money."""
        return str(payout.amount)

    @display(description=_("diamonds"))
    def counted(self, payout: Payout) -> str:
        """The diamonds that became money; none where returned cash is paid again."""
        return figure(payout.diamonds)

    @display(description=_("before rounding"))
    def exact(self, payout: Payout) -> str:
        """The amount to its last digit, as the rate card gives it."""
        whole = payout.exact_minor / sub_unit(payout.currency)
        return f"{figure(whole.normalize())} {payout.currency}"

    @display(description=_("USD exchange rate"))
    def rate(self, payout: Payout) -> str:
        """The exchange rate that was used."""
        return f"{figure(payout.fx_per_usd.normalize())} {payout.currency}"

    @display(description=_("to"))
    def to(self, payout: Payout) -> str:
        """The masked account."""
        return payout.method.iban_masked

    @display(
        description=_("state"), label={str(Payout.SHORT[s]): kind for s, kind in LABELS.items()}
    )
    def shown_state(self, payout: Payout) -> str:
        """The state in one word."""
        return payout.short_state

    @display(description=_("bank file"))
    def in_batch(self, payout: Payout) -> str:
        """The batch it is in."""
        return payout.batch.short_id if payout.batch else "–"

    @display(description=_("bank file"))
    def bank_file(self, payout: Payout) -> str:
        """The way to the file it is in."""
        if payout.batch is None:
            return "–"
        return link(
            reverse("admin:payouts_batch_change", args=[payout.batch.pk]), str(payout.batch)
        )

    @display(description=_("reference"))
    def end_to_end_id(self, payout: Payout) -> str:
        """The reference in the bank's statement."""
        return payout.end_to_end_id

    def get_urls(self) -> list[URLPattern]:
        """Return the list's and the buttons' addresses."""
        return [
            self.button("build/", self.build, "payouts.build_batch"),
            self.button("<int:pk>/cancel/", self.cancel, "payouts.cancel_payout"),
            *super().get_urls(),
        ]

    def has_build_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may build batches."""
        return request.user.has_perm("payouts.build_batch")

    @admin.action(
        description=_("Create a bank file from the selected payouts"), permissions=["build"]
    )
    def build_selected(self, request: HttpRequest, chosen: QuerySet[Payout]) -> HttpResponse | None:
        """Put the selected payouts that are ready into a batch."""
        try:
            return self._built(request, only=list(chosen.values_list("pk", flat=True)))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
            return None

    def build(self, request: HttpRequest) -> HttpResponse:
        """Put every payout that is ready into a batch."""
        return self._built(request)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel a payout for its creator."""
        cancelled = get_object_or_404(Payout, pk=pk)
        services.cancel(payout=cancelled, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, cancelled, gettext("Payout cancelled."))
        messages.success(
            request, gettext("Payout cancelled. The diamonds are back in the creator's balance.")
        )
        return redirect("admin:payouts_payout_change", pk)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list, with the payouts that can leave now above it."""
        ready = Payout.objects.for_batch("EUR").aggregate(sum=Sum("amount_minor"))["sum"] or 0
        queue = {
            "queue_count": Payout.objects.for_batch("EUR").count(),
            "queue_total": money(ready, "EUR"),
            "queue_oldest": Payout.objects.for_batch("EUR").order_by("created_at").first(),
            "may_build": self.has_build_permission(request),
            "paused": paused(),
        }
        return super().changelist_view(request, {**queue, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a payout with its steps."""
        payout = (
            Payout.objects.select_related("method", "rate_card")
            .filter(pk=number(object_id) or 0)
            .first()
        )
        way = {
            "steps": timeline.steps(payout) if payout else [],
            "may_cancel": request.user.has_perm("payouts.cancel_payout"),
            "may_propose": request.user.has_perm("payouts.propose_booking"),
            "contradictions": [asking(line) for line in _contradictions(payout)] if payout else [],
        }
        return super().change_view(request, object_id, form_url, {**way, **(extra_context or {})})

    def _built(self, request: HttpRequest, only: list[int] | None = None) -> HttpResponse:
        batch = bank_files.build_batch(by=request.user, only=only)  # type: ignore[arg-type]  # staff are signed in
        count = batch.payouts.count()
        built = ngettext(
            "Bank file created: %(count)s payout, %(total)s. Another person must approve it.",
            "Bank file created: %(count)s payouts, %(total)s. Another person must approve it.",
            count,
        )
        facts = {"count": count, "total": batch.total}
        self.log_addition(request, batch, built % facts)
        messages.success(request, built % facts)
        return redirect("admin:payouts_batch_change", batch.pk)


def _contradictions(payout: Payout) -> Iterable[StatementLine]:
    """Return the bank's rows that contradict a payout and wait for two people."""
    theirs = Q(payout=payout) | Q(payout=payout.pays_again_id, payout__isnull=False)
    theirs |= Q(payout__pays_again=payout) | Q(batch=payout.batch_id, batch__isnull=False)
    rows = StatementLine.objects.filter(theirs, outcome=StatementLine.Outcome.CONTRADICTS)
    return rows.select_related("statement").prefetch_related("proposals")
