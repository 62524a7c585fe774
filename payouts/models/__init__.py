"""Diamonds on their way to a bank account."""

from payouts.models.methods import PayoutMethod, PayoutPolicy
from payouts.models.payouts import Batch, Payout, PayoutEvent
from payouts.models.statements import BankStatement, StatementLine

__all__ = [
    "BankStatement",
    "Batch",
    "Payout",
    "PayoutEvent",
    "PayoutMethod",
    "PayoutPolicy",
    "StatementLine",
]
