"""The person of a request, on pages and in the API, and whether they just signed in again."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from accounts.creators import require_creator
from accounts.models import User
from foundation.requests import PageRequest


class AuthedRequest(PageRequest):
    """A page's request that `SignedInMiddleware` let through: its user is a person."""

    user: User


def person_of(request: Request) -> User:
    """Return the person of an API request; its permission classes let only people in."""
    return cast("User", request.user)


def creator_of(request: Request) -> User:
    """Return the creator of an API request. Raises `NotACreator`."""
    return require_creator(person_of(request))


def proved_lately(request: HttpRequest) -> bool:
    """Return whether the person confirmed a moment ago that it is them."""
    try:
        reauthentication_required(lambda _request: HttpResponse())(request)
    except ReauthenticationRequired:
        return False
    return True
