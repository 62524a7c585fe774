"""Gifts follow a refund of what a child bought, as they follow a dispute: once, and to the end."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

import ledger
from accounts.models import User
from conftest import person
from gifts import tasks
from gifts.clawback.follow import follow_disputes
from gifts.earnings.release import release_due
from gifts.models import Clawback, SentGift
from gifts.tests.clawback.stage import bought, buyer, sent
from live.models import Stream
from wallet.models import DisputePolicy, Purchase, Refund, SandboxPayment, SandboxRefund
from wallet.purchases import settlement
from wallet.refunds import refusals, requests, sending
from wallet.refunds.unused import taken_back
from wallet.tests.disputes.stage import audit, disputed

pytestmark = pytest.mark.django_db
State = Refund.State


@pytest.fixture
def child(db: None) -> User:
    return buyer("kim")


def asked(order: Purchase, dana: User, gift_coins: int, **more: Any) -> Refund:
    return requests.take_back(
        purchase=order,
        key=more.pop("key", uuid.uuid4()),
        gift_coins=gift_coins,
        by=dana,
        note="Bought by a child",
        needs_second=more.pop("needs_second", False),
    )


def arrive() -> None:
    """Let the refund go through the provider, and gifts follow."""
    sending.send_due()
    for order in Purchase.objects.filter(refunds__state="sent"):
        settlement.inspect(order)
    tasks.follow_disputes()


def diamonds(creator: User) -> dict[str, int]:
    kinds = ("diamonds_held", "diamonds_frozen", "diamonds", "diamonds_owed")
    found = {kind: ledger.balance(kind, "DIAMOND", creator.pk) for kind in kinds}
    return {kind.partition("_")[2] or "available": n for kind, n in found.items() if n}


def test_unused_coins_and_gifts_on_hold_go_back_and_the_whole_price(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    refund = asked(order, dana, 100)
    assert refund.total_minor == order.total_minor
    assert (refund.coins, refund.gift_coins, refund.reason) == (400, 100, "guardian")
    follow_disputes()
    assert diamonds(bob) == {"frozen": 100}
    audit()
    arrive()
    refund.refresh_from_db()
    assert refund.state == State.DONE
    assert diamonds(bob) == {}
    assert ledger.balance("diamonds_reversed", "DIAMOND") == 100
    assert ledger.balance("coins_clawed_back", "COIN") == 100
    assert ledger.balance("coins", "COIN", child.pk) == 0
    assert follow_disputes() == 0
    audit()


def test_only_the_newest_gifts_go_back_when_not_all_shall(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    order = bought(child, 500)
    old, new = sent(child, stream, 4), sent(child, stream, 2)
    asked(order, dana, 50)
    arrive()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.withheld_diamonds, new.withheld_diamonds) == (0, 50)
    assert diamonds(bob) == {"held": 100}
    audit()


@pytest.mark.parametrize("bearer", DisputePolicy.Bearer.values)
def test_released_diamonds_are_borne_as_the_rules_say(
    child: User, bob: User, dana: User, stream: Stream, bearer: str
) -> None:
    DisputePolicy.objects.update(bearer=bearer)
    order = bought(child, 100)
    sent(child, stream, 4, days_ago=8)
    release_due()
    asked(order, dana, 100)
    DisputePolicy.objects.update(bearer="platform")  # the rules of then hold
    arrive()
    owes = bearer == DisputePolicy.Bearer.CREATOR
    assert Clawback.objects.get().owed_diamonds == (100 if owes else 0)
    assert diamonds(bob) == {"available": 100} | ({"owed": 100} if owes else {})
    audit()


def test_a_refund_that_is_turned_down_gives_the_gifts_back(
    child: User, bob: User, dana: User, erin: User, stream: Stream
) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    refund = asked(order, dana, 100, needs_second=True)
    follow_disputes()
    assert diamonds(bob) == {"frozen": 100}
    requests.reject(refund=refund, by=erin)
    follow_disputes()
    assert diamonds(bob) == {"held": 100}
    assert ledger.balance("coins", "COIN", child.pk) == 400
    audit()
    again = asked(order, dana, 100)  # what came back can be taken another time
    arrive()
    again.refresh_from_db()
    assert again.state == State.DONE
    assert diamonds(bob) == {}
    audit()


def test_money_that_the_bank_sent_back_later_does_not_undo_the_gifts(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    """It is owed to the family still: staff give it back another way."""
    order = bought(child, 500)
    sent(child, stream, 4)
    refund = asked(order, dana, 100)
    arrive()
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    SandboxRefund.objects.filter(payment=payment).update(failed="lost_or_stolen_card")
    settlement.inspect(order)
    tasks.follow_disputes()
    refund.refresh_from_db()
    assert refund.state == State.FAILED
    assert diamonds(bob) == {}
    audit()


def test_a_gift_goes_back_once_however_many_take_it(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    asked(order, dana, 60)
    with pytest.raises(refusals.FewerSpent):
        asked(order, dana, 41)
    asked(order, dana, 40)
    with pytest.raises(refusals.NothingUnused):
        asked(order, dana, 0)
    arrive()
    assert ledger.balance("diamonds_reversed", "DIAMOND") == 100
    audit()
    disputed(order)
    follow_disputes()
    assert ledger.balance("diamonds_frozen", "DIAMOND", bob.pk) == 0
    audit()


def test_the_same_key_is_the_same_refund(child: User, dana: User, stream: Stream) -> None:
    order, key = bought(child, 500), uuid.uuid4()
    sent(child, stream, 4)
    first = asked(order, dana, 100, key=key)
    assert asked(order, dana, 100, key=key) == first
    with pytest.raises(ledger.KeyReused):
        asked(order, dana, 50, key=key)


def test_what_it_is_worth_is_said_before(child: User, stream: Stream) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    worth = taken_back(order, 100)
    assert (worth.unused.coins, worth.total_minor) == (400, order.total_minor)
    with pytest.raises(refusals.FewerSpent, match="Only 100 coins"):
        taken_back(order, 101)


def test_the_creator_is_told_without_a_word_about_whose_it_was(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    asked(order, dana, 100)
    tasks.follow_disputes()
    arrive()
    letters = [m for m in mail.outbox if m.to == [bob.email]]
    assert [m.subject.partition("] ")[2] for m in letters] == [
        "100 diamonds are frozen: a payment is being checked",
        "100 diamonds: a payment was taken back",
    ]
    for letter in letters:
        assert child.handle not in letter.body
        assert "child" not in letter.body
        assert "guardian" not in letter.body
    assert "You did nothing wrong" in letters[0].body


@pytest.mark.parametrize(
    "wrong",
    [
        {"gift_coins": 5, "bearer": ""},
        {"gift_coins": 0, "bearer": "creator"},
        {"reason": "staff"},
    ],
)
def test_the_database_knows_who_bears_gifts(
    child: User, dana: User, stream: Stream, wrong: dict[str, Any]
) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    refund = asked(order, dana, 100)
    with pytest.raises(IntegrityError, match="knows_who_bears_them"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(**wrong)


def test_a_clawback_has_one_cause(child: User, dana: User, stream: Stream) -> None:
    order = bought(child, 500)
    sent(child, stream, 4)
    asked(order, dana, 100)
    follow_disputes()
    other = disputed(bought(person("lena"), 100))
    for wrong in ({"dispute": other}, {"refund": None}):
        with pytest.raises(IntegrityError, match="clawback_has_one_cause"), transaction.atomic():
            Clawback.objects.update(**wrong)
    assert SentGift.objects.filter(frozen=True).count() == 1
