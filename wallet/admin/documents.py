"""Receipts, credit notes and debit notes: read, downloaded, emailed again. Nothing is changed."""

import re

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, grouped, link
from foundation.jobs import nudge
from foundation.requests import way_back
from wallet import tasks
from wallet.documents import emails
from wallet.documents.content import pdf_of
from wallet.models import Document

LABEL = re.compile(r"(?P<series>[A-Z0-9-]*\d{4})-(?P<number>\d{1,9})")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """What the site issued, by number. A person with the right may have one emailed again."""

    list_display = ("label", "kind", "moved_at", "buyer", "total", "mailed_at")
    list_display_links = ("label",)
    list_filter = (
        "kind",
        "series",
        "currency",
        "country_code",
        ("mailed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("purchase__user",)
    search_fields = ("purchase__public_id", "purchase__user__email", "buyer_handle")
    search_help_text = gettext_lazy("Number, order, email or handle")
    date_hierarchy = "moved_at"
    change_form_outer_before_template = "wallet/admin/document.html"
    fieldsets = (
        (None, {"fields": ("label", "kind", "order", "refund", "corrected", "issued_at")}),
        (
            gettext_lazy("Money"),
            {
                "fields": (
                    grouped("coins", gettext_lazy("Coins")),
                    "total",
                    "net",
                    "tax",
                    "goodwill",
                    "tax_name",
                    "moved_at",
                    "method",
                    "payment_reference",
                )
            },
        ),
        (
            gettext_lazy("As it was issued"),
            {
                "fields": (
                    "buyer",
                    "country_name",
                    "seller_name",
                    "seller_address",
                    "seller_tax_id",
                    "terms_version",
                    "refund_rule",
                )
            },
        ),
        (gettext_lazy("Email"), {"fields": ("mailed_at", "due_at", "attempts")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """Find a document by its whole number too, as it stands on the paper."""
        if found := LABEL.fullmatch(search_term.strip().upper()):
            return queryset.filter(series=found["series"], number=int(found["number"])), False
        answer: tuple[QuerySet[Document], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return answer

    @display(description=gettext_lazy("Number"), ordering="id")
    def label(self, document: Document) -> str:
        """The number as people read it."""
        return document.label

    @display(description=gettext_lazy("Buyer"))
    def buyer(self, document: Document) -> str:
        """The buyer's name and handle when it was issued."""
        return f"{document.buyer_name} (@{document.buyer_handle})"

    @display(description=gettext_lazy("Order"))
    def order(self, document: Document) -> str:
        """The order, as a link."""
        address = reverse("admin:wallet_purchase_change", args=[document.purchase_id])
        return link(address, str(document.purchase.public_id))

    @display(description=gettext_lazy("Corrects"))
    def corrected(self, document: Document) -> str:
        """The document that this one corrects, as a link."""
        if document.corrects is None:
            return "–"
        address = reverse("admin:wallet_document_change", args=[document.corrects_id])
        return link(address, str(document.corrects))

    def get_urls(self) -> list[URLPattern]:
        """Add the file, and the button that emails it again."""
        file = path(
            "<int:pk>/pdf/", self.admin_site.admin_view(self.pdf), name="wallet_document_pdf"
        )
        again = self.button("<int:pk>/again/", self.again, "wallet.resend_document")
        return [file, again, *super().get_urls()]

    def pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return a document's file."""
        document = get_object_or_404(Document, pk=pk)
        return HttpResponse(
            pdf_of(document),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{document.file_name}"'},
        )

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have a document emailed once more, and lead back to where the button was pressed."""
        document = get_object_or_404(Document.objects.select_related("purchase__user"), pk=pk)
        emails.send_again(document)
        nudge(tasks.email_documents)
        self.log_change(request, document, _("Emailed again."))
        facts = {"document": document, "email": document.purchase.user.email}
        messages.success(request, _("%(document)s is on its way to %(email)s.") % facts)
        here = reverse("admin:wallet_document_change", args=[pk])
        return redirect(way_back(request, request.headers.get("Referer", ""), here))
