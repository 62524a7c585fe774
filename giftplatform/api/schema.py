"""The API's schema: drawn once in each process, then sent, or said to be what the reader has."""

import hashlib
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer


class ScopedSchema(AutoSchema):
    """The schema of an operation, with the scope that a key needs for it."""

    def get_operation(self, *place: Any) -> Any:
        """Return the operation; one that everybody may ask for needs no scope."""
        operation = super().get_operation(*place)
        scope = getattr(self.view, "scopes", {}).get(self.method)
        if operation and scope:
            operation["description"] += f"\n\nScope of the key: `{scope}`."
            operation["x-scope"] = str(scope)
        return operation


YAML = "application/vnd.oai.openapi"
KINDS = (YAML, "application/yaml", "application/vnd.oai.openapi+json", "application/json")


@cache
def drawn(*, as_json: bool) -> bytes:
    """Return the whole schema, which only another release changes."""
    whole = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # ships no types
    writer = OpenApiJsonRenderer() if as_json else OpenApiYamlRenderer()
    return bytes(writer.render(whole))


@cache
def fingerprint(*, as_json: bool) -> str:
    """Return the ETag of the schema in this kind."""
    return f'"{hashlib.sha256(drawn(as_json=as_json)).hexdigest()[:32]}"'


def kind_for(request: HttpRequest) -> str:
    """Return the kind that the reader asks for, YAML if any will do."""
    if "json" in request.GET.get("format", ""):
        return KINDS[-1]
    return request.get_preferred_type(KINDS) or YAML


def etag(request: HttpRequest) -> str:
    """Return the schema's fingerprint."""
    return fingerprint(as_json="json" in kind_for(request))


@login_not_required
@require_safe
@condition(etag_func=etag)
def schema(request: HttpRequest) -> HttpResponse:
    """Answer with the schema."""
    kind = kind_for(request)
    text = drawn(as_json="json" in kind)
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Cache-Control"] = "public, no-cache"  # kept, and asked about each time
    patch_vary_headers(answer, ["Accept"])
    return answer
