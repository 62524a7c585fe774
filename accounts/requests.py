"""What a view may rely on about who asks."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from accounts.models import User


class AuthedRequest(HttpRequest):
    """A request that `LoginRequiredMiddleware` let through: its user is a person."""

    user: User


def proved_lately(request: HttpRequest) -> bool:
    """Return whether the person confirmed a moment ago that it is them."""
    try:
        reauthentication_required(lambda _request: HttpResponse())(request)
    except ReauthenticationRequired:
        return False
    return True
