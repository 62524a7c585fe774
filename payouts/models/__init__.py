"""Diamonds on their way to a bank account."""

from payouts.models.methods import PayoutMethod, PayoutPolicy
from payouts.models.payouts import Batch, Payout, PayoutEvent
from payouts.models.proposals import Proposal
from payouts.models.statements import BankBalance, BankStatement, StatementLine

__all__ = [
    "BankBalance",
    "BankStatement",
    "Batch",
    "Payout",
    "PayoutEvent",
    "PayoutMethod",
    "PayoutPolicy",
    "Proposal",
    "StatementLine",
]
