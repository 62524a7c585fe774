"""The request's person, the sign-in page for others, and the list of a person's browsers."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.models.sessions import SessionStore
from accounts.traces import note_visit
from foundation.requests import PageRequest, way_back


def _session(request: HttpRequest) -> SessionStore:
    session = request.session
    assert isinstance(session, SessionStore)  # noqa: S101  # tells mypy what the settings say
    return session


def session_person(request: HttpRequest) -> User | AnonymousUser:
    """Return the person of the request's session.

    Whatever is not plainly in order (another password since, a secret that was replaced) is left
    to Django, which asks the database once more and ends what has to end.
    """
    return _session(request).person() or auth.get_user(request)


class PersonMiddleware(AuthenticationMiddleware):
    """Give each request its `user`, without a query beside the session's."""

    def process_request(self, request: HttpRequest) -> None:
        """Read the person when a view first needs them."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(session_person, request))  # type: ignore[assignment]


class SignedInMiddleware(LoginRequiredMiddleware):
    """Let signed-in people through, and lead others to the sign-in page.

    A page that was open when its session ended asks for parts of itself: the sign-in form has no
    place in them. They are told so, with the way back to the page that asked.
    """

    def handle_no_permission(  # type: ignore[override]  # its types allow a redirect only
        self, request: PageRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Answer a page with a redirect, and what asks for a part of a page with a sentence."""
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        back = quote(page_behind(request), safe="/")
        response = render(request, "elements/signed_out.html", {"back": back}, status=401)
        response["X-Error-Code"] = "signed_out"
        return response


def page_behind(request: HttpRequest) -> str:
    """Return the address, within this site, of the page that asked for a part of itself."""
    headers = request.headers
    return way_back(request, headers.get("HX-Current-URL") or headers.get("Referer", ""), "/")


class SeenMiddleware:
    """Keep the list of one's browsers fresh: when each was last here, from where, with what."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note the visit if the session was read and the last note is old."""
        response = self.get_response(request)
        session = _session(request)
        read = session.accessed and session.session_key is not None
        if read and request.user.is_authenticated and session.note_use():
            UserSession.objects.create_from_request(request)
            note_visit(request.user, request, response)
        return response
