"""Prepaid cards that come back: unredeemed ones are void, of redeemed ones unused coins go back."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from ledger import checks
from wallet import tasks
from wallet.codes import batches, refusals
from wallet.codes.redeeming import redeem
from wallet.coins.balance import coin_balance
from wallet.models import Code, Purchase, Redemption, Refund, SpendingPolicy
from wallet.refunds import by_hand, requests
from wallet.refunds.refusals import AmountOutOfRange, OwnRefund, PaidByCard, WithdrawalOver
from wallet.refunds.unused import returnable
from wallet.tests.codes import made_batch
from wallet.tests.stage import spend

pytestmark = pytest.mark.django_db
State = Refund.State


@pytest.fixture
def fan(db: None) -> User:
    return person("fay")


@pytest.fixture
def card(fan: User) -> Purchase:
    """The order of 1,000 coins for 11.90 euro that a card paid."""
    code = made_batch(coins=1_000, price_minor=1_190).codes[0]
    purchase = redeem(user=fan, typed=code, key=uuid.uuid4(), address="192.0.2.7").purchase
    assert purchase is not None
    return purchase


def asked(card: Purchase, by: User, minor: int = 1_190) -> Refund:
    return requests.give_back(
        purchase=card, key=uuid.uuid4(), amount_minor=minor, by=by, note="Receipt seen"
    )


def test_unused_coins_of_a_card_go_back_by_hand_from_the_sites_bank(
    card: Purchase, fan: User, dana: User, erin: User, client: Client
) -> None:
    refund = asked(card, dana)
    assert (refund.state, refund.due_at) == (State.HELD, None)
    assert "by hand" in refund.needs_attention
    assert coin_balance(fan)["coins_held"] == 1_000
    client.force_login(fan)
    page = client.get(f"/orders/{card.public_id}/").content.decode()
    assert "bank account that you named" in page
    tasks.sweep()  # nobody is asked who could only say no
    refund.refresh_from_db()
    assert refund.state == State.HELD
    refund = by_hand.propose(refund=refund, reference="SEPA 17 to fay", by=dana)
    assert refund.needs_attention == ""
    with pytest.raises(OwnRefund):
        by_hand.confirm(refund=refund, by=dana)
    assert by_hand.confirm(refund=refund, by=erin).state == State.DONE
    assert (ledger.balance("bank", "EUR"), ledger.balance("unearned", "EUR")) == (-1_190, 0)
    assert ledger.balance("clearing:prepaid", "EUR") == 1_190  # the seller of the card still owes
    assert coin_balance(fan) == {"coins": 0, "bonus_coins": 0, "coins_held": 0}
    assert checks.run() == []


def test_of_a_card_only_what_is_unspent_goes_back(card: Purchase, fan: User, dana: User) -> None:
    spend(fan, 400)
    with pytest.raises(AmountOutOfRange) as refused:
        asked(card, dana)
    assert "7.14" in refused.value.detail
    refund = asked(card, dana, 714)
    assert (refund.coins, refund.loss_minor) == (600, 0)
    assert requests.most_by_staff(Purchase.objects.get()) == 0
    assert checks.run() == []


def test_a_card_whose_money_cannot_leave_gives_its_coins_back(
    card: Purchase, fan: User, dana: User, erin: User
) -> None:
    refund = by_hand.propose(refund=asked(card, dana), reference="SEPA 17", by=dana)
    with pytest.raises(WrongState):  # somebody said that it left
        requests.reject(refund=refund, by=erin)
    refund = by_hand.withdraw(refund=refund)
    assert (refund.due_at, "by hand" in refund.needs_attention) == (None, True)
    requests.reject(refund=refund, by=erin)
    refund.refresh_from_db()
    assert (refund.state, refund.needs_attention) == (State.REJECTED, "")
    assert coin_balance(fan)["coins"] == 1_000
    assert checks.run() == []


def test_a_second_person_confirms_a_large_one_and_it_waits_to_be_given_back(
    card: Purchase, dana: User, erin: User
) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    refund = asked(card, dana)
    assert (refund.state, refund.needs_attention) == (State.PROPOSED, "")
    refund = requests.confirm(refund=refund, by=erin)
    assert (refund.state, refund.due_at) == (State.HELD, None)
    assert "by hand" in refund.needs_attention


def test_the_fan_reads_how_and_until_when(card: Purchase, fan: User, client: Client) -> None:
    client.force_login(fan)
    order = client.get(f"/orders/{card.public_id}/").content.decode()
    assert "How to return unused coins" in order
    page = client.get(f"/orders/{card.public_id}/refund/").content.decode()
    assert "the 1,000 unused ones" in page and "receipt of the card" in page
    with pytest.raises(PaidByCard):
        requests.withdraw(purchase=card, key=uuid.uuid4())
    Purchase.objects.update(captured_at=timezone.now() - timedelta(days=15))
    late = Purchase.objects.get()
    assert returnable(late).by_staff == 0
    assert "How to return" not in client.get(f"/orders/{card.public_id}/").content.decode()
    page = client.get(f"/orders/{card.public_id}/refund/").content.decode()
    assert "You could return unused coins of this order until" in page
    with pytest.raises(WithdrawalOver):
        requests.withdraw(purchase=late, key=uuid.uuid4())


def test_staff_read_which_card_it_was_and_reject_what_cannot_leave(
    card: Purchase, dana: User, client: Client
) -> None:
    client.force_login(dana)
    page = client.get(f"/admin/wallet/purchase/{card.pk}/refund/").content.decode()
    assert "A prepaid card paid it: Summer 1" in page
    refund = asked(card, dana)
    page = client.get(f"/admin/wallet/refund/{refund.pk}/change/").content.decode()
    assert "the coins are free again" in page
    client.post(f"/admin/wallet/refund/{refund.pk}/reject/")
    refund.refresh_from_db()
    assert refund.state == State.REJECTED


def test_a_card_that_was_returned_unredeemed_is_void(fan: User, dana: User) -> None:
    made = made_batch(coins=1_000, price_minor=1_190, count=2)
    row = batches.make_void(made.batch, code_number=2, by=dana, reason="Returned to the shop")
    assert (row.void_by, row.void_reason) == (dana, "Returned to the shop")
    with pytest.raises(refusals.CodeVoid):
        redeem(user=fan, typed=made.codes[1], key=uuid.uuid4(), address="192.0.2.7")
    assert not Redemption.objects.exists()
    with pytest.raises(refusals.AlreadyVoid):
        batches.make_void(made.batch, code_number=2, by=dana, reason="Again")
    with (
        pytest.raises(IntegrityError, match="code_is_void_or_used"),
        transaction.atomic(),
    ):
        Code.objects.filter(pk=row.pk).update(used=1)
    redeem(user=fan, typed=made.codes[0], key=uuid.uuid4(), address="192.0.2.7")
    with pytest.raises(refusals.AlreadyRedeemed):
        batches.make_void(made.batch, code_number=1, by=dana, reason="Too late")
    assert checks.run() == []


@pytest.mark.parametrize(
    ("number", "reason", "refusal"),
    [
        (3, "Returned", refusals.NoSuchNumber),
        (None, "Returned", refusals.NoSuchNumber),
        (1, "  ", refusals.VoidReasonMissing),
        (1, "x" * 201, refusals.VoidReasonMissing),
    ],
)
def test_a_card_that_is_not_there_or_no_reason_is_refused(
    dana: User, number: int | None, reason: str, refusal: type[Exception]
) -> None:
    made = made_batch(coins=1_000, price_minor=1_190, count=2)
    with pytest.raises(refusal):
        batches.make_void(made.batch, code_number=number, by=dana, reason=reason)
    assert not Code.objects.exclude(void_at=None).exists()


def test_staff_make_a_card_void_on_its_batchs_page(dana: User, client: Client) -> None:
    batch = made_batch(coins=1_000, price_minor=1_190, count=2).batch
    client.force_login(dana)
    address = f"/admin/wallet/codebatch/{batch.pk}/"
    assert "A card was returned unredeemed" in client.get(f"{address}change/").content.decode()
    sent = {"number": "7", "reason": "Returned"}
    answer = client.post(f"{address}void/", sent, follow=True)
    assert "no code with that number" in answer.content.decode()
    answer = client.post(f"{address}void/", sent | {"number": "2"}, follow=True)
    assert "Card 2 is void since" in answer.content.decode()
