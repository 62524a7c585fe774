"""Codes and prepaid cards: made once, redeemed once, counted when wrong, kept as digests."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import DomainError, WrongState
from ledger import KeyReused, checks
from wallet.bonus import lots
from wallet.codes import alphabet, batches, refusals, tries
from wallet.codes.redeeming import redeem
from wallet.coins import recognition
from wallet.coins.balance import coin_balance
from wallet.documents import issuing
from wallet.models import (
    BonusLot,
    Code,
    CodeBatch,
    CodePolicy,
    CodeTry,
    Document,
    Purchase,
    Redemption,
)
from wallet.purchases import settlement
from wallet.tests.codes import made_batch, new_batch, staff
from wallet.tests.stage import order, spend

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


@pytest.fixture
def fan(db: None) -> User:
    return person("fanny", date_joined=timezone.now() - timedelta(days=100))


def use(user: User, code: str, **more: Any) -> Redemption:
    facts = {"key": uuid.uuid4(), "address": HERE, **more}
    return redeem(user=user, typed=code, **facts)


def test_a_code_is_read_as_people_type_it() -> None:
    for _ in range(200):
        code = alphabet.new_code()
        printed = alphabet.written(code)
        assert len(printed) == 19
        for typed in (code, printed, printed.lower(), f" {printed.replace('-', ' ')}\n"):
            assert alphabet.read(typed) == code


def test_each_wrong_sign_and_each_swap_is_found() -> None:
    for _ in range(20):
        code = alphabet.new_code()
        for at, sign in enumerate(code):
            for other in alphabet.SIGNS.replace(sign, ""):
                assert alphabet.read(code[:at] + other + code[at + 1 :]) is None
        for at in range(len(code) - 1):
            one, two = code[at], code[at + 1]
            if one != two:
                assert alphabet.read(code[:at] + two + one + code[at + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "A", "0" * 16, "Ä" * 16, "2" * 10_000, "2\x00" * 8])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert alphabet.read(typed) is None


def test_only_a_keyed_digest_is_kept(settings: Any) -> None:
    made = made_batch(count=3)
    plain = {made.codes[0], alphabet.written(made.codes[0])}
    with connection.cursor() as cursor:
        for table in ("wallet_code", "wallet_codebatch", "django_admin_log"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            text = cursor.fetchone()[0]
            assert not any(word in text for word in plain)
    before = alphabet.digest(made.codes[0])
    settings.FIELD_KEY = "another secret of the site, long enough to be one"
    assert alphabet.digest(made.codes[0]) != before


def test_a_code_works_while_its_key_is_among_the_sites(fan: User, settings: Any) -> None:
    made = made_batch()
    settings.FIELD_KEY = f"a newer secret of the site, in front,{settings.FIELD_KEY}"
    use(fan, made.codes[0])
    assert coin_balance(fan)["bonus_coins"] == 500


def test_a_promotion_code_brings_bonus_coins_for_its_days(fan: User) -> None:
    made = made_batch(coins=120, bonus_days=10)
    redemption = use(fan, alphabet.written(made.codes[0]))
    lot = redemption.bonus_lot
    assert coin_balance(fan) == {"coins": 0, "bonus_coins": 120, "coins_held": 0}
    assert lots.unspent(fan.pk)[0].lot == lot.pk
    assert timedelta(days=10) < lot.expires_at - timezone.now() <= timedelta(days=11)
    assert checks.run() == []


def test_a_prepaid_card_brings_bought_coins_with_tax_and_a_receipt(fan: User) -> None:
    made = made_batch(coins=1_000, price_minor=1_190)
    purchase = use(fan, made.codes[0]).purchase
    assert purchase is not None
    assert coin_balance(fan) == {"coins": 1_000, "bonus_coins": 0, "coins_held": 0}
    assert (purchase.state, purchase.provider, purchase.total_minor) == ("paid", "prepaid", 1_190)
    assert (purchase.net_minor, purchase.tax_minor) == (1_000, 190)
    assert -ledger.balance("clearing:prepaid", "EUR") in {1_190, -1_190}
    assert ledger.balance("unearned", "EUR") == 1_000
    assert ledger.balance("tax:DE", "EUR") == 190
    spend(fan, 300)
    assert recognition.recognise() == {"EUR": 300}
    issuing.issue_due()
    assert Document.objects.get(purchase=purchase).total_minor == 1_190
    settlement.inspect(purchase)
    assert coin_balance(fan)["coins"] == 700
    assert checks.run() == []


def test_a_card_does_not_meet_an_open_order_of_the_same_coins_and_money(fan: User) -> None:
    other = order(fan, 1_000)
    made = made_batch(coins=1_000, price_minor=other.total_minor)
    use(fan, made.codes[0])
    assert coin_balance(fan)["coins"] == 1_000


def test_a_code_is_redeemed_once(fan: User, carol: User) -> None:
    code = made_batch().codes[0]
    first = use(fan, code)
    with pytest.raises(refusals.CodeUsedByYou) as mine:
        use(fan, code)
    assert mine.value.redemption == first
    with pytest.raises(refusals.CodeUsed):
        use(carol, code)
    assert (coin_balance(fan)["bonus_coins"], coin_balance(carol)["bonus_coins"]) == (500, 0)


def test_the_same_key_redeems_once_and_no_other_code(fan: User) -> None:
    one, two = made_batch(count=2).codes
    key = uuid.uuid4()
    assert use(fan, one, key=key) == use(fan, one, key=key)
    with pytest.raises(KeyReused):
        use(fan, two, key=key)
    assert coin_balance(fan)["bonus_coins"] == 500


def test_one_code_for_many_is_used_by_each_once_and_so_often(fan: User, carol: User) -> None:
    code = made_batch(uses=2).codes[0]
    use(fan, code)
    with pytest.raises(refusals.CodeUsedByYou):
        use(fan, code)
    use(carol, code)
    with pytest.raises(refusals.CodeUsed):
        use(person("late"), code)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"valid_from": timezone.now() + timedelta(days=2)}, "code_unknown"),
        ({"country": "US"}, "code_not_here"),
    ],
)
def test_a_code_for_another_time_or_place_is_refused(
    fan: User, facts: dict[str, Any], code: str
) -> None:
    made = made_batch(**facts)
    with pytest.raises(DomainError) as refusal:
        use(fan, made.codes[0])
    assert refusal.value.code == code
    assert Code.objects.get().used == 0
    assert not Redemption.objects.exists()


def test_an_expired_or_blocked_code_is_refused(fan: User, dana: User) -> None:
    made = made_batch(count=2)
    past = timezone.now() - timedelta(days=2)
    CodeBatch.objects.update(valid_from=past - timedelta(days=1), valid_until=past)
    with pytest.raises(refusals.CodeExpired):
        use(fan, made.codes[0])
    batches.block(made.batch, by=dana)
    with pytest.raises(refusals.CodeBlocked):
        use(fan, made.codes[0])
    assert coin_balance(fan)["bonus_coins"] == 0


def test_a_card_keeps_to_the_limits_of_a_purchase(fan: User) -> None:
    CodePolicy.objects.update(alone_usd=1_000)
    code = made_batch(coins=60_000, price_minor=60_000).codes[0]
    with pytest.raises(DomainError) as refusal:
        use(fan, code)
    assert refusal.value.code == "over_limit"
    assert (Code.objects.get().used, Purchase.objects.count()) == (0, 0)


def test_wrong_codes_are_counted_of_a_person(fan: User, carol: User) -> None:
    CodePolicy.objects.update(tries_of_fan=3)
    good = made_batch(count=2).codes
    for typed in ("nonsense", alphabet.new_code(), ""):
        with pytest.raises(refusals.CodeUnknown):
            use(fan, typed)
    with pytest.raises(refusals.TooManyTries):
        use(fan, good[0])
    assert coin_balance(fan)["bonus_coins"] == 0
    use(carol, good[1])
    CodeTry.objects.update(created_at=timezone.now() - timedelta(hours=2))
    use(fan, good[0])


def test_wrong_codes_are_counted_of_an_address_and_of_the_site(fan: User, carol: User) -> None:
    code = made_batch().codes[0]
    with pytest.raises(refusals.CodeUnknown):
        use(carol, "wrong")
    CodePolicy.objects.update(tries_of_address=1)
    with pytest.raises(refusals.TooManyTries):
        use(fan, code)
    with pytest.raises(refusals.CodeUnknown):
        use(fan, "wrong", address="192.0.2.8")
    CodePolicy.objects.update(tries_of_address=10, tries_of_site=2)
    with pytest.raises(refusals.TooManyTries):
        use(fan, code, address="192.0.2.9")


def test_a_right_code_is_no_wrong_try(fan: User) -> None:
    CodePolicy.objects.update(tries_of_fan=1)
    codes = made_batch(count=3).codes
    for code in codes:
        use(fan, code)
    with pytest.raises(refusals.CodeUsedByYou):
        use(fan, codes[0])
    assert not CodeTry.objects.filter(good=False).exists()
    assert HERE not in str(list(CodeTry.objects.values()))
    CodeTry.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert tries.forget_old() == 4


def test_above_the_limit_another_person_confirms(dana: User, erin: User) -> None:
    CodePolicy.objects.update(alone_usd=10)
    small = batches.propose(new_batch(coins=1_000), by=dana)
    assert small.state == "approved"
    large = batches.propose(new_batch(coins=1_000, count=2), by=dana)
    assert large.state == "proposed"
    with pytest.raises(WrongState):
        batches.make(large)
    with pytest.raises(refusals.OwnBatch):
        batches.confirm(large, by=dana)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeBatch.objects.filter(pk=large.pk).update(state="approved", decided_by=dana)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeBatch.objects.filter(pk=large.pk).update(state="made")
    made = batches.make(batches.confirm(large, by=erin))
    assert len(set(made.codes)) == 2
    with pytest.raises(WrongState):
        batches.make(made.batch)
    assert Code.objects.count() == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "prepaid"},
        {"price_minor": 100, "uses": 2},
        {"price_minor": 100, "country": None},
        {"price_minor": 100, "bonus_days": 3},
        {"bonus_days": 0},
        {"bonus_days": None, "kind": "bonus"},
        {"price_minor": None, "currency": "EUR", "bonus_days": None},
        {"coins": 0},
        {"count": 1_001},
        {"valid_until": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_batch_that_makes_no_sense(facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        batches.propose(new_batch(**facts), by=staff())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wallet_code SET used = 0",
        "UPDATE wallet_redemption SET coins = coins + 1",
        "UPDATE wallet_purchase SET provider_reference = 'other' WHERE provider = 'prepaid'",
        "DELETE FROM wallet_bonusstep",
    ],
)
def test_the_audit_finds_a_code_that_does_not_add_up(fan: User, change: str) -> None:
    use(fan, made_batch().codes[0])
    use(fan, made_batch(price_minor=595).codes[0])
    assert checks.run() == []
    assert BonusLot.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert checks.run() != []
