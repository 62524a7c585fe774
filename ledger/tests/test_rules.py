"""The writer refuses what no rule allows, and the table of rules says what the apps declare."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection

import ledger
from accounts.models import User
from conftest import give_coins
from ledger import Leg, Order, rules
from ledger.models import Posting, Rule
from ledger.sources import rules_are_declared

pytestmark = pytest.mark.django_db


def coins(user: User) -> int:
    return ledger.account_id("coins", "COIN", user.pk)


def opened(owner: User | None, kind: str, unit: str, *, guarded: bool) -> int:
    """Open an account past the chart, as the site's role could."""
    with connection.cursor() as cursor:
        pk = owner.pk if owner else None
        cursor.execute("SELECT ledger_open(%s, %s, %s, %s)", [pk, kind, unit, guarded])
        return int(cursor.fetchone()[0])


def refusal(kind: str, *legs: Leg) -> str | None:
    key = str(uuid.uuid4())
    (answer,) = ledger.post([Order(key, kind, legs)])
    assert (answer.code is None) == Posting.objects.filter(key=key).exists()
    return answer.code


def test_a_kind_that_no_app_declares_is_refused(alice: User) -> None:
    spent = ledger.account_id("coins_spent", "COIN")
    assert refusal("present", Leg("COIN", coins(alice), spent, 5)) == "no_rule"
    assert refusal("test", Leg("COIN", coins(alice), spent, 5)) is None


def test_a_transfer_that_is_another_kinds_is_refused(alice: User) -> None:
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))
    assert refusal("gift", Leg("COIN", issued, coins(alice), 5)) == "no_rule"
    assert refusal("gift", Leg("COIN", spent, coins(alice), 5)) == "no_rule"


def test_one_word_is_one_person(alice: User, carol: User) -> None:
    """Within a transfer, and between the transfers of a posting."""
    give_coins(carol, 50)
    held, spent = (
        ledger.account_id("coins_held", "COIN", carol.pk),
        ledger.account_id("coins_spent", "COIN"),
    )
    assert refusal("test", Leg("COIN", coins(alice), held, 5)) == "no_rule"
    assert refusal("test", Leg("COIN", coins(carol), held, 5)) is None
    both = [Leg("COIN", coins(one), spent, 5) for one in (alice, carol)]
    assert refusal("gift", *both) == "no_rule"
    assert refusal("gift", both[0], Leg("COIN", coins(alice), spent, 1)) is None


def test_two_words_may_be_two_people(alice: User, carol: User) -> None:
    assert refusal("test", Leg("COIN", coins(alice), coins(carol), 5)) is None


@pytest.mark.parametrize("unit", ["COIN", "DIAMOND"])
def test_money_is_a_currency(unit: str) -> None:
    clearing = opened(None, "clearing:x", unit, guarded=False)
    unearned = opened(None, "unearned", unit, guarded=False)
    assert refusal("purchase", Leg(unit, clearing, unearned, 5)) == "no_rule"


def test_an_account_outside_the_chart_is_refused(alice: User, carol: User) -> None:
    issued = ledger.account_id("coins_issued", "COIN")
    for odd in (
        opened(carol, "coins", "COIN", guarded=False),  # it could be overdrawn
        opened(None, "coins", "COIN", guarded=True),  # it is no person's
        opened(carol, "coins:more", "COIN", guarded=True),  # coins are no family
    ):
        assert refusal("purchase", Leg("COIN", issued, odd, 5)) == "no_rule"


def test_only_what_may_be_reversed_is_reversed_and_only_by_its_kind(alice: User) -> None:
    issued = ledger.account_id("bonus_issued", "COIN")
    bonus = ledger.account_id("bonus_coins", "COIN", alice.pk)
    ledger.post_one(key="granted", kind="bonus", legs=[Leg("COIN", issued, bonus, 5)])
    spent = ledger.account_id("coins_spent", "COIN")
    ledger.post_one(key="spent", kind="test", legs=[Leg("COIN", coins(alice), spent, 5)])
    orders = [
        Order("1", "undo", reverses="granted"),
        Order("2", "reversal", reverses="spent"),
        Order("3", "undo", reverses="spent"),
    ]
    assert [answer.code for answer in ledger.post(orders)] == ["no_rule", "no_rule", None]
    # What may only take something back moves nothing by itself.
    assert refusal("undo", Leg("COIN", spent, coins(alice), 5)) == "no_rule"


def test_migrate_writes_what_the_apps_declare(alice: User) -> None:
    assert list(rules_are_declared()) == []
    Rule.objects.filter(kind="gift", from_kind="coins").update(to_kind="coins")
    Rule.objects.filter(kind="release").delete()
    (breach,) = rules_are_declared()
    assert len(breach.rows) == 3
    call_command("migrate", verbosity=0)
    assert list(rules_are_declared()) == []


def test_a_rule_is_about_accounts_of_one_unit_and_says_whose() -> None:
    with pytest.raises(ValueError, match="units"):
        rules.allow("test", "coins", "diamonds", "fan")
    with pytest.raises(ValueError, match="whose"):
        rules.allow("test", "coins", "coins_spent")
    with pytest.raises(KeyError):
        rules.allow("test", "pocket", "coins", "fan")
