"""The API of documents: the file of a receipt or a credit note."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, renderer_classes
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from wallet.documents.content import pdf_of
from wallet.models import Document


class PdfRenderer(BaseRenderer):
    """Hands the bytes of a file on; a refusal is JSON here too."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what goes into the answer."""
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


@extend_schema(
    description="Get the PDF file of one of your receipts, credit notes or debit notes.",
    responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    tags=["wallet"],
)
@scopes(GET=Scope.READ)
@api_view(["GET"])
@renderer_classes([PdfRenderer, JSONRenderer])
def pdf(request: Request, public_id: UUID) -> Response:
    """Return the file of one of the fan's documents."""
    mine = Document.objects.filter(purchase__user=person_of(request))
    document = get_object_or_404(mine.select_related("purchase", "corrects"), public_id=public_id)
    named = {"Content-Disposition": f'attachment; filename="{document.file_name}"'}
    return Response(pdf_of(document), content_type="application/pdf", headers=named)
