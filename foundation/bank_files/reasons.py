"""Why banks refuse payments and send money back: ISO 20022's codes in people's words, and whose
fault they name.
"""

import re
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

MOST_WORDS = 200


class Cause(StrEnum):
    """Whose fault a refusal names. Only the payee's account locks bank details."""

    PAYEE = "payee"
    OURS = "ours"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"


WORDS = {
    "AC01": gettext_noop("the account number is wrong"),
    "AC03": gettext_noop("the account number is wrong"),
    "AC04": gettext_noop("the account is closed"),
    "AC06": gettext_noop("the account is blocked"),
    "AC07": gettext_noop("the account is closed"),
    "AC13": gettext_noop("our account can't send this type of payment"),
    "AC14": gettext_noop("the account can't receive this type of payment"),
    "AG01": gettext_noop("the account doesn't allow this type of payment"),
    "AG02": gettext_noop("the bank doesn't support this type of payment"),
    "AM04": gettext_noop("our account doesn't have enough money"),
    "AM05": gettext_noop("the bank considers it a duplicate"),
    "BE01": gettext_noop("the name doesn't match the account"),
    "BE04": gettext_noop("the address is missing"),
    "CNOR": gettext_noop("the bank can't be reached"),
    "DNOR": gettext_noop("our bank can't be reached"),
    "DT01": gettext_noop("the date isn't possible"),
    "FF01": gettext_noop("our file isn't valid"),
    "FOCR": gettext_noop("the payment was recalled"),
    "FR01": gettext_noop("the bank suspects fraud"),
    "MD07": gettext_noop("the account holder has died"),
    "MS02": gettext_noop("the account holder refused the payment"),
    "MS03": gettext_noop("no reason was given"),
    "RC01": gettext_noop("the bank code is wrong"),
    "RR01": gettext_noop("details required by law are missing"),
    "RR02": gettext_noop("details required by law are missing"),
    "RR03": gettext_noop("details required by law are missing"),
    "RR04": gettext_noop("not allowed by the bank's regulations"),
}
# The code says only "in words", or leaves the reason open.
OPEN = {"", "NARR", "MS03", "NOAS"}
PAYEE = {
    *("AC01", "AC03", "AC04", "AC06", "AC07", "AC11", "AC14", "AC15", "AC16", "AC17"),
    *("AG01", "BE01", "BE06", "CNOR", "MD07", "RC01", "RC04", "RC07", "RC10"),
}
OURS = {
    *("AC02", "AC05", "AC10", "AC13", "AG02", "BE04", "BE05", "BE07", "BE22", "DNOR", "FOCR"),
    *("RC03", "RC08", "RR01", "RR02", "RR03", "TM01"),
}
# Amounts and cover, dates, the file's form, signatures, character sets.
OUR_KINDS = ("AM", "DT", "FF", "DS", "CH")
DUPLICATES = {"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"}
SAYS_DUPLICATE = re.compile(
    r"duplica|doublon|doppelt|dublette|dubbel|already\s+(been\s+)?\w+ed", re.I
)


def in_words(code: str, said: str = "") -> str:
    """Return the reason in words, the bank's own behind, and its code; empty for none of them."""
    code, said = code.strip()[:35], " ".join(said.split())
    if code in OPEN and said:
        return _fitted(said, f" ({code})" if code else "")
    if not code:
        return ""
    words = f"{gettext(WORDS[code])} ({code})" if code in WORDS else code
    return _fitted(f"{words}: {said}" if said else words)


def cause_of(code: str, said: str = "", *, of_whole_file: bool = False) -> Cause:
    """Return whose fault a reason names. What refuses a whole file is never about one payee."""
    code = code.strip().upper()
    if code in DUPLICATES or (code not in PAYEE | OURS and SAYS_DUPLICATE.search(f"{code} {said}")):
        return Cause.DUPLICATE
    if of_whole_file or code in OURS or (len(code) == 4 and code.startswith(OUR_KINDS)):
        return Cause.OURS
    return Cause.PAYEE if code in PAYEE else Cause.UNKNOWN


def _fitted(words: str, end: str = "") -> str:
    room = MOST_WORDS - len(end)
    return (words if len(words) <= room else f"{words[: room - 1]}…") + end
