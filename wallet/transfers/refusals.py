"""Why staff cannot do something with a bank transfer. Each says what to do instead."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class ReasonMissing(DomainError):
    """What staff decide about money has a reason."""

    code = "transfer_reason_needed"
    status = 422
    field = "reason"
    message = _("Give a reason, up to 200 characters. It is kept with the transfer.")


class OrderNotByTransfer(DomainError):
    """The order is to be paid in another way."""

    code = "transfer_other_method"
    status = 422
    field = "order"
    message = _("This order isn't paid by bank transfer. Choose another order, or give it back.")


class OrderUnknown(DomainError):
    """No order has this number."""

    code = "transfer_order_unknown"
    status = 422
    field = "order"
    message = _("There is no such order. Check the reference, or search by amount, name or handle.")


class OtherCurrency(DomainError):
    """The money is in another currency than the order."""

    code = "transfer_other_currency"
    status = 422
    field = "order"
    message = _("The transfer is in %(theirs)s, the order in %(ours)s. Give the money back.")


class NeedsAnother(DomainError):
    """The second person is the first, or brought the file."""

    code = "transfer_needs_another"
    status = 403
    message = _("You matched this transfer or uploaded its statement. Ask another person.")


class GiveBackNeedsAnother(DomainError):
    """The one who ordered it at the bank may not confirm it."""

    code = "giveback_needs_another"
    status = 403
    message = _("You ordered this at the bank, so another person must confirm it. Ask a colleague.")


class AccountUnknown(DomainError):
    """The bank did not say where the money came from, or the stored account was changed."""

    code = "payer_account_unknown"
    message = _("The payer's account isn't known. Ask the payer for it.")


class SenderMissing(DomainError):
    """A rule about a sender names one."""

    code = "sender_needed"
    status = 422
    field = "name"
    message = _("Enter the sender's name or IBAN.")


class SandboxBankOnly(DomainError):
    """The test bank exists in a sandbox only."""

    code = "sandbox_only"
    status = 404
    message = _("The test bank is only available in the sandbox. Upload the bank's own file.")
