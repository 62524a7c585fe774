"""A fan's receipts, credit notes and debit notes: the page and the file of each."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from foundation.jobs import nudge
from foundation.moments import moment
from wallet import tasks
from wallet.documents.content import content_of, pdf_of
from wallet.models import Document
from wallet.views.orders import own


def pdf_response(file: bytes, name: str) -> HttpResponse:
    """Return a PDF file as something to keep."""
    return HttpResponse(
        file,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _own(request: AuthedRequest, public_id: UUID) -> Document:
    mine = Document.objects.filter(purchase__user=request.user)
    return get_object_or_404(mine.select_related("purchase", "corrects"), public_id=public_id)


@never_cache
@require_GET
def receipt(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Lead to the receipt of a paid order, or to the order where nothing was paid.

    A worker writes the receipt in the seconds after the payment: who is faster waits for it.
    """
    purchase = own(request, public_id)
    if purchase.captured_at is None:
        return redirect("wallet:order", public_id)
    issued = purchase.documents.filter(kind=Document.Kind.RECEIPT).first()
    if issued is None:
        nudge(tasks.issue_documents)
        if request.htmx:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return render(request, "wallet/receipt_waits.html", {"purchase": purchase})
    if request.htmx:
        there = reverse("wallet:document", args=[issued.public_id])
        return HttpResponse(headers={"HX-Redirect": there})
    return redirect("wallet:document", issued.public_id)


@never_cache
@require_GET
def document(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show one of the fan's documents."""
    mine = _own(request, public_id)
    facts = {"document": mine, "content": content_of(mine, moment)}
    return render(request, "wallet/document.html", facts)


@never_cache
@require_GET
def pdf(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Return the file of one of the fan's documents."""
    mine = _own(request, public_id)
    return pdf_response(pdf_of(mine), mine.file_name)
