"""What money by bank transfer moves in the ledger. Each step is one posting."""

import uuid
from datetime import datetime

import ledger
from wallet.models import BankTransfer, GiveBack
from wallet.transfers.postings import facts, give_back_facts, use_facts

CLEARING = "clearing:bank_transfer"


def came(transfer: BankTransfer) -> datetime:
    """Book that money came: it is owed to whoever sent it. Return the moment."""
    return _post(
        transfer,
        "",
        "transfer_in",
        [("bank", "owed_payers", transfer.amount_minor)],
        input=facts([transfer.pk])[transfer.pk],
    )


def used(transfer: BankTransfer, minor: int) -> datetime:
    """Book that an order has money that came. Return the moment. Its row says it already."""
    legs = [("owed_payers", CLEARING, minor)]
    kept = use_facts([transfer.pk])[transfer.pk]
    return _post(transfer, ":used", "transfer_used", legs, input=kept)


def released(transfer: BankTransfer) -> datetime:
    """Book that money is an order's no longer. Return the moment."""
    return _reverse(transfer, ":released", "transfer_released", of=":used")


def dismissed(transfer: BankTransfer) -> datetime:
    """Book that money was no fan's: it is booked elsewhere. Return the moment."""
    return _reverse(transfer, ":dismissed", "transfer_dismissed", of="")


def reversed_(transfer: BankTransfer) -> datetime:
    """Book that the bank took money back, from the order that has it and from what is owed."""
    kept = 0 if transfer.released_at else transfer.used_minor
    legs = [(CLEARING, "bank", kept), ("owed_payers", "bank", transfer.amount_minor - kept)]
    return _post(transfer, ":reversed", "transfer_reversed", legs)


def sent(give_back: GiveBack) -> datetime:
    """Book that money left our bank for its payer. Return the moment. Its row says who did it."""
    giver = CLEARING if give_back.refund_id else "owed_payers"
    answer = ledger.post_one(
        key=f"giveback:{give_back.public_id}",
        kind="transfer_back",
        legs=[_leg(give_back.currency, giver, "bank", give_back.amount_minor)],
        input=give_back_facts([give_back.pk])[give_back.pk],
    )
    return ledger.moment_of(answer)


def key(public_id: uuid.UUID, step: str = "") -> str:
    """Return the key of a step of a transfer."""
    return f"transfer:{public_id}{step}"


def _post(
    transfer: BankTransfer,
    step: str,
    kind: str,
    moves: list[tuple[str, str, int]],
    **more: object,
) -> datetime:
    legs = [_leg(transfer.currency, *move) for move in moves if move[2]]
    return ledger.moment_of(
        ledger.post_one(key=key(transfer.public_id, step), kind=kind, legs=legs, **more)  # type: ignore[arg-type]  # the input, or none
    )


def _reverse(transfer: BankTransfer, step: str, kind: str, *, of: str) -> datetime:
    before = key(transfer.public_id, of)
    answer = ledger.post_one(key=key(transfer.public_id, step), kind=kind, reverses=before)
    return ledger.moment_of(answer)


def _leg(currency: str, giver: str, taker: str, minor: int) -> ledger.Leg:
    accounts = ledger.account_id(giver, currency), ledger.account_id(taker, currency)
    return ledger.Leg(currency, *accounts, minor)
