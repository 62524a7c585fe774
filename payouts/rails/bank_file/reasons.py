"""Why banks send money back: ISO 20022's codes in people's words."""

from django.utils.translation import gettext, gettext_noop

WORDS = {
    "AC01": gettext_noop("the account number is wrong"),
    "AC03": gettext_noop("the account number is wrong"),
    "AC04": gettext_noop("the account is closed"),
    "AC06": gettext_noop("the account is blocked"),
    "AC13": gettext_noop("the account can't receive this type of payment"),
    "AG01": gettext_noop("the account doesn't allow this type of payment"),
    "AG02": gettext_noop("the bank doesn't support this type of payment"),
    "AM05": gettext_noop("the bank considers it a duplicate"),
    "BE01": gettext_noop("the name doesn't match the account"),
    "BE04": gettext_noop("the address is missing"),
    "CNOR": gettext_noop("the bank can't be reached"),
    "DNOR": gettext_noop("our bank can't be reached"),
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


def in_words(code: str) -> str:
    """Return the reason in words with the bank's code behind; empty for no code."""
    code = code.strip()[:35]
    if not code:
        return ""
    return f"{gettext(WORDS[code])} ({code})" if code in WORDS else code
