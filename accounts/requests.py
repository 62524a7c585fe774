"""What a view may rely on."""

from django.http import HttpRequest

from accounts.models import User


class AuthedRequest(HttpRequest):
    """A request that `LoginRequiredMiddleware` let through: its user is a person."""

    user: User
