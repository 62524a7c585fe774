"""Why an account cannot be closed now. Each says what to do first."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class ClosingBlocked(DomainError):
    """Something must come to its end first."""

    code = "closing_blocked"
    message = _("Your account can't be closed yet. See what is in the way: %(why)s")


class MustGiveUp(DomainError):
    """Something would be lost, and the owner has not agreed to that."""

    code = "must_give_up"
    status = 422
    message = _(
        "Something is left that can't be paid out now. Confirm that you give it up, or wait "
        "until it can be."
    )
    field = "gives_up"
