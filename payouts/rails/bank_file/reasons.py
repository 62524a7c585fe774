"""Why banks send money back: ISO 20022's codes in people's words."""

from django.utils.translation import gettext, gettext_noop

WORDS = {
    "AC01": gettext_noop("the account number is wrong"),
    "AC03": gettext_noop("the account number is wrong"),
    "AC04": gettext_noop("the account is closed"),
    "AC06": gettext_noop("the account is blocked"),
    "AC13": gettext_noop("the account cannot take this kind of payment"),
    "AG01": gettext_noop("the account does not allow payments of this kind"),
    "AG02": gettext_noop("the bank does not know this kind of payment"),
    "AM05": gettext_noop("the bank takes it for a duplicate"),
    "BE01": gettext_noop("the name and the account do not belong together"),
    "BE04": gettext_noop("the address is missing"),
    "CNOR": gettext_noop("the bank cannot be reached"),
    "DNOR": gettext_noop("our bank cannot be reached"),
    "FOCR": gettext_noop("it was called back"),
    "FR01": gettext_noop("the bank suspects fraud"),
    "MD07": gettext_noop("the account's owner has died"),
    "MS02": gettext_noop("the account's owner does not want it"),
    "MS03": gettext_noop("the bank gives no reason"),
    "RC01": gettext_noop("the bank's code is wrong"),
    "RR01": gettext_noop("the bank lacks details that its law wants"),
    "RR02": gettext_noop("the bank lacks details that its law wants"),
    "RR03": gettext_noop("the bank lacks details that its law wants"),
    "RR04": gettext_noop("the bank's law does not allow it"),
}


def in_words(code: str) -> str:
    """Return the reason in words with the bank's code behind; empty for no code."""
    code = code.strip()[:35]
    if not code:
        return ""
    return f"{gettext(WORDS[code])} ({code})" if code in WORDS else code
