"""Bank statements in the admin: upload one, read its report row by row."""

from typing import Any, TypeVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.errors import DomainError
from foundation.money import money
from foundation.requests import number
from payouts import refusals
from payouts.admin.base import ActionsAdmin
from payouts.admin.forms import StatementForm, typed_minor
from payouts.methods import iban
from payouts.models import BankBalance, BankStatement, Proposal, StatementLine
from payouts.proposals import bookings, services
from payouts.statements import balances, files
from wallet.models import TransferStatement

Kind = Proposal.Kind
M = TypeVar("M", StatementLine, BankBalance)

TONES = {
    "settled": "good",
    "returned": "bad",
    "waiting": "bad",
    "contradicts": "bad",
    "dismissed": "",
    "duplicate": "bad",
    "repeated": "",
    "unknown": "",
}
ROWS_PER_PAGE = 500

WORDS = {
    "settled": _("paid"),
    "returned": _("sent back"),
    "waiting": _("sent back, waiting for a second person"),
    "repeated": _("already known"),
    "contradicts": _("doesn't match ours"),
    "dismissed": _("found wrong"),
    "duplicate": _("refused as a duplicate"),
    "unknown": _("not ours"),
}


@admin.register(BankStatement)
class BankStatementAdmin(ActionsAdmin):
    """Statements and their reports."""

    takes_files = True
    list_display = ("statement_id", "iban_masked", "rows", "uploaded_by", "uploaded_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("statement_id", "lines__end_to_end_id", "lines__reference")
    search_help_text = _("Statement or a reference in it")
    date_hierarchy = "uploaded_at"
    list_before_template = "payouts/staff/_balances.html"
    change_form_outer_before_template = "payouts/staff/_report.html"
    fields = (("statement_id", "iban_masked"), ("uploaded_by", "uploaded_at"), "fingerprint")
    readonly_fields = ("fingerprint",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankStatement]:
        """Return statements with the number of their rows."""
        found: QuerySet[BankStatement] = super().get_queryset(request)
        return found.annotate(count=Count("lines"))

    @display(description=_("SHA-256 of the file"))
    def fingerprint(self, statement: BankStatement) -> str:
        """The file's fingerprint; the same bytes are taken once."""
        return format_html('<span class="po-hash">{}</span>', statement.sha256)

    @display(description=_("rows"), ordering="count")
    def rows(self, statement: Any) -> int:
        """The number of its rows."""
        return int(statement.count)

    def get_urls(self) -> list[URLPattern]:
        """Return the list's and the buttons' addresses."""
        return [
            self.button("<int:pk>/propose/", self.propose, "payouts.propose_booking"),
            self.button("<int:pk>/explain/", self.explain, "payouts.propose_booking"),
            *super().get_urls(),
        ]

    def propose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose what one of its rows means."""
        lines = StatementLine.objects.filter(statement=pk).select_related("statement", "payout")
        proposal = services.propose_for_line(
            line=_named(lines, request.POST.get("line", "")),
            kind=_kind(request.POST.get("kind", "")),
            by=request.user,  # type: ignore[arg-type]  # staff are signed in
            reason=request.POST.get("reason", ""),
        )
        return self._proposed(request, proposal)

    def explain(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose why its balance differs."""
        found = BankBalance.objects.filter(statement=pk).select_related("statement")
        balance = _named(found, request.POST.get("balance", ""))
        amount = request.POST.get("amount")
        proposal = services.propose_explanation(
            balance=balance,
            by=request.user,  # type: ignore[arg-type]  # staff are signed in
            reason=request.POST.get("reason", ""),
            amount_minor=None if amount is None else typed_minor(amount, balance.currency),
        )
        return self._proposed(request, proposal)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list, with the bank's balance beside the ledger's above it."""
        open_ones = Prefetch("proposals", Proposal.objects.open(), to_attr="asked")
        gaps = list(balances.gaps().select_related("statement").prefetch_related(open_ones))
        for gap in gaps:
            gap.before = money(gap.before_minor, gap.currency)  # type: ignore[attr-defined]  # for the page
        differences = balances.newest()
        prefetch_related_objects([one.balance for one in differences], open_ones)
        above = {
            "differences": differences,
            "gaps": gaps,
            "may_propose": request.user.has_perm("payouts.propose_booking"),
        }
        return super().changelist_view(request, {**above, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may upload a statement."""
        return request.user.has_perm("payouts.add_bankstatement")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Book an uploaded file and redirect to its report."""
        if not self.has_add_permission(request) or not isinstance(request.user, User):
            raise PermissionDenied
        form = StatementForm(request.POST or None, request.FILES or None)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid() and (taken := self._taken(request, request.user, form)):
                return self._to_report(request, taken)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Upload a bank statement"),
            "opts": self.opts,
            "form": form,
            "media": self.media,
            "our_account": iban.masked(settings.BANK_ACCOUNT["iban"]),
            "most_mb": settings.STATEMENT_MAX_MB,
        }
        return TemplateResponse(request, "payouts/staff/upload.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show the report, row by row."""
        statement = self.get_object(request, object_id)
        lines = StatementLine.objects.filter(statement=statement)
        found = dict(lines.values_list("outcome").annotate(Count("pk")).order_by())
        found_lines = lines.select_related("payout__creator").prefetch_related("proposals")
        page = Paginator(found_lines, ROWS_PER_PAGE)
        shown = page.get_page(request.GET.get("page"))
        rows = [
            {
                "line": line,
                "amount": line.amount or "–",
                "words": WORDS[line.outcome],
                "tone": TONES[line.outcome],
            }
            for line in map(asking, shown)
        ]
        counts = [
            (WORDS[outcome], found.get(outcome, 0), TONES[outcome])
            for outcome in StatementLine.Outcome
        ]
        context = {
            "rows": rows,
            "counts": counts,
            "transfers": TransferStatement.objects.filter(
                sha256=statement.sha256 if statement else ""
            ).first(),
            "page": shown,
            "may_propose": request.user.has_perm("payouts.propose_booking"),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def _proposed(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        self.log_addition(request, proposal, gettext("Proposed: %(what)s") % {"what": proposal})
        messages.success(request, gettext("Proposed. Another person must confirm it."))
        return redirect("admin:payouts_proposal_change", proposal.pk)

    def _taken(self, request: HttpRequest, by: User, form: StatementForm) -> files.Taken | None:
        """Return what became of the file, or nothing when the form says why not."""
        upload = form.cleaned_data["file"]
        try:
            taken = files.take(content=upload.file, by=by)
        except DomainError as refusal:
            form.add_error("file", refusal.detail)
            return None
        if taken.new:
            messages.success(request, gettext("Statement booked. Results by row:"))
        else:
            messages.info(request, gettext("This file was already uploaded. Its report:"))
        return taken

    def _to_report(self, request: HttpRequest, taken: files.Taken) -> HttpResponse:
        """Lead to the report of payouts, or, where a file has none, to what fans paid."""
        if taken.report is not None:
            return redirect("admin:payouts_bankstatement_change", taken.report.pk)
        if taken.transfers and request.user.has_perm("wallet.view_transferstatement"):
            return redirect("admin:wallet_transferstatement_change", taken.transfers.pk)
        return redirect("admin:payouts_bankstatement_changelist")


def asking(line: StatementLine) -> StatementLine:
    """Return a row with what may be proposed about it now."""
    proposals = [one for one in line.proposals.all() if one.state != Proposal.State.REJECTED]
    taken = {one.kind == Kind.CHARGE for one in proposals}
    asks: list[Proposal.Kind] = []
    if line.outcome == StatementLine.Outcome.CONTRADICTS and False not in taken:
        asks = [Kind.PAID, Kind.PAID_WITH_CHARGE, Kind.WRONG_ROW]
        asks = asks if line.credit is not None else [Kind.WRONG_ROW]
    elif line.outcome == StatementLine.Outcome.WAITING and False not in taken:
        asks = [Kind.RETURN]
    elif bookings.charge_of(line) and True not in taken:
        asks = [Kind.CHARGE]
    line.asks = asks  # type: ignore[attr-defined]  # for the page
    return line


def _named(rows: QuerySet[M], name: str) -> M:
    """Return the row of this number. Raises `DoesNotApply`."""
    row = rows.filter(pk=number(name) or 0).first()
    if row is None:
        raise refusals.DoesNotApply(reason=gettext("it isn't in this statement."))
    return row


def _kind(name: str) -> "Proposal.Kind":
    """Return the kind of this name. Raises `DoesNotApply`."""
    if name not in Kind.values:
        raise refusals.DoesNotApply(reason=gettext("choose what happened."))
    return Kind(name)
