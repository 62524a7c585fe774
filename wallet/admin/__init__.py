"""The wallet, as staff see it: prices are dated and only go forward, orders are only read."""

from wallet.admin import (
    codes,
    disputes,
    documents,
    money_back,
    movements,
    prices,
    promotions,
    purchases,
    refunds,
    senders,
    taxes,
    top_ups,
    transfers,
    velocity,
)

__all__ = [
    "codes",
    "disputes",
    "documents",
    "money_back",
    "movements",
    "prices",
    "promotions",
    "purchases",
    "refunds",
    "senders",
    "taxes",
    "top_ups",
    "transfers",
    "velocity",
]
