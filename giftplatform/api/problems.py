"""The API's errors: problem details (RFC 9457) with the site's own messages."""

from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django_stubs_ext import StrOrPromise
from rest_framework import serializers

from foundation.errors import API_SENTENCES, PROBLEM_JSON, problem, refusal_answer
from foundation.incoming import InputTooLong
from foundation.requests import PageRequest

REQUIRED = _("This field is required.")
# The message for a value that a field cannot read, by the kind of field.
MESSAGES: dict[type[serializers.Field[Any, Any, Any, Any]], dict[str, StrOrPromise]] = {
    serializers.Field: {"required": REQUIRED, "null": REQUIRED},
    serializers.Serializer: {"invalid": _("Send a JSON object.")},
    serializers.BooleanField: {"invalid": _("Send true or false.")},
    serializers.CharField: {
        "invalid": _("Send text."),
        "blank": _("This field can't be empty."),
        "max_length": _("At most {max_length} characters."),
        "min_length": _("At least {min_length} characters."),
    },
    serializers.SlugField: {"invalid": _("Use only letters, digits, - and _.")},
    serializers.UUIDField: {
        "invalid": _("Send a UUID, like 1277760e-a016-4387-a2f0-de7a8d64f495.")
    },
    serializers.IntegerField: {
        "invalid": _("Enter a whole number."),
        "max_value": _("At most {max_value}."),
        "min_value": _("At least {min_value}."),
        "max_string_length": _("This number is too long."),
    },
    serializers.SlugRelatedField: {
        "does_not_exist": _("Not found. Check the value."),
        "invalid": _("Not found. Check the value."),
    },
}


def use_our_error_messages() -> None:
    """Give the fields of every serializer our messages."""
    for field, messages in MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read: a body too large, a broken head."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent)):
        return refusal_answer(cast("PageRequest", request), InputTooLong(), api=_is_api(request))
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return _problem("bad_request", str(_("This request can't be processed as sent.")), 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _problem("not_found", str(API_SENTENCES["not_found"]), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after an error of ours, without its details."""
    if not _is_api(request):
        return defaults.server_error(request)
    messages = _("Something went wrong on our side. Try again later with the same key.")
    return _problem("fault", str(messages), 500)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _problem(code: str, detail: str, status: int) -> JsonResponse:
    body = problem(code=code, detail=detail, status=status)
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
