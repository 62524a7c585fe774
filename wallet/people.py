"""Who is asking."""

from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person signed in; the pages that call this are closed to others."""
    if not isinstance(request.user, User):
        raise TypeError("This page is closed to visitors.")
    return request.user
