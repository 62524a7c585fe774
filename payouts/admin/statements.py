"""Bank statements in the admin: upload one, read its report row by row."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.errors import DomainError
from foundation.money import money
from payouts import refusals
from payouts.admin.base import ActionsAdmin
from payouts.admin.forms import StatementForm
from payouts.methods import iban
from payouts.models import BankStatement, StatementLine
from payouts.rails.bank_file.reader import MOST_BYTES
from payouts.statements import bank_statements

TONES = {
    "settled": "good",
    "returned": "bad",
    "contradicts": "bad",
    "duplicate": "bad",
    "repeated": "",
    "unknown": "",
}
ROWS_PER_PAGE = 500

WORDS = {
    "settled": _("paid"),
    "returned": _("sent back"),
    "repeated": _("already known"),
    "contradicts": _("doesn't match ours"),
    "duplicate": _("refused as a duplicate"),
    "unknown": _("not ours"),
}


@admin.register(BankStatement)
class BankStatementAdmin(ActionsAdmin):
    """Statements and their reports."""

    list_display = ("statement_id", "iban_masked", "rows", "uploaded_by", "uploaded_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("statement_id", "lines__end_to_end_id", "lines__reference")
    search_help_text = _("Statement or a reference in it")
    date_hierarchy = "uploaded_at"
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
            if form.is_valid() and (report := self._taken(request, request.user, form)):
                return redirect("admin:payouts_bankstatement_change", report.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Upload a bank statement"),
            "opts": self.opts,
            "form": form,
            "media": self.media,
            "our_account": iban.masked(settings.BANK_ACCOUNT["iban"]),
            "most_mb": MOST_BYTES // 1024 // 1024,
        }
        return TemplateResponse(request, "payouts/staff/upload.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show the report, row by row."""
        statement = self.get_object(request, object_id)
        lines = StatementLine.objects.filter(statement=statement)
        found = dict(lines.values_list("outcome").annotate(Count("pk")).order_by())
        page = Paginator(lines.select_related("payout__creator"), ROWS_PER_PAGE)
        shown = page.get_page(request.GET.get("page"))
        rows = [
            {
                "line": line,
                "amount": money(line.amount_minor, line.currency) if line.currency else "–",
                "words": WORDS[line.outcome],
                "tone": TONES[line.outcome],
            }
            for line in shown
        ]
        counts = [
            (WORDS[outcome], found.get(outcome, 0), TONES[outcome])
            for outcome in StatementLine.Outcome
        ]
        context = {"rows": rows, "counts": counts, "page": shown, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _taken(self, request: HttpRequest, by: User, form: StatementForm) -> BankStatement | None:
        """Return the report of the file, or nothing when the form says why not."""
        upload = form.cleaned_data["file"]
        try:
            if upload.size > MOST_BYTES:
                raise refusals.StatementTooLarge(limit=MOST_BYTES // 1024 // 1024)
            report, new = bank_statements.read_statement(content=upload.read(), by=by)
        except DomainError as refusal:
            form.add_error("file", refusal.detail)
            return None
        if new:
            messages.success(request, gettext("Statement booked. Results by row:"))
        else:
            messages.info(request, gettext("This file was already uploaded. Its report:"))
        return report
