"""The refusals of payouts, each with its own sentence and code."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class IbanMistyped(DomainError):
    """The checksum says that a sign is wrong."""

    code = "iban_checksum"
    status = 422
    field = "iban"
    message = _("This IBAN has a typo. Check it against your bank details.")


class IbanCountryUnknown(DomainError):
    """No country with these two letters has IBANs."""

    code = "iban_country"
    status = 422
    field = "iban"
    message = _("No country's IBANs start with %(country)s.")


class IbanLength(DomainError):
    """Signs are missing or too many."""

    code = "iban_length"
    status = 422
    field = "iban"
    message = _(
        "This IBAN is the wrong length for %(country)s. Check it against your bank details."
    )


class IbanUnreadable(DomainError):
    """Not an IBAN at all."""

    code = "iban_unreadable"
    status = 422
    field = "iban"
    message = _("This doesn't look like an IBAN. It should start with two letters and two digits.")


class IbanOutsideRail(DomainError):
    """A real IBAN that our bank file cannot reach."""

    code = "iban_outside_rail"
    status = 422
    field = "iban"
    message = _("We pay in euros to banks in the SEPA area, which doesn't include %(country)s.")


class HolderMissing(DomainError):
    """A bank account without a name."""

    code = "holder_missing"
    status = 422
    field = "holder"
    message = _("Enter the account holder's name as shown by your bank, up to 70 characters.")


class PayoutWaiting(DomainError):
    """The account is needed by a payout that has not left."""

    code = "payout_waiting"
    message = _("A payout to this account is waiting. Cancel it first.")


class NoPayoutMethod(DomainError):
    """The creator has no bank account."""

    code = "no_payout_method"
    message = _("Add your bank account first.")


class MethodFrozen(DomainError):
    """The bank was changed a short while ago."""

    code = "method_frozen"
    message = _("You changed your bank account. Payouts to it can start %(when)s.")


class MethodLocked(DomainError):
    """The bank sent money back."""

    code = "method_locked"
    message = _("Your bank returned a payout: %(reason)s. Enter your bank account again.")


class BelowMinimum(DomainError):
    """Less than the smallest payout."""

    code = "below_minimum"
    status = 422
    field = "diamonds"
    message = _("The smallest payout is %(minimum)s diamonds ($%(usd)s).")


class AboveDayLimit(DomainError):
    """More than may leave a day."""

    code = "above_day_limit"
    status = 422
    field = "diamonds"
    message = _("You can withdraw $%(limit)s a day. You have $%(left)s left today.")


class NotEnoughDiamonds(DomainError):
    """More than is available."""

    code = "insufficient_diamonds"
    field = "diamonds"
    message = _("You have %(available)s diamonds available.")


class PayoutsPaused(DomainError):
    """The ledger check found a breach; nothing leaves until people have looked into it."""

    code = "payouts_paused"
    status = 503
    message = _("Payouts are paused while we check our records. Your diamonds are safe.")


class AlreadyPaidAgain(DomainError):
    """The money of a returned payout is on its way already."""

    code = "already_paid_again"
    message = _("This payout has already been sent again.")


class NothingReady(DomainError):
    """There is no payout to put into a batch."""

    code = "nothing_ready"
    message = _("No payouts are ready to be sent.")


class NeedsTwoPeople(DomainError):
    """The builder cannot approve."""

    code = "needs_two_people"
    status = 403
    message = _("You created this bank file, so another person must approve it.")


class BatchStale(DomainError):
    """A payout in the batch may not leave any more."""

    code = "batch_stale"
    message = _(
        "The bank details for payout %(payout)s have changed. Discard this batch and create a "
        "new one."
    )


class PayoutHeld(DomainError):
    """The bank's files contradict our records about this money."""

    code = "payout_held"
    message = _(
        "The bank's answers about payout %(payout)s contradict each other. It stays here until "
        "two members of staff have settled that."
    )


class SettledByOne(DomainError):
    """The same person looked at a contradiction twice."""

    code = "settled_by_one"
    status = 403
    message = _("You already confirmed this, so another person must confirm it too.")


class OwnContradiction(DomainError):
    """The payout is the person's own."""

    code = "own_contradiction"
    status = 403
    message = _("This payout is yours, so two other people must confirm it.")


class RailRefused(DomainError):
    """The way to the bank did not take the batch."""

    code = "rail_refused"
    message = _("The bank file couldn't be created: %(reason)s. Nothing was changed.")


class FileDamaged(DomainError):
    """The stored bytes are not the approved ones."""

    code = "file_damaged"
    status = 500
    message = _("The stored file differs from the approved one. Do not use it.")


class StatementTooLarge(DomainError):
    """More bytes than a statement has."""

    code = "statement_too_large"
    status = 413
    field = "file"
    message = _("This file is larger than %(limit)s MB. Nothing was booked.")


class StatementNotXml(DomainError):
    """Not XML."""

    code = "statement_not_xml"
    status = 422
    field = "file"
    message = _("This is not an XML file. Nothing was booked.")


class StatementEncoding(DomainError):
    """XML whose letters are in another encoding than it says."""

    code = "statement_encoding"
    status = 422
    field = "file"
    message = _(
        "This file says its letters are in %(encoding)s, but some aren't. Download it again, or "
        "ask the bank for it in UTF-8. Nothing was booked."
    )


class StatementDoctype(DomainError):
    """XML with a document type or entities, which banks never send."""

    code = "statement_doctype"
    status = 422
    field = "file"
    message = _(
        "This file contains a document type declaration, which bank files never do. "
        "Nothing was booked."
    )


class StatementNotCamt(DomainError):
    """XML, but not a statement we read."""

    code = "statement_not_camt053"
    status = 422
    field = "file"
    message = _("This is neither a camt.053 statement nor a pain.002 report. Nothing was booked.")


class StatementOtherAccount(DomainError):
    """A statement of another account."""

    code = "statement_other_account"
    status = 422
    field = "file"
    message = _("This statement is for account %(iban)s, not ours. Nothing was booked.")


class StatusOfOtherFile(DomainError):
    """A status report about a file that we did not make."""

    code = "status_other_file"
    status = 422
    field = "file"
    message = _("This report is for file %(file)s, which isn't ours. Nothing was booked.")


class StatementIncomplete(DomainError):
    """A row lacks what it must have."""

    code = "statement_incomplete"
    status = 422
    field = "file"
    message = _("Row %(row)s of this statement is missing %(what)s. Nothing was booked.")


class SandboxOnly(DomainError):
    """The test bank exists in a sandbox only."""

    code = "sandbox_only"
    status = 404
    message = _("The test bank is only available in the sandbox.")


class SignInAgain(DomainError):
    """Bank details are changed only shortly after signing in."""

    code = "reauthentication_required"
    status = 403
    message = _("Confirm your identity on the site, then change your bank account.")


class ApproverTooNew(DomainError):
    """The approver got what they approve by a short time ago, perhaps from who built the batch."""

    code = "approver_too_new"
    status = 403
    message = _(
        "Your account, rights or two-step verification changed after this bank file was created "
        "or in the last %(hours)s hours. Another person must approve it."
    )


class OwnPayout(DomainError):
    """The approver has a payout in the bank file."""

    code = "own_payout"
    status = 403
    message = _("This bank file includes a payout to you, so another person must approve it.")
