"""How often one person may upload: drawing a picture costs a part of a second."""

from allauth.core import ratelimit
from django.http import HttpRequest

from accounts.models import User
from accounts.pictures.refusals import TooManyPictures


def keep_pace(request: HttpRequest, user: User) -> None:
    """Count an upload. Raises `TooManyPictures`."""
    if not ratelimit.consume(request, action="picture", user=user):
        raise TooManyPictures
