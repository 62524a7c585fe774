"""Why a code cannot be redeemed. Each says what to do instead."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from wallet.models import Redemption


class CodeUnknown(DomainError):
    """No such code, or not yet: both read the same."""

    code = "code_unknown"
    status = 404
    message = _(
        "We don't know this code. Check each character against the card: codes have no 0, 1, I, "
        "L or O."
    )
    field = "code"


class CodeUsed(DomainError):
    """Somebody else redeemed it, or as often as it can be."""

    code = "code_used"
    message = _("This code was redeemed already. Ask whoever gave it to you for another one.")
    field = "code"


class CodeUsedByYou(DomainError):
    """The fan redeemed it before."""

    code = "code_used_by_you"
    message = _("You redeemed this code already, for %(coins)s coins. See your wallet's history.")
    field = "code"

    def __init__(self, redemption: Redemption) -> None:
        super().__init__(coins=redemption.coins)
        self.redemption = redemption


class CodeExpired(DomainError):
    """Its last day has passed."""

    code = "code_expired"
    status = 410
    message = _("This code could be redeemed until %(until)s. Ask whoever gave it to you.")
    field = "code"


class CodeBlocked(DomainError):
    """Staff blocked its batch."""

    code = "code_blocked"
    status = 410
    message = _("This code is blocked. Ask where you got it, or contact us.")
    field = "code"


class CodeVoid(DomainError):
    """Staff made this one code void: its card was returned."""

    code = "code_void"
    status = 410
    message = _(
        "This card was returned to where it was sold, and its code is void. Ask there, or contact "
        "us."
    )
    field = "code"


class NoSuchNumber(DomainError):
    """The batch has no code of this number, or its codes are not made."""

    code = "code_number"
    status = 404
    message = _("This batch has no code with that number. Enter the number printed on the card.")
    field = "number"


class VoidReasonMissing(DomainError):
    """Making a code void says why."""

    code = "void_reason_missing"
    status = 422
    message = _("Write why the card is void, in up to 200 characters.")
    field = "reason"


class AlreadyRedeemed(DomainError):
    """The code was redeemed: its coins are somebody's."""

    code = "code_redeemed"
    message = _(
        "This code was redeemed, so it can't be void. Open its order and refund its unused coins."
    )
    field = "number"


class AlreadyVoid(DomainError):
    """The code is void already: its card's price went back once."""

    code = "code_already_void"
    message = _("This code is void already. Check the number on the card before you pay it back.")
    field = "number"


class CodeElsewhere(DomainError):
    """It is for another region than the fan's."""

    code = "code_not_here"
    message = _(
        "This code is for %(region)s, and you live in %(country)s. Ask where you got it for one "
        "of your country."
    )
    field = "code"


class TooManyTries(DomainError):
    """Too many wrong codes in the last hour."""

    code = "code_too_many_tries"
    status = 429
    message = _("Too many wrong codes in the last hour. Nothing was redeemed. Try again later.")
    field = "code"


class OwnBatch(DomainError):
    """The one who proposed it may not confirm it."""

    code = "own_batch"
    status = 403
    message = _("You proposed these codes. Ask another person to confirm them.")
