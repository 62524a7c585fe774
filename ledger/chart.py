"""The chart of accounts.

Which kinds exist, in which unit, and on which side their balance grows.
"""

from dataclasses import dataclass
from enum import StrEnum

COIN = "COIN"
DIAMOND = "DIAMOND"


class Side(StrEnum):
    """The side on which a balance is shown as positive."""

    CREDIT = "credit"
    DEBIT = "debit"


@dataclass(frozen=True)
class Kind:
    """One kind of account. `unit` is empty for money kinds, which exist once per currency."""

    name: str
    unit: str
    side: Side
    guarded: bool = False
    owned: bool = False


def _kinds() -> dict[str, Kind]:
    credit, debit = Side.CREDIT, Side.DEBIT
    people = [
        Kind("coins", COIN, credit, guarded=True, owned=True),
        Kind("bonus_coins", COIN, credit, guarded=True, owned=True),
        Kind("coins_held", COIN, credit, guarded=True, owned=True),
        Kind("diamonds_held", DIAMOND, credit, owned=True),
        Kind("diamonds", DIAMOND, credit, guarded=True, owned=True),
        Kind("diamonds_frozen", DIAMOND, credit, guarded=True, owned=True),
        Kind("diamonds_owed", DIAMOND, debit, owned=True),
        Kind("cash", "", credit, guarded=True, owned=True),
        Kind("cash_reserve", "", credit, guarded=True, owned=True),
    ]
    coins = [
        Kind("coins_issued", COIN, debit),
        Kind("bonus_issued", COIN, debit),
        Kind("coins_spent", COIN, credit),
        Kind("coins_refunded", COIN, credit),
        Kind("coins_clawed_back", COIN, credit),
        Kind("bonus_expired", COIN, credit),
        Kind("bonus_voided", COIN, credit),  # of orders whose coins went back
    ]
    diamonds = [
        Kind("diamonds_issued", DIAMOND, debit),
        Kind("diamonds_converted", DIAMOND, credit),
        Kind("diamonds_reversed", DIAMOND, credit),
    ]
    money = [
        Kind("clearing", "", debit),  # clearing:<provider>
        Kind("bank", "", debit),
        Kind("owed_payers", "", credit),  # came by bank transfer and is no order's
        Kind("unearned", "", credit),
        Kind("tax", "", credit),  # tax:<country>
        Kind("gift_revenue", "", credit),
        Kind("creator_cost", "", debit),
        Kind("processor_fees", "", debit),
        Kind("provider_loss", "", debit),  # what the site bears of a provider's book, by hand
        Kind("provider_suspense", "", credit),  # at a provider, and another's; below zero: owed us
        Kind("payout_in_transit", "", credit),  # payout_in_transit:<rail>
        Kind("payout_fees", "", debit),
        Kind("payout_claims", "", debit),  # what the bank paid out too often, less what it owes
        Kind("disputes_held", "", debit),
        Kind("dispute_loss", "", debit),
        Kind("refund_loss", "", debit),
        Kind("bonus_cost", "", debit),
        Kind("fx", "", debit),
        Kind("rounding", "", debit),
    ]
    return {kind.name: kind for kind in (*people, *coins, *diamonds, *money)}


KINDS = _kinds()


def kind_of(name: str) -> Kind:
    """Return the kind of an account's name.

    `tax:DE` is a `tax`. Raises `KeyError` for a kind not in the chart.
    """
    return KINDS[name.partition(":")[0]]
