"""How the API says no: one form (RFC 9457), in the house's own words."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django_stubs_ext import StrOrPromise
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from foundation.errors import problem

NEEDED = _("This is needed.")
# What a field says of what it cannot read, by the kind of field.
WORDS: dict[type[serializers.Field[Any, Any, Any, Any]], dict[str, StrOrPromise]] = {
    serializers.Field: {"required": NEEDED, "null": NEEDED},
    serializers.Serializer: {"invalid": _("Send an object with named fields.")},
    serializers.BooleanField: {"invalid": _("Say true or false.")},
    serializers.CharField: {
        "invalid": _("Write text here."),
        "blank": _("Write something."),
        "max_length": _("At most {max_length} characters."),
        "min_length": _("At least {min_length} characters."),
    },
    serializers.SlugField: {"invalid": _("Letters, digits, - and _ only.")},
    serializers.UUIDField: {"invalid": _("Send a UUID, as 1277760e-a016-4387-a2f0-de7a8d64f495.")},
    serializers.IntegerField: {
        "invalid": _("Write a whole number."),
        "max_value": _("{max_value} at most."),
        "min_value": _("{min_value} at least."),
        "max_string_length": _("This number is too long."),
    },
    serializers.SlugRelatedField: {
        "does_not_exist": _("We do not know this one."),
        "invalid": _("We do not know this one."),
    },
}


class Parser(JSONParser):
    """JSON, and nothing that is nested deeper than Python goes."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the body says. Raises `ParseError`."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as trouble:
            raise ParseError from trouble


def speak_our_language() -> None:
    """Give the fields of every serializer our words."""
    for field, words in WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be taken at all: a body too large, a broken head."""
    if not _of_api(request):
        return defaults.bad_request(request, exception)
    return _answer("bad_request", str(_("We cannot take this request as it is.")), 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    if not _of_api(request):
        return defaults.page_not_found(request, exception)
    return _answer("not_found", str(_("There is nothing here.")), 404)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer when the fault is ours, without saying what it was."""
    if not _of_api(request):
        return defaults.server_error(request)
    words = _("This is our fault, and it is in our log. Send the same key again in a while.")
    return _answer("fault", str(words), 500)


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _answer(code: str, detail: str, status: int) -> JsonResponse:
    body = problem(code=code, detail=detail, status=status)
    return JsonResponse(body, status=status, content_type="application/problem+json")
