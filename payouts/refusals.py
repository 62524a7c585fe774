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
    message = _("No country's IBANs start with %(country)s. Check the first two letters.")


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
    message = _(
        "This doesn't look like an IBAN. It should start with two letters and two digits. Check it "
        "against your bank details."
    )


class IbanOutsideRail(DomainError):
    """A real IBAN that our bank file cannot reach."""

    code = "iban_outside_rail"
    status = 422
    field = "iban"
    message = _(
        "We pay in euros to banks in the SEPA area, which doesn't include %(country)s. Enter an "
        "account inside it."
    )


class HolderMissing(DomainError):
    """A bank account without a name."""

    code = "holder_missing"
    status = 422
    field = "holder"
    message = _("Enter the account holder's name as shown by your bank, up to 70 characters.")


class HolderNotLatin(DomainError):
    """A name in letters that banks of the area do not read."""

    code = "holder_not_latin"
    status = 422
    field = "holder"
    message = _(
        "Banks here don't read %(letters)s. Enter the name as it's written in Latin letters on "
        "the account."
    )


class HolderTooLong(DomainError):
    """A name that grows too long in the letters that banks read."""

    code = "holder_too_long"
    status = 422
    field = "holder"
    message = _(
        "Your bank gets at most %(most)s characters, and this name is written with %(length)s "
        "there. Shorten it as your bank does."
    )


class BicMissing(DomainError):
    """A bank that our bank file cannot name by the IBAN alone."""

    code = "bic_missing"
    status = 422
    field = "bic"
    message = _("Enter the BIC of the bank too. You find it next to the IBAN at your bank.")


class BicUnreadable(DomainError):
    """Not a BIC."""

    code = "bic_unreadable"
    status = 422
    field = "bic"
    message = _(
        "This doesn't look like a BIC. It has 8 or 11 characters: four letters, two for the "
        "country, then the place."
    )


class BicOtherCountry(DomainError):
    """The BIC of a bank in another country than the IBAN's."""

    code = "bic_other_country"
    status = 422
    field = "bic"
    message = _("This BIC is of a bank in %(bic)s, but the IBAN is from %(iban)s. Check both.")


class AddressMissing(DomainError):
    """Banks in this country want to know where the payee lives."""

    code = "address_missing"
    status = 422
    field = "town"
    message = _("Enter your address with its town: banks outside the EEA ask for it.")


class AddressUnreadable(DomainError):
    """An address in letters that banks do not read, or in a country that is none."""

    code = "address_unreadable"
    status = 422
    field = "town"
    message = _(
        "Enter your address in Latin letters, the country as its two-letter code: street up to 70 "
        "characters, postcode up to 16, town up to 35."
    )


class OwnAddressMissing(DomainError):
    """Our own address has to be in the file, and the site does not know it."""

    code = "own_address_missing"
    status = 422
    field = "iban"
    message = _(
        "We can't pay to banks in %(country)s yet, because our own address isn't set up. Enter an "
        "account in the EEA, or ask us for help."
    )


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
    message = _("You changed your bank account. Payouts to it can start %(when)s. Ask again then.")


class MethodLocked(DomainError):
    """The bank sent money back."""

    code = "method_locked"
    message = _("Your bank returned a payout: %(reason)s. Enter your bank account again.")


class BelowMinimum(DomainError):
    """Less than the smallest payout."""

    code = "below_minimum"
    status = 422
    field = "diamonds"
    message = _(
        "The smallest payout is %(minimum)s diamonds (%(worth)s). Ask again when you have that "
        "many."
    )


class AboveDayLimit(DomainError):
    """More than may leave a day."""

    code = "above_day_limit"
    status = 422
    field = "diamonds"
    message = _(
        "You can withdraw %(limit)s a day. You have %(left)s left today. Ask for less, or come "
        "back tomorrow."
    )


class NotEnoughDiamonds(DomainError):
    """More than is available."""

    code = "insufficient_diamonds"
    field = "diamonds"
    message = _("You have %(available)s diamonds available. Ask for that many or fewer.")


class PayoutsPaused(DomainError):
    """The ledger check found a breach; nothing leaves until people have looked into it."""

    code = "payouts_paused"
    status = 503
    message = _(
        "Payouts are paused while we check our records. Your diamonds are safe. Try again tomorrow."
    )


class AlreadyPaidAgain(DomainError):
    """The money of a returned payout is on its way already."""

    code = "already_paid_again"
    message = _("This payout has already been sent again. Open the newer one.")


class NothingFits(DomainError):
    """The bank file can carry none of the payouts."""

    code = "nothing_fits"
    message = _("No payout can be sent yet. Open each one to see what is missing.")


class NothingReady(DomainError):
    """There is no payout to put into a batch."""

    code = "nothing_ready"
    message = _("No payouts are ready to be sent. Wait until one is checked.")


class NeedsTwoPeople(DomainError):
    """The builder cannot approve."""

    code = "needs_two_people"
    status = 403
    message = _("You created this bank file, so another person must approve it. Ask a colleague.")


class BatchStale(DomainError):
    """A payout in the batch may not leave any more."""

    code = "batch_stale"
    message = _(
        "The bank details for payout %(payout)s have changed. Discard this batch and create a "
        "new one."
    )


class BatchUnfit(DomainError):
    """The bank file cannot carry a payout in the batch any more."""

    code = "batch_unfit"
    message = _(
        "Payout %(payout)s can't be sent: %(reason)s Discard this batch and create a new one."
    )


class FraudCheckOpen(DomainError):
    """A rule against fraud holds the diamonds of a creator in the batch."""

    code = "fraud_check_open"
    message = _(
        "A fraud check holds the creator of payout %(payout)s. Wait for its decision, or discard "
        "the batch and build it again."
    )


class PayoutHeld(DomainError):
    """The bank's files contradict our records about this money."""

    code = "payout_held"
    message = _(
        "The bank's answers about payout %(payout)s contradict each other. It stays here until "
        "two members of staff have settled that. Wait for them, or contact us."
    )


class OwnProposal(DomainError):
    """The proposer cannot confirm."""

    code = "own_proposal"
    status = 403
    message = _("You proposed this, so another person must confirm it. Ask a colleague.")


class OwnUpload(DomainError):
    """The person who handed in the bank's file cannot confirm what it says."""

    code = "own_upload"
    status = 403
    message = _(
        "You uploaded the bank's file that says this, so another person must confirm it. Ask a "
        "colleague."
    )


class ReasonMissing(DomainError):
    """A booking by hand without a reason."""

    code = "reason_needed"
    status = 422
    field = "reason"
    message = _("Give a reason, up to 200 characters. It is kept with the booking.")


class AmountUnreadable(DomainError):
    """Not an amount, or none."""

    code = "amount_unreadable"
    status = 422
    field = "amount"
    message = _("Enter an amount other than 0, such as -12.50.")


class AlreadyProposed(DomainError):
    """Another proposal about the same thing is open or was confirmed."""

    code = "already_proposed"
    message = _("This was already proposed. Confirm or reject that proposal first.")


class DoesNotApply(DomainError):
    """A proposal that cannot be true of what it is about."""

    code = "proposal_does_not_fit"
    status = 422
    message = _("This can't be booked here: %(reason)s Choose another explanation.")


class BatchAnswered(DomainError):
    """The bank has executed some of a file."""

    code = "batch_answered"
    message = _(
        "The bank's statement says that payout %(payout)s of this file was paid, so the file was "
        "executed. Upload the bank's newest statement."
    )


class PayoutInBatch(DomainError):
    """The money is in a bank file that is waiting for approval."""

    code = "payout_in_batch"
    message = _("Payout %(payout)s is in a bank file. Discard the file, or wait for the bank.")


class RailRefused(DomainError):
    """The way to the bank did not take the batch."""

    code = "rail_refused"
    message = _(
        "The bank file couldn't be created: %(reason)s. Nothing was changed. Check the payouts and "
        "try again."
    )


class FileDamaged(DomainError):
    """The stored bytes are not the approved ones."""

    code = "file_damaged"
    status = 500
    message = _(
        "The stored file differs from the approved one. Don't use it, and tell whoever runs this "
        "site."
    )


class StatementOtherAccount(DomainError):
    """A statement of another account."""

    code = "statement_other_account"
    status = 422
    field = "file"
    message = _(
        "This statement is for account %(iban)s, not ours. Nothing was booked. Download the one "
        "for ours."
    )


class StatusOfOtherFile(DomainError):
    """A status report about a file that we did not make."""

    code = "status_other_file"
    status = 422
    field = "file"
    message = _(
        "This report is for file %(file)s, which isn't ours. Nothing was booked. Download the one "
        "on our file."
    )


class SandboxOnly(DomainError):
    """The test bank exists in a sandbox only."""

    code = "sandbox_only"
    status = 404
    message = _("The test bank is only available in the sandbox. Upload the bank's own file.")


class SignInAgain(DomainError):
    """Bank details are changed only shortly after signing in."""

    code = "reauthentication_required"
    status = 403
    message = _("Confirm your identity on the site, then change your bank account.")


class OwnPayout(DomainError):
    """The approver is paid by what they approve."""

    code = "own_payout"
    status = 403
    message = _(
        "This includes a payout to you, so another person must approve it. Ask a colleague."
    )
