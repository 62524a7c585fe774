"""What a lost dispute left owing is taken off the next payout, once."""

import uuid

import pytest

import ledger
from accounts.models import User
from ledger import checks
from payouts.models import Payout
from payouts.refusals import NotEnoughDiamonds
from payouts.requests import services
from payouts.summary import summary
from payouts.tests.builders import bank_account, diamonds_of, give_diamonds

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor(bob: User) -> User:
    """Bob, with 12,000 diamonds and a debt of 2,000."""
    bank_account(bob)
    give_diamonds(bob, 12_000)
    owe(bob, 2_000)
    return bob


def owe(creator: User, diamonds: int) -> None:
    legs = [
        ledger.Leg(
            "DIAMOND",
            ledger.account_id("diamonds_owed", "DIAMOND", creator.pk),
            ledger.account_id("diamonds_reversed", "DIAMOND"),
            diamonds,
        )
    ]
    ledger.post_one(key=f"owe:{uuid.uuid4()}", kind="test", legs=legs)


def asked(creator: User, diamonds: int) -> Payout:
    return services.request_payout(creator=creator, diamonds=diamonds, key=uuid.uuid4())


def owed(creator: User) -> int:
    return ledger.balance("diamonds_owed", "DIAMOND", creator.pk)


def test_the_debt_goes_off_with_the_next_payout_and_only_once(debtor: User) -> None:
    payout = asked(debtor, 5_000)
    assert (payout.diamonds, payout.debt_diamonds) == (5_000, 2_000)
    assert (diamonds_of(debtor), owed(debtor)) == (5_000, 0)
    assert asked(debtor, 5_000).debt_diamonds == 0
    assert diamonds_of(debtor) == 0
    assert checks.run() == []


def test_what_is_owed_cannot_be_taken_out(debtor: User) -> None:
    seen = summary(debtor)
    assert (seen.available.diamonds, seen.owed) == (10_000, 2_000)
    with pytest.raises(NotEnoughDiamonds):
        asked(debtor, 10_001)


def test_a_cancelled_payout_brings_the_debt_back(debtor: User) -> None:
    services.cancel(payout=asked(debtor, 5_000), by=debtor)
    assert (diamonds_of(debtor), owed(debtor)) == (12_000, 2_000)
    assert checks.run() == []


def test_who_owes_more_than_there_is_gets_nothing(debtor: User) -> None:
    owe(debtor, 20_000)
    assert summary(debtor).available.diamonds == 0
    with pytest.raises(NotEnoughDiamonds):
        asked(debtor, 3_000)
    assert owed(debtor) == 22_000
