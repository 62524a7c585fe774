"""Why a case cannot be opened or decided. Each says what to do instead."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NothingDecided(DomainError):
    """A case that is granted gives something back."""

    code = "nothing_decided"
    status = 422
    message = _("Choose what goes back of at least one order, or reject the case.")


class AccountNotFound(DomainError):
    """No account has this handle or email."""

    code = "account_not_found"
    status = 404
    message = _("No account has this handle or email. Check it, or search All accounts.")
    field = "account"


class AccountMissing(DomainError):
    """Nobody has said which account it is."""

    code = "account_missing"
    message = _("Choose first which account this case is about.")


class OwnCase(DomainError):
    """The case is about the account of who decides it."""

    code = "own_case"
    status = 403
    message = _("This case is about your own account. Ask a colleague to decide it.")


class AnswerMissing(DomainError):
    """A guardian is told why nothing goes back."""

    code = "answer_missing"
    status = 422
    message = _("Write to the guardian why, in up to 500 characters.")
    field = "answer"


class BirthMissing(DomainError):
    """The age is to be set, and nobody said which."""

    code = "birth_missing"
    status = 422
    message = _("Enter the child's date of birth, or choose another measure.")
    field = "born"


class NotAChild(DomainError):
    """The date of birth would let the account buy."""

    code = "not_a_child"
    status = 422
    message = _("With this date of birth the account could go on buying. Check it.")
    field = "born"


class OrderNotTheirs(DomainError):
    """The order is not of the case's account."""

    code = "order_not_theirs"
    status = 404
    message = _("This order isn't from the account of this case. Reload the page.")
