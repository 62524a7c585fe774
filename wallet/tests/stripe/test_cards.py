"""Stripe's name for a card and its bank: what the rules against fraud compare."""

from typing import Any

import pytest
import stripe

from accounts.models import User
from conftest import person
from stripe_standin.server import Standin
from wallet.models import Purchase, VelocityHit
from wallet.purchases import settlement
from wallet.tests.stripe.stage import order, paid
from wallet.tests.velocity.stage import Kind, only

State = Purchase.State


@pytest.mark.parametrize(
    ("kind", "fact"),
    [("card", "fingerprint"), ("card", "issuer"), ("sepa_debit", "fingerprint"),
     ("sepa_debit", "bank_code")],
)  # fmt: skip
def test_stripes_own_description_has_what_we_read(kind: str, fact: str) -> None:
    """The library is made from the description of the version of the API that we ask for."""
    details = stripe.Charge.PaymentMethodDetails
    name = "".join(part.title() for part in kind.split("_"))
    hints: dict[str, Any] = getattr(details, name).__annotations__
    assert hints[fact] in {"Optional[str]", str | None}


def test_a_card_is_the_same_whoever_pays_with_it(
    standin: Standin, carol: User, alice: User
) -> None:
    mine, theirs = (paid(standin, fan, card="4242") for fan in (carol, alice))
    assert mine.trace.card == theirs.trace.card != ""
    assert mine.trace.bank == "Stripe Payments UK Limited"
    other = order(carol, 500)
    standin.account.pay(other.provider_reference, card="5555")
    assert settlement.inspect(other).trace.card not in {"", mine.trace.card}


def test_a_debited_account_counts_as_a_card(standin: Standin, carol: User) -> None:
    purchase = order(carol, method="sepa_debit")
    standin.account.pay_later(purchase.provider_reference)
    standin.account.arrive(purchase.provider_reference)
    trace = settlement.inspect(purchase).trace
    assert trace.card and trace.bank == "37040044"


def test_a_stolen_card_at_stripe_is_held(standin: Standin, db: None) -> None:
    only(Kind.ACCOUNTS_PER_CARD, threshold=2)
    fans = [person(f"fan{number}") for number in range(3)]
    states = [paid(standin, fan, 100, card="4242").state for fan in fans]
    assert states == [State.PAID, State.PAID, State.REVIEW]
    assert VelocityHit.objects.get().user == fans[2]
