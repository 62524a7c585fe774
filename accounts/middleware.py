"""Who asks, and when they were last here."""

from collections.abc import Callable
from functools import partial

from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.sessions import SessionStore


def _session(request: HttpRequest) -> SessionStore:
    session = request.session
    assert isinstance(session, SessionStore)  # noqa: S101  # tells mypy what the settings say
    return session


def who_asks(request: HttpRequest) -> User | AnonymousUser:
    """Return the person of the request's session.

    Whatever is not plainly in order (another password since, a secret that was replaced) is left
    to Django, which asks the database once more and ends what has to end.
    """
    return _session(request).person() or auth.get_user(request)


class PersonMiddleware(AuthenticationMiddleware):
    """Give each request its `user`, without a query beside the session's."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the person be read when somebody asks for them."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(who_asks, request))  # type: ignore[assignment]


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
        return response
