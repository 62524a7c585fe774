"""BICs: read with care, and asked for where the IBAN alone does not reach the bank."""

from schwifty import BIC
from schwifty.exceptions import SchwiftyException

from payouts import refusals

# Some banks have the code of a territory, or of the country beside it, in their BIC.
BESIDE = {
    "FR": {"BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT", "MC"},
    "FI": {"AX"},
    "GB": {"GG", "IM", "JE"},
    "MC": {"FR"},
    "SM": {"IT"},
    "VA": {"IT"},
}


def read_bic(text: str, *, iban_country: str) -> str:
    """Return a checked BIC that fits the IBAN's country, empty for nothing typed. Raises the
    refusal that names its fault.
    """
    if not text.strip():
        return ""
    try:
        bic = BIC(text)
    except SchwiftyException:
        raise refusals.BicUnreadable from None
    if bic.country_code not in {iban_country} | BESIDE.get(iban_country, set()):
        raise refusals.BicOtherCountry(bic=bic.country_code, iban=iban_country)
    return str(bic)
