"""The rule by which money goes back, in versions: what a document says of it stays."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

REFUND_RULE = "2026-11"

# A document keeps its version, so a rule that changes is added here and the old one stays.
REFUND_RULES: dict[str, StrOrPromise] = {
    "2026-11": _(
        "Coins that you have not used can be refunded for at least 14 days after paying, in full"
        " and to the same card or account. Open the order in your wallet, or reply to this email."
        " Coins that you sent as gifts are used."
    ),
}
