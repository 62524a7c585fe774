"""A fan's monthly statements: the list, the page and the file of each."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from foundation.moments import moment
from wallet.models import Document
from wallet.statements import months
from wallet.statements.content import content_of, file_name, pdf_of
from wallet.statements.months import Month
from wallet.views.documents import pdf_response


def _own(request: AuthedRequest, name: str) -> Month:
    """Return a month of the fan: from the one in which they joined to the present one."""
    first = months.month_named(name)
    joined = request.user.date_joined.date().replace(day=1)
    if first is None or not joined <= first <= months.this_month():
        raise Http404
    return months.month_of(request.user, first)


def _door(document: Document) -> str:
    address = reverse("wallet:document", args=[document.public_id])
    return format_html('<a href="{}">{}</a>', address, document)


@never_cache
@require_GET
def statements(request: AuthedRequest) -> HttpResponse:
    """List the months in which something happened."""
    return render(request, "wallet/statements.html", {"months": months.months_of(request.user)})


@never_cache
@require_GET
def statement(request: AuthedRequest, month: str) -> HttpResponse:
    """Show a month."""
    mine = _own(request, month)
    content = content_of(mine, partial(moment, style="short"), _door)
    facts = {"month": mine, "name": month, "content": content}
    return render(request, "wallet/statement.html", facts)


@never_cache
@require_GET
def pdf(request: AuthedRequest, month: str) -> HttpResponse:
    """Return a month's file."""
    mine = _own(request, month)
    return pdf_response(pdf_of(mine), file_name(mine))
