"""Bonus coins: granted with an order or a code, spent earliest end first, expired, void."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from ledger import checks
from wallet.bonus import expiry, lots
from wallet.coins.balance import coin_balance
from wallet.models import (
    BonusLot,
    BonusStep,
    Promotion,
    PurchaseBonus,
    SandboxPayment,
    SpendingPolicy,
)
from wallet.promotions.offers import Promotions
from wallet.promotions.promises import BonusChanged
from wallet.purchases import buying, cancelling, settlement
from wallet.refunds import requests, sending
from wallet.tests.disputes import stage as disputes
from wallet.tests.promotions import bonus_lot, promotion
from wallet.tests.stage import order, paid, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    return person("fanny", date_joined=timezone.now() - timedelta(days=100))


def bonus(user: User) -> int:
    return coin_balance(user)["bonus_coins"]


def spend_bonus(user: User, coins: int) -> str:
    """Spend bonus coins as a gift does, and return the posting's key."""
    key = f"spend:{uuid.uuid4()}"
    mine = ledger.account_id("bonus_coins", "COIN", user.pk)
    spent = ledger.account_id("coins_spent", "COIN")
    ledger.post_one(key=key, kind="test", legs=[ledger.Leg("COIN", mine, spent, coins)])
    return key


def ends(lot: BonusLot, **ago: int) -> None:
    """Let a lot's end be so long ago."""
    at = timezone.now() - timedelta(**ago)
    BonusLot.objects.filter(pk=lot.pk).update(
        created_at=at - timedelta(days=30), expires_at=at, due_at=at
    )


def test_a_paid_order_brings_its_bonus_once(fan: User) -> None:
    promotion(percent=10, bonus_days=30)
    purchase = paid(fan, 1_000)
    settlement.inspect(purchase)
    settlement.inspect(purchase)
    assert coin_balance(fan) == {"coins": 1_000, "bonus_coins": 100, "coins_held": 0}
    lot = BonusLot.objects.get(purchase=purchase)
    assert (lot.coins, lot.user) == (100, fan)
    assert timedelta(days=30) < lot.expires_at - timezone.now() <= timedelta(days=31)
    assert (lot.expires_at.hour, lot.expires_at.minute) == (0, 0)
    assert Promotion.objects.get().granted_coins == 100
    assert checks.run() == []


def test_an_order_that_is_not_paid_brings_none(fan: User) -> None:
    promotion(percent=10)
    purchase = order(fan, 1_000)
    assert purchase.bonus.coins == 100
    press(purchase, SandboxPayment.State.DECLINED)
    settlement.inspect(purchase)
    assert (bonus(fan), BonusLot.objects.count()) == (0, 0)


def test_the_database_grants_one_bonus_for_an_order(fan: User) -> None:
    promotion(percent=10)
    purchase = paid(fan, 1_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        lots.grant(user=fan, coins=5, days=5, purchase=purchase)


def test_the_largest_promotion_holds_and_only_one(fan: User) -> None:
    promotion(percent=10)
    promotion(coins=300)
    promotion(percent=20)
    paid(fan, 1_000)
    assert bonus(fan) == 300


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": timezone.now() + timedelta(days=1)},
        {"starts_at": timezone.now() - timedelta(days=2), "ends_at": timezone.now()},
        {"stopped_at": timezone.now()},
        {"region": "US"},
        {"pack": 500},
        {"budget_coins": 99},
        {"per_fan_coins": 99},
    ],
)
def test_a_promotion_for_another_time_place_or_amount_gives_none(
    fan: User, facts: dict[str, Any]
) -> None:
    promotion(percent=10, **facts)
    paid(fan, 1_000)
    assert bonus(fan) == 0


def test_a_promotion_of_a_pack_and_a_region_gives_there(fan: User) -> None:
    promotion(percent=10, region="DE", pack=1_000)
    paid(fan, 1_000)
    assert bonus(fan) == 100


def test_the_first_purchase_is_one(fan: User) -> None:
    promotion(percent=10, first_purchase=True)
    first, second = order(fan, 1_000), order(fan, 500)
    assert not PurchaseBonus.objects.filter(purchase=second).exists()
    for purchase in (first, second):
        press(purchase, SandboxPayment.State.SUCCEEDED)
        settlement.inspect(purchase)
    paid(fan, 2_500)
    assert bonus(fan) == 100


def test_whoever_bought_before_the_promotion_began_is_not_new(fan: User) -> None:
    paid(fan, 1_000)
    promotion(percent=10, first_purchase=True)
    assert not PurchaseBonus.objects.filter(purchase=order(fan, 500)).exists()


def test_a_first_purchase_that_was_given_up_lets_the_next_one_be_first(fan: User) -> None:
    promotion(percent=10, first_purchase=True, per_fan_coins=100)
    given_up = order(fan, 1_000)
    cancelling.cancel(given_up)
    second = paid(fan, 500)
    assert (second.bonus.coins, bonus(fan)) == (50, 50)
    # Its payment comes late all the same: coins, but no second first bonus.
    press(given_up, SandboxPayment.State.SUCCEEDED)
    settlement.inspect(given_up)
    assert coin_balance(fan)["coins"] == 1_500
    given_up.bonus.refresh_from_db()
    assert given_up.bonus.lapsed_at is not None
    assert bonus(fan) == 50
    assert checks.run() == []


def test_a_budget_is_promised_before_it_is_granted(fan: User, carol: User) -> None:
    promotion(coins=100, budget_coins=150, per_fan_coins=150)
    order(fan, 1_000)
    # Nothing is promised that would not be granted.
    assert not PurchaseBonus.objects.filter(purchase=order(carol, 500)).exists()
    paid(carol, 1_000)
    assert bonus(carol) == 0


def test_one_fan_gets_so_many_at_most(fan: User) -> None:
    promotion(coins=100, per_fan_coins=250)
    for coins in (500, 600, 700):
        paid(fan, coins)
    assert bonus(fan) == 200


def test_the_bonus_that_was_seen_is_the_one_that_is_promised(fan: User) -> None:
    promotion(coins=100)
    with pytest.raises(BonusChanged) as refusal:
        buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=1_000, expected_bonus=120)
    assert "100 coins" in refusal.value.detail
    assert not fan.purchases.exists()
    buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=1_000, expected_bonus=100)


def test_a_visitor_is_offered_what_somebody_new_is(fan: User) -> None:
    promotion(coins=100, first_purchase=True)
    country = fan.country
    assert country is not None
    offer = buying.quote(user=fan, coins=1_000)
    assert Promotions.now(None, country).best(offer) is not None
    paid(fan, 500)
    assert Promotions.now(None, country).best(offer) is not None
    assert Promotions.now(fan, country).best(offer) is None


def test_what_is_left_belongs_to_the_lots_that_end_last(fan: User) -> None:
    late, early = bonus_lot(fan, 100, days=60), bonus_lot(fan, 50, days=10)
    assert [(one.lot, one.coins) for one in lots.unspent(fan.pk)] == [
        (early.pk, 50),
        (late.pk, 100),
    ]
    spend_bonus(fan, 70)
    assert [(one.lot, one.coins) for one in lots.unspent(fan.pk)] == [(late.pk, 80)]


def test_a_lot_expires_at_its_end_and_once(fan: User) -> None:
    lot, other = bonus_lot(fan, 100), bonus_lot(fan, 30, days=50)
    spend_bonus(fan, 40)
    assert expiry.expire_due() == 0
    ends(lot, minutes=1)
    assert (expiry.expire_due(), expiry.expire_due()) == (1, 0)
    lot.refresh_from_db()
    assert (lot.expired_coins, bonus(fan)) == (60, 30)
    BonusLot.objects.update(due_at=timezone.now())
    expiry.expire_due()
    assert bonus(fan) == 30
    assert [one.lot for one in lots.unspent(fan.pk)] == [other.pk]
    steps = BonusStep.objects.filter(lot=lot).values_list("kind", "coins")
    assert list(steps) == [("granted", 100), ("expired", 60)]
    assert checks.run() == []


def test_a_lot_is_not_taken_before_its_end(fan: User) -> None:
    lot = bonus_lot(fan, 100)
    BonusLot.objects.update(due_at=timezone.now())  # a worker that looks too early
    expiry.expire_due()
    lot.refresh_from_db()
    assert (lot.expired_coins, bonus(fan)) == (0, 100)
    assert lot.due_at == lot.expires_at


def test_coins_of_an_undone_gift_expire_when_their_end_has_come(fan: User) -> None:
    lot = bonus_lot(fan, 100)
    gift = spend_bonus(fan, 40)
    ends(lot, minutes=1)
    expiry.expire_due()
    ledger.post_one(key=f"undo:{gift}", kind="undo", reverses=gift)
    assert bonus(fan) == 40
    lot.refresh_from_db()
    assert lot.due_at is not None
    assert lot.due_at > timezone.now()
    ends(lot, days=2)
    expiry.expire_due()
    lot = BonusLot.objects.get()
    assert (bonus(fan), lot.expired_coins, lot.due_at) == (0, 100, None)


def test_the_bonus_of_a_refunded_order_is_void_pro_rata(fan: User) -> None:
    promotion(percent=10)
    purchase = paid(fan, 1_000)
    requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=255)
    assert bonus(fan) == 75
    sending.send_due()
    assert bonus(fan) == 75
    requests.withdraw(purchase=purchase, key=uuid.uuid4())
    sending.send_due()
    lot = BonusLot.objects.get(purchase=purchase)
    assert (bonus(fan), lot.void_coins) == (0, 100)
    assert checks.run() == []


def test_bonus_coins_that_were_spent_are_not_asked_back(fan: User) -> None:
    promotion(percent=10)
    purchase = paid(fan, 1_000)
    spend_bonus(fan, 80)
    requests.withdraw(purchase=purchase, key=uuid.uuid4())
    sending.send_due()
    assert coin_balance(fan) == {"coins": 0, "bonus_coins": 0, "coins_held": 0}
    assert BonusLot.objects.get(purchase=purchase).void_coins == 20


def test_a_refund_that_fails_brings_the_bonus_back(fan: User, dana: User, erin: User) -> None:
    promotion(percent=10)
    purchase = paid(fan, 1_000)
    SpendingPolicy.objects.update(refund_alone_usd=1)
    refund = requests.give_back(
        purchase=purchase, key=uuid.uuid4(), amount_minor=purchase.total_minor, by=dana, note="So"
    )
    assert bonus(fan) == 0
    requests.reject(refund=refund, by=erin)
    assert bonus(fan) == 100
    assert checks.run() == []


def test_a_dispute_takes_the_bonus_and_a_won_one_gives_it_back(fan: User) -> None:
    promotion(percent=10)
    won, lost = paid(fan, 1_000), paid(fan, 500)
    assert bonus(fan) == 150
    ours = [disputes.disputed(purchase) for purchase in (won, lost)]
    assert bonus(fan) == 0
    disputes.decided(ours[0], disputes.State.WON)
    disputes.decided(ours[1], disputes.State.LOST)
    assert bonus(fan) == 100
    assert checks.run() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE wallet_bonuslot SET coins = coins + 1", "bonus"),
        ("UPDATE wallet_bonuslot SET expired_coins = 1", "bonus"),
        ("UPDATE wallet_bonusstep SET coins = coins + 1 WHERE kind = 'granted'", "bonus"),
        ("UPDATE wallet_purchasebonus SET coins = coins + 1", "promis"),
        ("UPDATE wallet_promotion SET granted_coins = 0", "promotion"),
    ],
)
def test_the_audit_finds_what_does_not_add_up(fan: User, change: str, words: str) -> None:
    promotion(percent=10)
    paid(fan, 1_000)
    assert checks.run() == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert any(words in breach.sentence.lower() for breach in checks.run())
