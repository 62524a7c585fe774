"""The wallet's tables: prices, purchases, bonus coins, codes, transfers, refunds, disputes,
documents, the sandbox's payments.
"""

from wallet.models.bonus import BonusLot, BonusStep
from wallet.models.codes import Code, CodeBatch, CodePolicy, CodeTry, Redemption
from wallet.models.disputes import Dispute, DisputeEvidence, DisputePolicy, DisputeStep
from wallet.models.documents import Document, DocumentSeries
from wallet.models.given_back import GiveBack
from wallet.models.holds import HoldEmail
from wallet.models.movement_bookings import MovementBooking
from wallet.models.movements import ProviderMovement
from wallet.models.prices import Bundle, BundlePrice, FxRate, RateCard, SpendingPolicy
from wallet.models.promotions import Promotion, PurchaseBonus
from wallet.models.purchases import Purchase, PurchaseEvent, WebhookEvent
from wallet.models.refunds import Refund
from wallet.models.sandbox import (
    SandboxDispute,
    SandboxNotice,
    SandboxPayment,
    SandboxRefund,
    SandboxSavedCard,
)
from wallet.models.statements import StatementEmail
from wallet.models.top_ups import SavedMethod, TopUp, TopUpEmail
from wallet.models.transfer_files import RefusedFile, SenderRule, TransferStatement
from wallet.models.transfers import AwaitedTransfer, BankTransfer
from wallet.models.velocity import OrderTrace, VelocityHit, VelocityRule

__all__ = [
    "AwaitedTransfer",
    "BankTransfer",
    "BonusLot",
    "BonusStep",
    "Bundle",
    "BundlePrice",
    "Code",
    "CodeBatch",
    "CodePolicy",
    "CodeTry",
    "Dispute",
    "DisputeEvidence",
    "DisputePolicy",
    "DisputeStep",
    "Document",
    "DocumentSeries",
    "FxRate",
    "GiveBack",
    "HoldEmail",
    "MovementBooking",
    "OrderTrace",
    "Promotion",
    "ProviderMovement",
    "Purchase",
    "PurchaseBonus",
    "PurchaseEvent",
    "RateCard",
    "Redemption",
    "Refund",
    "RefusedFile",
    "SandboxDispute",
    "SandboxNotice",
    "SandboxPayment",
    "SandboxRefund",
    "SandboxSavedCard",
    "SavedMethod",
    "SenderRule",
    "SpendingPolicy",
    "StatementEmail",
    "TopUp",
    "TopUpEmail",
    "TransferStatement",
    "VelocityHit",
    "VelocityRule",
    "WebhookEvent",
]
