"""What the wallet keeps: the ledger's tables, prices, purchases."""

from wallet.ledger.models import Account, Fold, Horizon, Key, Posting, Transfer
from wallet.models.audit import LedgerCheck
from wallet.models.prices import Bundle, BundlePrice, FxRate, RateCard, SpendingPolicy
from wallet.models.purchases import Purchase, PurchaseEvent, WebhookEvent
from wallet.providers.sandbox.models import SandboxNotice, SandboxPayment

__all__ = [
    "Account",
    "Bundle",
    "BundlePrice",
    "Fold",
    "FxRate",
    "Horizon",
    "Key",
    "LedgerCheck",
    "Posting",
    "Purchase",
    "PurchaseEvent",
    "RateCard",
    "SandboxNotice",
    "SandboxPayment",
    "SpendingPolicy",
    "Transfer",
    "WebhookEvent",
]
