"""Senders on hold, and statements as they were read for bank transfers, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.admin import ReadOnlyAdmin, StaffAdmin
from wallet.models import RefusedFile, SenderRule, TransferStatement
from wallet.transfers import payers

SEE = "wallet.view_transferstatement"


class SenderForm(forms.ModelForm[SenderRule]):
    """A rule about a sender: by name, by account, or both."""

    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        required=False,
        help_text=_("kept encrypted, and shown with its last four signs"),
    )

    class Meta:
        model = SenderRule
        fields = ("treatment", "name", "iban", "reason")

    def clean(self) -> dict[str, Any]:
        """Ask for a name or an account."""
        said = super().clean() or self.cleaned_data
        if not payers.name_key(said.get("name", "")) and not said.get("iban", "").strip():
            self.add_error("name", _("Enter the sender's name or IBAN."))
        return said


@admin.register(SenderRule)
class SenderRuleAdmin(StaffAdmin):
    """Payers whose money waits for a person, and senders who are no fans. A rule is not changed:
    it is removed, and another one added.
    """

    form = SenderForm
    list_display = ("__str__", "treatment", "iban_masked", "reason", "created_by", "created_at")
    list_filter = ("treatment",)
    list_select_related = ("created_by",)
    search_fields = ("name", "reason")
    search_help_text = _("Name or reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to change a rule."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is typed, or what is kept of it."""
        if obj is None:
            return ("treatment", "name", "iban", "reason")
        return ("treatment", "name", "iban_masked", "reason", "created_by", "created_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the rule through its service."""
        made = payers.add_rule(
            treatment=obj.treatment,
            name=form.cleaned_data["name"],
            iban=form.cleaned_data["iban"],
            reason=form.cleaned_data["reason"],
            by=request.user,  # type: ignore[arg-type]  # staff are signed in
        )
        obj.pk = made.pk


class UnseenFilter(admin.SimpleListFilter):
    """What nobody has looked into yet, and all."""

    title = _("to look into")
    parameter_name = "unseen"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, StrOrPromise]]:
        """Return the choices."""
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the choice."""
        if self.value() != "yes":
            return queryset
        unseen = queryset.filter(seen_by=None)
        return unseen.exclude(attention="") if queryset.model is TransferStatement else unseen


@admin.register(TransferStatement)
class TransferStatementAdmin(ReadOnlyAdmin):
    """Statements and what of them was money of fans."""

    list_display = (
        "uploaded_at",
        "statement_id",
        "new",
        "repeated",
        "reversed",
        "others",
        "attention",
        "uploaded_by",
    )
    list_display_links = ("uploaded_at", "statement_id")
    list_filter = (UnseenFilter,)
    list_select_related = ("uploaded_by",)
    search_fields = ("statement_id", "sha256")
    search_help_text = _("Statement or fingerprint")
    date_hierarchy = "uploaded_at"
    change_form_outer_before_template = "wallet/admin/transfer_statement.html"
    fields = (
        ("statement_id", "uploaded_by", "uploaded_at"),
        ("new", "repeated", "reversed", "others"),
        ("attention", "seen_by"),
        "sha256",
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the button that marks it as looked into."""
        return [self.button("<int:pk>/seen/", self.seen, SEE), *super().get_urls()]

    def seen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark what a statement says to staff as looked into."""
        statement = get_object_or_404(TransferStatement, pk=pk)
        TransferStatement.objects.filter(pk=pk, seen_by=None).update(seen_by=request.user)
        self.log_change(request, statement, gettext("Seen: %(words)s") % {"words": statement})
        messages.success(request, gettext("Marked as seen. It has left the queue."))
        return redirect("admin:wallet_transferstatement_change", pk)


@admin.register(RefusedFile)
class RefusedFileAdmin(ReadOnlyAdmin):
    """Files of the statements' folder that could not be read, with the reason."""

    list_display = ("found_at", "name", "why", "seen_by")
    list_display_links = ("found_at", "name")
    list_filter = (UnseenFilter,)
    list_select_related = ("seen_by",)
    search_fields = ("name", "why")
    search_help_text = _("File or reason")
    date_hierarchy = "found_at"
    change_form_outer_before_template = "wallet/admin/refused_file.html"
    fields = ("name", "why", ("found_at", "seen_by"), "sha256")

    def get_urls(self) -> list[URLPattern]:
        """Add the button that marks it as looked into."""
        return [
            self.button("<int:pk>/seen/", self.seen, "wallet.view_refusedfile"),
            *super().get_urls(),
        ]

    def seen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark a file as looked into."""
        file = get_object_or_404(RefusedFile, pk=pk)
        RefusedFile.objects.filter(pk=pk, seen_by=None).update(seen_by=request.user)
        self.log_change(request, file, gettext("Seen: %(words)s") % {"words": file})
        messages.success(request, gettext("Marked as seen. It has left the queue."))
        return redirect("admin:wallet_refusedfile_change", pk)
