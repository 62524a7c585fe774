"""The wallet's tables: prices, purchases, the sandbox's payments."""

from wallet.models.prices import Bundle, BundlePrice, FxRate, RateCard, SpendingPolicy
from wallet.models.purchases import Purchase, PurchaseEvent, WebhookEvent
from wallet.models.sandbox import SandboxNotice, SandboxPayment

__all__ = [
    "Bundle",
    "BundlePrice",
    "FxRate",
    "Purchase",
    "PurchaseEvent",
    "RateCard",
    "SandboxNotice",
    "SandboxPayment",
    "SpendingPolicy",
    "WebhookEvent",
]
