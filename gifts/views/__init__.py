"""The pages of gifts: the tray in the room, the creator's studio and console, the statement."""

from django.http import HttpRequest

from accounts.models import User


class AuthedRequest(HttpRequest):
    """A request of somebody who is signed in; the middleware lets nobody else in."""

    user: User
