"""Why a refund cannot be asked for. Each says what to do instead."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NothingUnused(DomainError):
    """All coins of the order are spent, or go back already."""

    code = "nothing_unused"
    message = _("All coins of this order are spent or already refunded. Check your history.")


class FewerUnused(DomainError):
    """The fan asked for more coins than are unused."""

    code = "fewer_unused"
    message = _("Only %(coins)s coins of this order are unused. Choose up to that many.")
    field = "coins"


class FewerSpent(DomainError):
    """More spent coins are to go back than the order has."""

    code = "fewer_spent"
    message = _("Only %(coins)s coins of this order were spent. Choose up to that many.")


class WithdrawalOver(DomainError):
    """The order is too old for the fan to return it by themselves."""

    code = "withdrawal_over"
    message = _(
        "You can return unused coins for %(days)s days, and this order is older. Contact us if "
        "something went wrong with it."
    )


class NoteMissing(DomainError):
    """A refund by staff says why."""

    code = "note_missing"
    message = _("A refund needs its reason. Write it in up to 200 characters.")
    field = "note"


class AmountOutOfRange(DomainError):
    """More money than the order brought, or none."""

    code = "amount_out_of_range"
    message = _("You can refund up to %(most)s of this order. Enter an amount up to that.")
    field = "amount"


class ReferenceMissing(DomainError):
    """Money that went back by hand is named by what it is called where it left."""

    code = "reference_missing"
    status = 422
    message = _("Enter the reference of the transfer, in up to 80 characters.")
    field = "reference"


class OwnRefund(DomainError):
    """The one who proposed it may not confirm it."""

    code = "own_refund"
    status = 403
    message = _("You proposed this refund. Ask another person to confirm it.")


class PaidByCard(DomainError):
    """A prepaid card takes no money back by itself."""

    code = "prepaid_refund"
    message = _(
        "These coins came from a prepaid card, which takes no money back. Contact us with the "
        "receipt of the card: we give back unused coins by bank transfer."
    )
