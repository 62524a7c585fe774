"""Accounts with their balances and statements, postings, transfers, the rules of posting, audits.

Only ever read.
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import F, Func, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, link
from foundation.keyset import KeysetAdmin
from ledger import statements
from ledger.admin.filters import (
    AccountKindFilter,
    PostingKindFilter,
    UnitFilter,
    WhoseFilter,
    postings_named,
)
from ledger.chart import COIN, DIAMOND
from ledger.models import Account, LedgerCheck, Posting, Rule, Transfer
from ledger.statements import in_words


@admin.register(Account)
class AccountAdmin(KeysetAdmin, ReadOnlyAdmin):
    """Every account, its balance on its normal side, and its statement."""

    oldest_first = True

    list_display = ("kind", "owner", "unit", "balance_now", "guarded", "statement_link")
    list_filter = (WhoseFilter, UnitFilter, AccountKindFilter, "guarded")
    list_select_related = ("owner",)
    search_fields = ("kind", "owner__email", "owner__handle")
    search_help_text = _("Email, handle or account type")
    fields = ("kind", "owner", "unit", "side", "balance_now", "guarded", "statement_link")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Return accounts with their balance as the ledger itself reads it."""
        credit = Func(F("id"), function="ledger_balance", output_field=models.BigIntegerField())
        found: QuerySet[Account] = super().get_queryset(request).annotate(credit=credit)
        return found

    @display(description=_("Balance"))
    def balance_now(self, account: Any) -> str:
        """The balance on the account's normal side."""
        return in_words(statements.on_normal_side(account, account.credit), account.unit)

    @display(description=_("Normal side"))
    def side(self, account: Account) -> str:
        """The side on which the balance grows."""
        return str(account.kind_rules.side)

    @display(description=_("Statement"))
    def statement_link(self, account: Account) -> str:
        """The way to every line of the account."""
        address = reverse("admin:ledger_account_statement", args=[account.pk])
        return link(address, _("Statement"))

    def get_urls(self) -> list[URLPattern]:
        """Add the statement's address."""
        view = self.admin_site.admin_view(self.statement)
        own = [path("<int:pk>/statement/", view, name="ledger_account_statement")]
        return [*own, *super().get_urls()]

    def statement(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show an account's lines, newest first, with the balance after each."""
        account = get_object_or_404(Account.objects.select_related("owner"), pk=pk)
        found = statements.page(account, before=request.GET.get("before", ""))
        context = self.admin_site.each_context(request) | {
            "title": str(account),
            "opts": self.model._meta,
            "account": account,
            "table": _table(account, found),
            "older": f"?before={found.before}" if found.before else "",
            "balance": in_words(found.balance, account.unit),
        }
        return TemplateResponse(request, "ledger/statement.html", context)


def _table(account: Account, found: statements.Page) -> dict[str, Any]:
    return {
        "headers": [
            _("Time"),
            _("Posting"),
            _("Kind"),
            _("Other account"),
            _("In"),
            _("Out"),
            _("Balance"),
        ],
        "rows": [
            [
                date_format(line.at, "j M Y, H:i:s e"),
                link(reverse("admin:ledger_posting_change", args=[line.posting_id]), line.key),
                line.kind,
                line.other,
                in_words(line.change, account.unit) if line.change > 0 else "",
                in_words(-line.change, account.unit) if line.change < 0 else "",
                in_words(line.balance, account.unit),
            ]
            for line in found.lines
        ],
    }


UNITS = {COIN: _("coins"), DIAMOND: _("diamonds")}


def _moved(transfer: Transfer) -> str:
    """Return the amount as staff read it: 1,000 coins or €9.74."""
    words = in_words(transfer.amount, transfer.unit)
    return f"{words} {UNITS[transfer.unit]}" if transfer.unit in UNITS else words


class TransferInline(ReadOnlyInline):
    """The posting's transfers."""

    model = Transfer
    fields = ("from_account", "to_account", "moved")
    readonly_fields = fields
    verbose_name_plural = _("amounts")

    @display(description=_("Amount"))
    def moved(self, transfer: Transfer) -> str:
        """The amount in its unit."""
        return _moved(transfer)


@admin.register(Posting)
class PostingAdmin(KeysetAdmin, ReadOnlyAdmin):
    """Business events. A correction is another posting, made by the service that knows why."""

    list_display = ("created_at", "kind", "what", "key", "reverses")
    list_display_links = ("created_at", "key")
    list_filter = (PostingKindFilter, "created_at")
    list_select_related = ("reverses",)
    search_fields = ("key",)
    search_help_text = _("Full key, or the ID in it")
    fields = ("key", "kind", "reverses", "created_at")
    inlines = (TransferInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        """Return postings with what they moved, between whom."""
        found: QuerySet[Posting] = super().get_queryset(request)
        owners = ("from_account__owner", "to_account__owner")
        return found.prefetch_related(
            Prefetch("transfers", Transfer.objects.select_related(*owners).order_by("id"))
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Posting | None:
        """Return a posting whose title says what it moved."""
        posting: Posting | None = super().get_object(request, object_id, from_field)
        if posting is not None:
            posting.title = f"{posting.kind}: {self.what(posting)}"
        return posting

    @display(description=_("Moved"))
    def what(self, posting: Posting) -> str:
        """The people and the amounts."""
        moved = list(posting.transfers.all())
        sides = [account.owner for one in moved for account in (one.from_account, one.to_account)]
        names = dict.fromkeys(owner.name for owner in sides if owner)
        return ", ".join([*names, *dict.fromkeys(map(_moved, moved))])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Posting], search_term: str
    ) -> tuple[QuerySet[Posting], bool]:
        """Return the postings of the key that was typed."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=postings_named(search_term)), False


@admin.register(Transfer)
class TransferAdmin(KeysetAdmin, ReadOnlyAdmin):
    """Amounts that moved, both sides in one line."""

    list_display = ("created_at", "posting", "from_account", "to_account", "moved")
    list_display_links = ("created_at", "posting")
    list_filter = (UnitFilter, "created_at")
    list_select_related = ("posting", "from_account__owner", "to_account__owner")
    search_fields = ("posting__key",)
    search_help_text = PostingAdmin.search_help_text
    fields = ("created_at", "posting", "from_account", "to_account", "moved")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Transfer], search_term: str
    ) -> tuple[QuerySet[Transfer], bool]:
        """Return what the posting of the key that was typed moved."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(posting__in=postings_named(search_term)), False

    @display(description=_("Amount"))
    def moved(self, transfer: Transfer) -> str:
        """The amount in its unit."""
        return _moved(transfer)


@admin.register(Rule)
class RuleAdmin(ReadOnlyAdmin):
    """The table that the writer reads; each app declares its rules in code."""

    list_display = ("kind", "takes_back", "gives", "takes", "unit_moved")
    list_filter = (("kind", admin.AllValuesFieldListFilter),)
    search_fields = ("kind", "reverses", "from_kind", "to_kind")
    search_help_text = _("Kind of posting or of account")
    fields = ("kind", "takes_back", "gives", "takes", "unit_moved")

    @display(description=_("Takes back"), ordering="reverses")
    def takes_back(self, rule: Rule) -> str:
        """The kind of posting that it reverses."""
        return rule.reverses or "–"

    @display(description=_("From"), ordering="from_kind")
    def gives(self, rule: Rule) -> str:
        """The kind of account that gives, and whose it is."""
        return _side(rule.from_kind, rule.from_party, guarded=rule.from_guarded)

    @display(description=_("To"), ordering="to_kind")
    def takes(self, rule: Rule) -> str:
        """The kind of account that receives, and whose it is."""
        return _side(rule.to_kind, rule.to_party, guarded=rule.to_guarded)

    @display(description=_("Unit"), ordering="unit")
    def unit_moved(self, rule: Rule) -> str:
        """The unit of the amount."""
        return rule.unit or str(_("any currency"))


def _side(kind: str, party: str, *, guarded: bool) -> str:
    """Return an account of a rule in words: coins (fan), never below zero."""
    words = f"{kind} ({party or _('site')})"
    return f"{words}, {_('never below zero')}" if guarded else words


@admin.register(LedgerCheck)
class LedgerCheckAdmin(ReadOnlyAdmin):
    """The hourly audit's results. A breach holds all payouts back."""

    list_display = ("ran_at", "ok", "first_line")
    list_filter = ("ok",)
    date_hierarchy = "ran_at"

    @display(description=_("Result"))
    def first_line(self, check: LedgerCheck) -> str:
        """The first breach, or that there is none."""
        return check.report.split("\n", 1)[0][:160]
