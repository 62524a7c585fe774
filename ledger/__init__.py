"""Double entry in integers: `post` is the only writer, everything else reads.

A posting's key is its idempotency key. The same key with the same input returns the first answer;
with another input it is `KeyReused`.
"""

from ledger.client import (
    Answer,
    KeyReused,
    Leg,
    NotEnough,
    Order,
    Refused,
    account_id,
    account_ids,
    balance,
    balances,
    lock_owners,
    moment_of,
    moments_of,
    post,
    post_one,
)

__all__ = [
    "Answer",
    "KeyReused",
    "Leg",
    "NotEnough",
    "Order",
    "Refused",
    "account_id",
    "account_ids",
    "balance",
    "balances",
    "lock_owners",
    "moment_of",
    "moments_of",
    "post",
    "post_one",
]
