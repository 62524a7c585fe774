"""The rule for what belongs to creators alone."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError


class NotACreator(DomainError):
    """The person is not a creator."""

    code = "not_a_creator"
    status = 403
    message = _("Only creators can do this. You can become one in the studio.")


def require_creator(user: User) -> User:
    """Return the person, who is a creator. Raises `NotACreator`."""
    if not user.is_creator:
        raise NotACreator
    return user
