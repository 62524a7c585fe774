"""The audit finds each planted corruption and names its row."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

import ledger
from accounts.models import User
from giftplatform.tests.corruptions import (
    CORRUPTIONS,
    FilledLedger,
    change_a_guarded_balance,
    grow_old,
    sql,
)
from gifts.sending.pruning import LEAST_DAYS, prune_keys
from gifts.sending.services import send_gift, undo_gift
from ledger import checks, tasks
from ledger.models import LedgerCheck
from ledger.sources import people_hold_what_their_rows_say
from live.models import Stream
from payouts.tests import builders
from wallet.documents import issuing
from wallet.models import SandboxPayment
from wallet.purchases import buying, settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(carol: User, bob: User, stream: Stream) -> FilledLedger:
    carol.date_joined = timezone.now() - timedelta(days=30)
    carol.save()
    order = buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=1_000)
    started = buying.start(order)
    SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
    order = settlement.inspect(order)
    issuing.issue_due()
    kept, undone = (
        send_gift(fan=carol, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift for _ in "12"
    )
    undo_gift(fan=carol, key=undone.public_id)
    assert checks.run() == []
    return FilledLedger(carol, bob, order, kept, undone)


@pytest.mark.parametrize(
    ("number", "corrupt"), CORRUPTIONS, ids=[corrupt.__name__ for _, corrupt in CORRUPTIONS]
)
def test_a_corruption_is_found_and_its_row_named(
    filled: FilledLedger, number: int, corrupt: Callable[[FilledLedger], object]
) -> None:
    named = corrupt(filled)
    rows = [row for b in checks.run() if b.invariant == number for row in b.rows]
    assert any(named in row.values() or str(named) in map(str, row.values()) for row in rows), rows


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE wallet_purchase SET coins = coins + 1", "coins"),
        ("UPDATE gifts_sentgift SET bonus_coins = 1 WHERE undone_at IS NULL", "bonus_coins"),
        ("UPDATE gifts_sentgift SET diamonds = diamonds + 1", "diamonds_held"),
        ("UPDATE gifts_sentgift SET released_at = now() WHERE undone_at IS NULL", "diamonds"),
        ("UPDATE gifts_sentgift SET undone_at = now()", "diamonds_held"),
        ("UPDATE payouts_payout SET diamonds = diamonds - 1", "diamonds"),
        ("UPDATE payouts_payout SET amount_minor = amount_minor + 1", "cash"),
        ("UPDATE payouts_payout SET state = 'cancelled'", "cash"),
    ],
)
def test_what_a_person_holds_is_what_their_rows_come_to(
    filled: FilledLedger, change: str, kind: str
) -> None:
    builders.requested(filled.creator, 2_000)
    assert list(people_hold_what_their_rows_say()) == []
    sql(change)
    people = {filled.fan.pk, filled.creator.pk}
    (breach,) = people_hold_what_their_rows_say()
    assert kind in {row["kind"] for row in breach.rows}
    assert {row["owner_id"] for row in breach.rows} <= people


def test_keys_of_old_gifts_may_be_forgotten(filled: FilledLedger) -> None:
    grow_old()
    assert prune_keys(older_than_days=LEAST_DAYS) == 4  # two gifts, an undo, its claim
    assert checks.run() == []


def test_as_many_as_ten_rows_are_named_for_each_sentence(filled: FilledLedger) -> None:
    for n in range(12):
        sql("INSERT INTO ledger_posting (key, kind) VALUES (%(key)s, 'test')", key=f"hollow-{n}")
    named = {breach.sentence: len(breach.rows) for breach in checks.run()}
    assert named == {"A posting has no transfers.": 10, "A posting has no matching key.": 10}


def test_a_negative_balance_is_found(filled: FilledLedger) -> None:
    account = ledger.account_id("coins", "COIN", filled.fan.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT balance_never_negative")
    sql("UPDATE ledger_account SET balance = -1 WHERE id = %(id)s", id=account)
    rows = [row for breach in checks.run() if breach.invariant == 3 for row in breach.rows]
    assert [row["id"] for row in rows] == [account]


def test_coins_from_nowhere_are_found(filled: FilledLedger) -> None:
    text = "UPDATE ledger_account SET balance = balance + 1 WHERE id = %(id)s"
    sql(text, id=ledger.account_id("coins", "COIN", filled.fan.pk))
    assert {1, 2, 4} <= {breach.invariant for breach in checks.run()}


def test_the_command_says_that_the_ledger_balances(filled: FilledLedger) -> None:
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert "The ledger balances." in out.getvalue()
    assert "COIN" in out.getvalue()
    assert "EUR" in out.getvalue()


def test_the_command_names_the_rows_and_exits_with_1(filled: FilledLedger) -> None:
    account, err = change_a_guarded_balance(filled), StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("check_ledger", stdout=StringIO(), stderr=err)
    assert refusal.value.returncode == 1
    assert "A guarded balance differs from its transfers." in err.getvalue()
    assert f"'id': {account}," in err.getvalue()


def test_the_hourly_audit_freezes_payouts_until_the_ledger_balances(filled: FilledLedger) -> None:
    tasks.check()
    assert not LedgerCheck.found_breach()
    account = change_a_guarded_balance(filled)
    tasks.check()
    assert LedgerCheck.found_breach()
    assert str(account) in LedgerCheck.objects.order_by("-ran_at")[0].report
    sql("UPDATE ledger_account SET balance = balance - 1 WHERE id = %(id)s", id=account)
    tasks.check()
    assert not LedgerCheck.found_breach()
