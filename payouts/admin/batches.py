"""A bank file in the admin: its payouts, its builder and approver, its fingerprint."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.requests import number
from payouts.admin.base import ActionsAdmin
from payouts.batches import bank_files
from payouts.models import Batch, Payout, Proposal
from payouts.proposals import services
from payouts.rails.bank_file.sample import statement_for

LABELS = {
    Batch.State.BUILT: "warning",
    Batch.State.APPROVED: "info",
    Batch.State.DOWNLOADED: "info",
    Batch.State.CLOSED: "success",
    Batch.State.VOID: "danger",
}


@admin.register(Batch)
class BatchAdmin(ActionsAdmin):
    """Bank files and their buttons."""

    list_display = (
        "name",
        "shown_state",
        "payout_count",
        "sum",
        "built_by",
        "built_at",
        "approved_by",
    )
    list_filter = ("state", "built_at")
    search_fields = ("public_id", "payouts__creator__handle", "payouts__method__holder")
    search_help_text = _("File number, creator handle or account holder")
    list_select_related = ("built_by", "approved_by")
    change_form_outer_before_template = "payouts/staff/_batch.html"
    fields = (
        ("built_by", "built_at"),
        ("approved_by", "approved_at"),
        ("downloaded_at", "execute_on"),
        "fingerprint",
    )

    readonly_fields = ("fingerprint",)

    @display(description=_("SHA-256 of the file"))
    def fingerprint(self, batch: Batch) -> str:
        """The file's fingerprint, to compare with what the bank's site shows."""
        return format_html('<span class="po-hash">{}</span>', batch.file_sha256 or "–")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Return batches with the number of their payouts."""
        found: QuerySet[Batch] = super().get_queryset(request)
        return found.defer("file", "csv").annotate(count=Count("payouts"))

    @display(description=_("bank file"), ordering="built_at")
    def name(self, batch: Batch) -> str:
        """The short id."""
        return batch.short_id

    @display(
        description=_("state"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, batch: Batch) -> str:
        """The state in words."""
        return batch.get_state_display()

    @display(description=_("payouts"))
    def payout_count(self, batch: Any) -> int:
        """The number of payouts."""
        return int(batch.count)

    @display(description=_("total"))
    def sum(self, batch: Batch) -> str:
        """The money."""
        return str(batch.total)

    def get_urls(self) -> list[URLPattern]:
        """Return the list's and the buttons' addresses."""
        return [
            self.button("<int:pk>/approve/", self.approve, "payouts.approve_batch"),
            self.button("<int:pk>/discard/", self.discard, "payouts.build_batch"),
            self.button("<int:pk>/void/", self.void, "payouts.propose_booking"),
            self.button("<int:pk>/xml/", self.xml, "payouts.download_batch"),
            self.button("<int:pk>/csv/", self.csv, "payouts.download_batch"),
            self.button("<int:pk>/sample/", self.sample, "payouts.download_batch"),
            *super().get_urls(),
        ]

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve the batch."""
        batch = bank_files.approve(batch=get_object_or_404(Batch, pk=pk), by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, batch, gettext("Approved %(total)s.") % {"total": batch.total})
        said = gettext("Approved: %(total)s will be sent once the bank receives the file.")
        messages.success(request, said % {"total": batch.total})
        return redirect("admin:payouts_batch_change", pk)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Discard the batch."""
        batch = get_object_or_404(Batch, pk=pk)
        bank_files.discard(batch=batch)
        self.log_change(request, batch, gettext("Bank file discarded."))
        messages.success(request, gettext("Bank file discarded. Its payouts are ready again."))
        return redirect("admin:payouts_payout_changelist")

    def void(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose that the bank never executed the file."""
        proposal = services.propose_not_executed(
            batch=get_object_or_404(Batch, pk=pk),
            by=request.user,  # type: ignore[arg-type]  # staff are signed in
            reason=request.POST.get("reason", ""),
        )
        self.log_addition(request, proposal, gettext("Proposed: %(what)s") % {"what": proposal})
        messages.success(request, gettext("Proposed. Another person must confirm it."))
        return redirect("admin:payouts_proposal_change", proposal.pk)

    def xml(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the bank's file as a download."""
        batch = get_object_or_404(Batch, pk=pk)
        content = bank_files.download(batch=batch)
        self._tell_of_new_day(request, batch)
        return _file(content, bank_files.file_name(batch, "xml"))

    def csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the same payments as CSV."""
        batch = get_object_or_404(Batch, pk=pk)
        return _file(bank_files.download(batch=batch, csv=True), bank_files.file_name(batch, "csv"))

    def _tell_of_new_day(self, request: HttpRequest, before: Batch) -> None:
        now = Batch.objects.defer("file", "csv").get(pk=before.pk)
        if now.execute_on == before.execute_on:
            return
        said = gettext(
            "The file asks the bank to pay on %(day)s, because %(before)s can't be met any more. "
            "All else is as approved (SHA-256 %(sha256)s)."
        )
        facts = {"day": now.execute_on, "before": before.execute_on, "sha256": before.file_sha256}
        self.log_change(request, now, said % facts)
        messages.info(request, said % facts)

    def sample(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the test bank's answer."""
        batch = get_object_or_404(Batch, pk=pk)
        back = request.POST.get("answer") == "one_returned"
        returned = list(batch.payouts.order_by("-pk")[:1]) if back else []
        name = bank_files.file_name(batch, "camt053.xml")
        return _file(statement_for(batch, returned=returned), name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a batch with the buttons that fit its state."""
        batch = Batch.objects.defer("file", "csv").filter(pk=number(object_id) or 0).first()
        may = request.user.has_perm
        context = {
            "payouts": batch.payouts.select_related("creator", "method")
            if batch
            else Payout.objects.none(),
            "may_approve": may("payouts.approve_batch"),
            "may_build": may("payouts.build_batch"),
            "may_propose": may("payouts.propose_booking"),
            "voidings": batch.proposals.exclude(state=Proposal.State.REJECTED) if batch else [],
            "may_download": may("payouts.download_batch"),
            "built_it": batch is not None and batch.built_by_id == request.user.pk,
            "test_bank": settings.SANDBOX,
        }
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )


def _file(content: bytes, name: str) -> HttpResponse:
    """Return a download that no cache keeps: it is full of bank details."""
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else "application/xml"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
