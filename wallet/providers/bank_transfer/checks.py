"""What must be right before fans are told our account: found by `manage.py check` and at start."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

MODULE = "wallet.providers.bank_transfer"


@register()
def account_can_be_paid_to(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Return what is wrong with the account to which fans transfer money."""
    if MODULE not in settings.PAYMENT_PROVIDERS:
        return []
    found = []
    if not settings.BANK_ACCOUNT["name"]:
        hint = "Set BANK_NAME to the account's holder, as the bank has it."
        found.append(Error("Bank transfers need the account's name.", hint=hint, id="wallet.E001"))
    try:
        IBAN(settings.BANK_ACCOUNT["iban"])
    except SchwiftyException:
        hint = "Set BANK_IBAN, or take bank_transfer out of PAYMENT_PROVIDERS."
        said = "Bank transfers need a valid IBAN of the site's own."
        found.append(Error(said, hint=hint, id="wallet.E002"))
    return found
