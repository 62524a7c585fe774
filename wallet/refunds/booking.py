"""What a refund moves in the ledger, and in its order's row. Each step is one posting."""

from django.db.models import F

import ledger
from ledger.chart import COIN
from wallet.bonus.voiding import follow_order
from wallet.models import Purchase, Refund
from wallet.postings import refund_facts

State = Refund.State


def hold(refund: Refund) -> None:
    """Put a refund's coins on hold. Raises `NotEnough` when the fan spent them meanwhile."""
    if not refund.coins:
        return
    legs = [_coins(refund, "coins", "coins_held")]
    ledger.post_one(key=_key(refund, "hold"), kind="refund_hold", legs=legs)
    _change(refund, held_coins=F("held_coins") + refund.coins)


def release(refund: Refund) -> None:
    """Give held coins back to the fan: the refund came to nothing."""
    if not refund.coins:
        return
    ledger.post_one(key=_key(refund, "return"), kind="refund_return", reverses=_key(refund, "hold"))
    _change(refund, held_coins=F("held_coins") - refund.coins)


def complete(refund: Refund) -> ledger.Answer:
    """Book that the money left: coins go out of the world, their money back over the provider."""
    answer = ledger.post_one(
        key=posting_key(refund),
        kind="refund",
        legs=_legs(refund),
        input=refund_facts([refund.pk])[refund.pk],
    )
    _change(
        refund,
        held_coins=F("held_coins") - refund.coins,
        returned_coins=F("returned_coins") + refund.coins,
        returned_net_minor=F("returned_net_minor") + refund.net_minor,
        returned_tax_minor=F("returned_tax_minor") + refund.tax_minor,
        returned_loss_minor=F("returned_loss_minor") + refund.loss_minor,
    )
    return answer


def undo(refund: Refund) -> None:
    """Take a completed refund back, to its hold: the bank returned the money to the provider."""
    ledger.post_one(key=_key(refund, "undo"), kind="refund_return", reverses=posting_key(refund))
    _change(
        refund,
        held_coins=F("held_coins") + refund.coins,
        returned_coins=F("returned_coins") - refund.coins,
        returned_net_minor=F("returned_net_minor") - refund.net_minor,
        returned_tax_minor=F("returned_tax_minor") - refund.tax_minor,
        returned_loss_minor=F("returned_loss_minor") - refund.loss_minor,
    )


def posting_key(refund: Refund) -> str:
    """Return the key under which a refund's money is booked: one per refund."""
    return f"refund:{refund.public_id}"


def _key(refund: Refund, step: str) -> str:
    return f"{posting_key(refund)}:{step}"


def _legs(refund: Refund) -> list[ledger.Leg]:
    purchase, currency = refund.purchase, refund.currency
    through = "bank" if refund.by_hand else f"clearing:{purchase.provider}"
    giver = ledger.account_id(through, currency)
    money = {
        "unearned": refund.net_minor,
        f"tax:{purchase.country_id}": refund.tax_minor,
        "refund_loss": refund.loss_minor,
    }
    legs = [_coins(refund, "coins_held", "coins_refunded")] if refund.coins else []
    return legs + [
        ledger.Leg(currency, ledger.account_id(kind, currency), giver, minor)
        for kind, minor in money.items()
        if minor
    ]


def _coins(refund: Refund, giving: str, taking: str) -> ledger.Leg:
    fan = refund.purchase.user_id
    owner = None if taking == "coins_refunded" else fan
    return ledger.Leg(
        COIN,
        ledger.account_id(giving, COIN, fan),
        ledger.account_id(taking, COIN, owner),
        refund.coins,
    )


def _change(refund: Refund, **changes: object) -> None:
    Purchase.objects.filter(pk=refund.purchase_id).update(**changes)
    follow_order(refund.purchase_id)
