"""The admin of payouts. Everything that moves money is a button that calls a service; nothing is
edited by hand.
"""

from payouts.admin.batches import BatchAdmin
from payouts.admin.methods import PayoutMethodAdmin, PayoutPolicyAdmin
from payouts.admin.payouts import PayoutAdmin
from payouts.admin.proposals import ProposalAdmin
from payouts.admin.statements import BankStatementAdmin

__all__ = [
    "BankStatementAdmin",
    "BatchAdmin",
    "PayoutAdmin",
    "PayoutMethodAdmin",
    "PayoutPolicyAdmin",
    "ProposalAdmin",
]
