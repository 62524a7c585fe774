"""What a bank account must have for our bank file to carry money there: asked when it is entered,
and again each time a payout is about to leave.
"""

from collections.abc import Callable

from django.conf import settings

from foundation.errors import DomainError
from payouts import refusals
from payouts.letters import foreign, readable, sepa
from payouts.models import PayoutMethod
from payouts.models.methods import EEA

HOLDER_LENGTH = 70


def outside_eea(country: str) -> bool:
    """Return whether banks of this country are reached by IBAN alone no more."""
    return country not in EEA


def holder_at_bank(holder: str) -> str:
    """Return a holder's name as the bank will get it."""
    return sepa(holder, HOLDER_LENGTH)


def require_name(holder: str) -> None:
    """Refuse a name that banks can't read. Raises `HolderMissing`, `HolderNotLatin`,
    `HolderTooLong`.
    """
    if len(holder) > HOLDER_LENGTH:
        raise refusals.HolderMissing
    if letters := foreign(holder):
        raise refusals.HolderNotLatin(letters=letters)
    written = sepa(holder, 4 * HOLDER_LENGTH)
    if not readable(written):
        raise refusals.HolderMissing
    if len(written) > HOLDER_LENGTH:
        raise refusals.HolderTooLong(most=HOLDER_LENGTH, length=len(written))


def require_bank(*, country: str, bic: str, has_address: bool) -> None:
    """Refuse an account that a bank file can't reach. Raises `OwnAddressMissing`, `BicMissing`,
    `AddressMissing`.
    """
    ours = settings.BANK_ACCOUNT
    abroad = outside_eea(country)
    if (abroad or outside_eea(ours["iban"][:2])) and not (ours["town"] and ours["country"]):
        raise refusals.OwnAddressMissing(country=country)
    if not bic and (abroad or settings.BANK_MISSING_BIC == "refuse"):
        raise refusals.BicMissing
    if abroad and not has_address:
        raise refusals.AddressMissing


def require_fit(method: PayoutMethod) -> None:
    """Refuse an account that the bank file can't carry money to now."""
    require_name(method.holder)
    require_bank(
        country=method.country,
        bic=method.bic,
        has_address=method.address_encrypted is not None,
    )


def name_fault(holder: str) -> str:
    """Return why banks can't read a name, as a sentence; empty if they can."""
    return _sentence(lambda: require_name(holder))


def unfit(method: PayoutMethod) -> str:
    """Return why no money can go to an account now, as a sentence; empty if it can."""
    return _sentence(lambda: require_fit(method))


def _sentence(require: Callable[[], None]) -> str:
    try:
        require()
    except DomainError as refusal:
        return refusal.detail
    return ""
