"""Two at once: a code, the last of a budget, an expiry; each with its control."""

import functools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import DomainError
from ledger.checks import run as check_books
from testing.threads import held, meet_after, side_by_side, together, until_waiting
from wallet.bonus import expiry, lots
from wallet.codes import batches, redeeming, refusals, tries
from wallet.coins.balance import coin_balance
from wallet.models import (
    BonusLot,
    BonusStep,
    Code,
    CodeBatch,
    CodePolicy,
    CodeTry,
    Purchase,
    PurchaseBonus,
    Redemption,
)
from wallet.promotions import promises
from wallet.purchases import capturing
from wallet.tests.codes import made_batch, new_batch, staff
from wallet.tests.promotions import bonus_lot, promotion
from wallet.tests.stage import order

FANS = 4


def use(fan: User, code: str) -> Any:
    return redeeming.redeem(user=fan, typed=code, key=uuid.uuid4(), address=fan.handle)


def names(answers: list[Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("facts", [{}, {"price_minor": 595}])
def test_of_many_who_type_one_code_one_redeems_it(committed: None, facts: dict[str, Any]) -> None:
    code = made_batch(**facts).codes[0]
    fans = [person(f"racer{n}") for n in range(FANS)]
    answers = together(lambda n: use(fans[n], code), FANS, returned=DomainError)
    assert names(answers) == ["CodeUsed"] * (FANS - 1) + ["Redemption"]
    assert sum(sum(coin_balance(fan).values()) for fan in fans) == 500
    assert check_books() == []


def test_a_fan_who_presses_twice_redeems_once(committed: None) -> None:
    code, fan = made_batch(uses=10).codes[0], person("twice")
    answers = together(lambda n: use(fan, code), FANS, returned=DomainError)
    assert names(answers) == ["CodeUsedByYou"] * (FANS - 1) + ["Redemption"]
    assert coin_balance(fan)["bonus_coins"] == 500


@pytest.mark.parametrize("facts", [{}, {"price_minor": 595}])
def test_control_without_the_lock_two_pass_and_a_constraint_holds(
    committed: None, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]
) -> None:
    code = made_batch(**facts).codes[0]
    fans = [person(f"racer{n}") for n in range(2)]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    meet_after(monkeypatch, redeeming, "_refuse")
    answers = together(lambda n: use(fans[n], code), 2, returned=Exception)
    assert names(answers) == ["IntegrityError", "Redemption"]
    assert (Code.objects.get().used, Redemption.objects.count()) == (1, 1)


def test_the_last_of_a_budget_is_promised_once(committed: None) -> None:
    promotion(coins=100, budget_coins=150, per_fan_coins=100)
    fans = [person(f"racer{n}") for n in range(FANS)]
    together(lambda n: order(fans[n], 500), FANS)
    assert PurchaseBonus.objects.count() == 1


def test_control_without_the_lock_a_budget_is_promised_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    promotion(coins=100, budget_coins=150, per_fan_coins=100)
    fans = [person(f"racer{n}") for n in range(2)]
    seen: dict[int, Any] = {}
    look = promises._offered

    def look_once(user: User, offer: Any) -> Any:
        if user.pk not in seen:
            seen[user.pk] = look(user, offer)
        return seen[user.pk]

    monkeypatch.setattr(promises, "_offered", look_once)
    monkeypatch.setattr(promises, "_lock", lambda pk: None)
    meet_after(monkeypatch, promises, "_lock")
    together(lambda n: order(fans[n], 500), 2)
    assert PurchaseBonus.objects.count() == 2


def spend_bonus(fan: User, coins: int) -> None:
    mine = ledger.account_id("bonus_coins", "COIN", fan.pk)
    spent = ledger.account_id("coins_spent", "COIN")
    key = f"spend:{uuid.uuid4()}"
    ledger.post_one(key=key, kind="test", legs=[ledger.Leg("COIN", mine, spent, coins)])


def ended_lot(fan: User) -> BonusLot:
    lot, past = bonus_lot(fan, 100), timezone.now() - timedelta(minutes=1)
    BonusLot.objects.filter(pk=lot.pk).update(
        created_at=past - timedelta(days=1), expires_at=past, due_at=past
    )
    lot.refresh_from_db()
    return lot


def test_what_is_spent_while_it_expires_is_one_or_the_other(committed: None) -> None:
    for turn in range(10):
        fan = person(f"racer{turn}")
        ended_lot(fan)
        spend = functools.partial(spend_bonus, fan, 60)
        side_by_side(spend, expiry.expire_due, expiry.expire_due, returned=DomainError)
        gone = sum(
            BonusStep.objects.filter(lot__user=fan, kind="expired").values_list("coins", flat=True)
        )
        assert gone in {40, 100}
        assert coin_balance(fan)["bonus_coins"] == 0
    assert check_books() == []


def test_an_expiry_that_comes_while_coins_are_spent_takes_the_rest_at_once(committed: None) -> None:
    """Not a look later: what it counts under the fan's lock is what it takes."""
    fan = person("spender")
    lot = ended_lot(fan)

    def expire_second() -> None:
        until_waiting(1)
        expiry.expire_due()

    with held("ledger_account", ledger.account_id("bonus_coins", "COIN", fan.pk), until=2):
        side_by_side(functools.partial(spend_bonus, fan, 60), expire_second)
    lot.refresh_from_db()
    assert (lot.expired_coins, lot.attempts, lot.needs_attention) == (40, 0, "")
    assert coin_balance(fan)["bonus_coins"] == 0


def test_control_without_the_lock_an_expiry_reckons_with_coins_that_are_gone(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = ended_lot(person("unlocked"))
    monkeypatch.setattr(lots, "lock_coins", lambda user_id: None)
    meet_after(monkeypatch, lots, "unspent_of")
    answers = together(
        lambda n: lots.expire(BonusLot.objects.get(pk=lot.pk)), 2, returned=Exception
    )
    # Both would take the same coins; the number of the step and the guarded account let one.
    assert "int" in names(answers)
    assert len({"IntegrityError", "NotEnough", "KeyReused"} & set(names(answers))) == 1


def test_a_batch_is_made_once(committed: None) -> None:
    batch = batches.propose(new_batch(count=5), by=staff())
    answers = together(lambda n: batches.make(batch), FANS, returned=DomainError)
    assert names(answers) == ["Made"] + ["WrongState"] * (FANS - 1)
    assert Code.objects.count() == 5
    assert CodeBatch.objects.get().state == "made"


def test_a_crowd_of_tries_counts_itself(committed: None) -> None:
    CodePolicy.objects.update(tries_of_fan=2)
    fan = person("guesser")
    answers = together(lambda n: use(fan, "wrong"), 5, returned=DomainError)
    assert names(answers) == ["CodeUnknown"] * 2 + ["TooManyTries"] * 3


def test_control_without_the_lock_a_crowd_of_tries_does_not(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    CodePolicy.objects.update(tries_of_fan=2)
    fan = person("guesser")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    meet_after(monkeypatch, tries, "_too_many")
    answers = together(lambda n: use(fan, "wrong"), 5, returned=DomainError)
    assert names(answers) == ["CodeUnknown"] * 5
    assert CodeTry.objects.count() == 5


def test_a_redemption_that_dies_leaves_nothing(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, fan = made_batch(price_minor=595).codes[0], person("interrupted")
    capture = capturing.capture

    def die(purchases: list[Purchase]) -> None:
        capture(purchases)
        raise SystemExit

    monkeypatch.setattr(capturing, "capture", die)
    with pytest.raises(SystemExit):
        use(fan, code)
    assert (Code.objects.get().used, Purchase.objects.count(), Redemption.objects.count()) == (
        0,
        0,
        0,
    )
    monkeypatch.undo()
    use(fan, code)
    assert coin_balance(fan)["coins"] == 500
    with pytest.raises(refusals.CodeUsedByYou):
        use(fan, code)
    assert check_books() == []
