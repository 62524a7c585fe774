"""What comes from outside is measured here, before anything reads it.

`IncomingMiddleware` measures addresses and forms, `json_of` every JSON body. What passes is short,
shallow and can be kept by PostgreSQL, so that no view, form or service has to fear for that.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from foundation.errors import API_SENTENCES, DomainError, refusal_answer
from foundation.requests import PageRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

LONGEST_TEXT = 10_000  # characters of one value; staff's longest texts have far fewer
LONGEST_QUERY = 8_000  # characters behind the question mark
LARGEST_FORM = 512_000  # bytes, of a form without files: its fields may have half of that
LARGEST_JSON = 256_000  # bytes: twice a batch of 50 gifts with the longest messages
MOST_VALUES = 5_000  # in one JSON body
DEEPEST = 16  # nested lists and objects; ours have three


class UnreadableInput(DomainError):
    """The input has signs that no text has: NUL, or half of a character."""

    code = "unreadable_input"
    status = 400
    message = _("This contains characters that can't be stored. Remove them and try again.")


class InputTooLong(DomainError):
    """A value is longer than any field takes, or there are more of them."""

    code = "input_too_long"
    status = 400
    message = _("This is too long. Shorten it and try again.")


class NotJson(DomainError):
    """The body cannot be read as JSON, or is nested too deeply."""

    code = "parse_error"
    status = 400
    message = API_SENTENCES["parse_error"]


def is_text(words: str) -> bool:
    """Return whether PostgreSQL can keep these: no NUL, no half of a character."""
    if "\0" in words:
        return False
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


def measure(texts: Iterable[str]) -> None:
    """Let texts pass that a field can take. Raises `InputTooLong`, `UnreadableInput`."""
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise InputTooLong
        if not is_text(text):
            raise UnreadableInput


def body_of(request: HttpRequest) -> bytes:
    """Return a body for `json_of`, of which no more is read than that takes.

    Raises `InputTooLong`. A length that is told is believed where it is too long; a body may come
    without one.
    """
    _weigh(request, LARGEST_JSON)
    body = request.read(LARGEST_JSON + 1)
    if len(body) > LARGEST_JSON:
        raise InputTooLong
    return body


def _weigh(request: HttpRequest, most: int) -> None:
    """Let a body pass that is told to have so many bytes at most. Raises `InputTooLong`."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdecimal() or int(told[:18]) > most:
        raise InputTooLong


def json_of(body: bytes, *, texts: bool = True) -> Any:
    """Return the data of a JSON body. Raises `InputTooLong`, `NotJson`, `UnreadableInput`.

    Without `texts` its texts are left to who reads each element by itself.
    """
    if len(body) > LARGEST_JSON:
        raise InputTooLong
    try:
        data = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotJson from None
    found = _texts_in(data)
    if texts:
        measure(found)
    return data


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _texts_in(data: Any) -> list[str]:
    """Return every text of the data, names too, level by level."""
    texts: list[str] = []
    level, seen = [data], 0
    for _depth in range(DEEPEST + 1):
        seen += len(level)
        if seen > MOST_VALUES:
            raise InputTooLong
        texts += [value for value in level if isinstance(value, str)]
        texts += [name for value in level if isinstance(value, dict) for name in value]
        level = [
            inner
            for value in level
            if isinstance(value, (dict, list))
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return texts
    raise NotJson


def answers_each(view: View) -> View:
    """Let a view read a form of many elements whose own form refuses what is no text.

    One of them then refuses only itself, and not the others with it.
    """
    view.answers_each = True  # type: ignore[attr-defined]  # a mark for the middleware
    return view


def takes_files(view: View) -> View:
    """Let a view read files; a `ModelAdmin` says so with an attribute of this name.

    To every other one a file is a form that is too long: reading it would cost for nothing.
    """
    view.takes_files = True  # type: ignore[attr-defined]  # a mark for the middleware
    return view


class IncomingMiddleware:
    """Refuse addresses and forms that are too long or no text, before anything reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read everything as UTF-8, and no cookie that cannot be ours."""
        request.encoding = "utf-8"  # what another charset would make of it is not measured
        request.COOKIES = {k: v for k, v in request.COOKIES.items() if is_text(v)}
        return self.get_response(request)

    def process_view(
        self, request: PageRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Measure the address, and the form if the view takes one."""
        try:
            if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
                raise InputTooLong
            measure(value for value in kwargs.values() if isinstance(value, str))
            measure(_texts_of(request.GET.lists()))
            # Views without a form's token take JSON, which `json_of` measures, and no form.
            if request.method == "POST" and not getattr(view, "csrf_exempt", False):
                if not _wants_files(view):
                    _weigh(request, LARGEST_FORM)
                if not getattr(view, "answers_each", False):
                    measure(_texts_of(request.POST.lists()))
        except DomainError as refusal:
            return refusal_answer(request, refusal, api=hasattr(view, "cls"))
        except UnreadablePostError:
            return None  # the caller hung up: the check of the form's token answers that
        return None


def _wants_files(view: Any) -> bool:
    marked = (view, getattr(view, "model_admin", None))
    return any(getattr(one, "takes_files", False) for one in marked)


def _texts_of(fields: Iterable[tuple[str, list[Any]]]) -> Iterable[str]:
    for name, values in fields:
        yield name
        yield from values
