"""Why an order is refused, and why a decision cannot be taken."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from wallet.models import VelocityRule
from wallet.velocity.counting import Tally


class OrderRefused(DomainError):
    """A rule against fraud refuses the order. It says no more than a thief may know."""

    code = "order_refused"
    status = 403
    message = _(
        "We can't take this order now. You were not charged. Contact us, and a person will look at "
        "it."
    )

    def __init__(self, found: Sequence[tuple[VelocityRule, Tally]]) -> None:
        super().__init__()
        self.found = found


class ReasonMissing(DomainError):
    """A decision needs a reason."""

    code = "reason_missing"
    status = 422
    message = _("A decision needs a reason that colleagues can read. Write up to 200 characters.")
    field = "note"


class DecisionUnfit(DomainError):
    """The decision does not fit what was found."""

    code = "decision_unfit"
    status = 422
    message = _("That can't be decided about this hit. Choose another decision.")
    field = "decision"


class OwnDecision(DomainError):
    """The second person must be another one."""

    code = "own_decision"
    status = 403
    message = _("You proposed this. Another person must confirm it.")


class StaffAccount(DomainError):
    """The account belongs to a member of staff."""

    code = "staff_account"
    status = 403
    message = _("This is a colleague's account. Ask a superuser to close it.")
