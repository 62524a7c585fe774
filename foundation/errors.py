"""Refused actions and their sentences.

One human sentence, a stable code, the right status. Raised where it is known, translated once.
"""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.figures import figure
from foundation.requests import PageRequest
from foundation.transactions import lost_race

PROBLEM_JSON = "application/problem+json"


class DomainError(Exception):
    """An action that was refused and changed nothing.

    Subclasses state `code`, `status` and `message`.
    """

    code = "refused"
    status = 409
    message: StrOrPromise = _("This isn't possible right now. Try again in a minute.")
    field: str | None = None

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts
        self.field = field or self.field

    @property
    def detail(self) -> str:
        """The sentence for the person, with the facts filled in."""
        return str(self.message) % {name: _shown(fact) for name, fact in self.facts.items()}

    @property
    def fields(self) -> dict[str, list[str]]:
        """The sentence under the name of the input that caused it, if one did."""
        return {self.field: [self.detail]} if self.field else {}

    def __str__(self) -> str:
        return self.detail


def _shown(fact: object) -> object:
    """Return a number the way people write it: 25,000."""
    return figure(fact) if type(fact) is int else fact


class WrongState(DomainError):
    """The row has already moved on; of two that wanted to move it, the other one did."""

    code = "wrong_state"
    message = _("This has changed in the meantime. Reload the page.")


class LostRace(DomainError):
    """Two people changed the same rows at the same moment, and the other one was first, twice."""

    code = "lost_race"
    message = _("Something else changed this at the same moment. Nothing was changed. Try again.")


def refusal_of(exception: Exception) -> DomainError | None:
    """Return the refusal that an exception is to the person who asked; nothing for a fault."""
    if isinstance(exception, DomainError):
        return exception
    if isinstance(exception, OperationalError) and lost_race(exception):
        return LostRace()
    return None


def problem(
    *, code: str, detail: str, status: int, fields: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the body of a problem answer (RFC 9457), as the API sends it."""
    return {
        "type": "about:blank",
        "status": status,
        "code": code,
        "detail": detail,
        "fields": fields or {},
    }


# What the API says where its framework refuses, by code.
API_SENTENCES: dict[str, StrOrPromise] = {
    "check_input": _("Check the highlighted fields."),
    "parse_error": _("The request body isn't JSON. Check it and send it again."),
    "unsupported_media_type": _("Send JSON with the header Content-Type: application/json."),
    "not_acceptable": _("Only JSON responses are available. Ask for application/json."),
    "not_authenticated": _("Authentication required. Send your API key or sign in."),
    "authentication_failed": _("This API key doesn't work. Create a new one in your settings."),
    "permission_denied": _(
        "You don't have access to this. With a session, send the CSRF token too."
    ),
    "not_found": _("Nothing is here. Check the address."),
    "method_not_allowed": _("This method is not allowed. See the Allow header."),
    "throttled": _("Too many requests. Try again in a minute."),
}


class DomainErrorMiddleware:
    """Turn a `DomainError` that a page's view let through into a page (or a fragment for htmx) with
    its sentence.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; only refusals are of interest."""
        return self.get_response(request)

    def process_exception(self, request: PageRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; everything else stays an error."""
        refusal = refusal_of(exception)
        return refusal_page(request, refusal) if refusal else None


def refusal_page(request: PageRequest, refusal: DomainError) -> HttpResponse:
    """Return the page with a refusal's sentence, or the fragment for htmx."""
    template = "elements/refusal.html" if request.htmx else "refused.html"
    response = render(request, template, {"error": refusal}, status=refusal.status)
    response["X-Error-Code"] = refusal.code
    return response


def refusal_problem(refusal: DomainError) -> dict[str, Any]:
    """Return the body of a refusal's problem answer."""
    return problem(
        code=refusal.code, detail=refusal.detail, status=refusal.status, fields=refusal.fields
    )


def refusal_answer(request: PageRequest, refusal: DomainError, *, api: bool) -> HttpResponse:
    """Answer a refusal before its view was asked, as that view would have."""
    if not api:
        return refusal_page(request, refusal)
    return JsonResponse(refusal_problem(refusal), status=refusal.status, content_type=PROBLEM_JSON)


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Any:
    """Answer every refusal of the API as problem JSON with `code`, `detail` and `fields`."""
    from rest_framework import exceptions
    from rest_framework.response import Response
    from rest_framework.views import exception_handler, set_rollback

    if refusal := refusal_of(exc):
        set_rollback()
        return Response(refusal_problem(refusal), status=refusal.status, content_type=PROBLEM_JSON)
    response = exception_handler(exc, context)
    if response is None:
        return None
    fields: dict[str, Any] = {}
    code = {403: "permission_denied", 404: "not_found"}.get(response.status_code, "refused")
    if isinstance(exc, exceptions.ValidationError):
        code = "check_input"
        fields = exc.detail if isinstance(exc.detail, dict) else {"": exc.detail}
    elif isinstance(exc, exceptions.APIException):
        code = str(exc.default_code)
    detail = str(API_SENTENCES.get(code, DomainError.message))
    response.data = problem(code=code, detail=detail, status=response.status_code, fields=fields)
    response.content_type = PROBLEM_JSON
    return response
