"""The audit sees what nobody may do: each planted corruption is found and its row is named.

The corruptions are written past every trigger, as only a superuser of the database could.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from gifts.services import send_gift, undo_gift
from live.models import Stream
from wallet import ledger, purchases, settlement, tasks
from wallet.ledger import checks
from wallet.models import LedgerCheck, Purchase, SandboxPayment

pytestmark = pytest.mark.django_db


def sql(text: str, **params: Any) -> Any:
    """Run a statement with the triggers off and return the first value, if it returns rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(text, params)
        row = cursor.fetchone() if cursor.description else None
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return row[0] if row else None


@dataclass
class Books:
    """A little of everything, posted by the services."""

    fan: User
    creator: User
    purchase: Purchase
    kept: Any
    undone: Any


@pytest.fixture
def books(carol: User, bob: User, stream: Stream) -> Books:
    carol.date_joined = timezone.now() - timedelta(days=30)
    carol.save()
    order = purchases.buy(user=carol, key=uuid.uuid4(), method="card", coins=1_000)
    started = purchases.start(order)
    SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
    order = settlement.look(order)
    kept, undone = (
        send_gift(fan=carol, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift for _ in "12"
    )
    undo_gift(fan=carol, key=undone.public_id)
    assert checks.run() == []
    return Books(carol, bob, order, kept, undone)


def transfer(books: Books, unit: str = "COIN") -> int:
    """Return the id of the kept gift's transfer."""
    text = "SELECT id FROM ledger_transfer WHERE posting_id = %(posting)s AND unit = %(unit)s"
    return int(sql(text, posting=books.kept.posting_id, unit=unit))


def change_a_guarded_balance(books: Books) -> object:
    account = ledger.account_id("coins", "COIN", books.fan.pk)
    sql("UPDATE ledger_account SET balance = balance + 1 WHERE id = %(id)s", id=account)
    return account


def change_an_amount(books: Books) -> object:
    sql("UPDATE ledger_transfer SET amount = 24 WHERE id = %(id)s", id=transfer(books))
    return ledger.account_id("coins", "COIN", books.fan.pk)


def delete_a_transfer(books: Books) -> object:
    gone = transfer(books)
    sql("DELETE FROM ledger_transfer WHERE id = %(id)s", id=gone)
    return ledger.account_id("coins", "COIN", books.fan.pk)


def delete_a_posting(books: Books) -> object:
    gone = transfer(books)
    sql("DELETE FROM ledger_posting WHERE id = %(id)s", id=books.kept.posting_id)
    return gone


def send_to_another_unit(books: Books) -> object:
    wrong = transfer(books)
    diamonds = ledger.account_id("diamonds_issued", "DIAMOND")
    text = "UPDATE ledger_transfer SET to_account_id = %(to)s WHERE id = %(id)s"
    sql(text, to=diamonds, id=wrong)
    return wrong


def send_to_nobody(books: Books) -> object:
    wrong = transfer(books)
    sql("UPDATE ledger_transfer SET to_account_id = 99999999 WHERE id = %(id)s", id=wrong)
    return wrong


def change_a_fold(books: Books) -> object:
    account = ledger.account_id("diamonds_held", "DIAMOND", books.creator.pk)
    text = (
        "INSERT INTO ledger_fold (account_id, debits, credits) VALUES (%(id)s, 0, 1)"
        " ON CONFLICT (account_id) DO UPDATE SET credits = ledger_fold.credits + 1"
    )
    sql(text, id=account)
    return account


def post_nothing(books: Books) -> object:
    sql("INSERT INTO ledger_posting (key, kind) VALUES ('hollow', 'test')")
    return "hollow"


def bend_a_reversal(books: Books) -> object:
    key = f"undo:{books.undone.public_id}"
    posting = sql("SELECT id FROM ledger_posting WHERE key = %(key)s", key=key)
    text = (
        "UPDATE ledger_transfer SET from_account_id = to_account_id,"
        " to_account_id = from_account_id WHERE posting_id = %(id)s"
    )
    sql(text, id=posting)
    return key


def reverse_a_reversal(books: Books) -> object:
    undo = f"undo:{books.undone.public_id}"
    text = (
        "INSERT INTO ledger_posting (key, kind, reverses_id)"
        " SELECT 'undo-of-undo', 'undo', id FROM ledger_posting WHERE key = %(key)s"
    )
    sql(text, key=undo)
    return "undo-of-undo"


def open_an_account_outside_the_chart(books: Books) -> object:
    text = (
        "INSERT INTO ledger_account (owner_id, kind, unit, guarded) VALUES"
        " (%(owner)s, 'pocket', 'COIN', true) RETURNING id"
    )
    return sql(text, owner=books.fan.pk)


def unguard_an_account(books: Books) -> object:
    text = (
        "INSERT INTO ledger_account (owner_id, kind, unit, guarded) VALUES"
        " (%(owner)s, 'cash', 'USD', false) RETURNING id"
    )
    return sql(text, owner=books.fan.pk)


def capture_without_posting(books: Books) -> object:
    key = f"purchase:{books.purchase.public_id}"
    sql("UPDATE ledger_posting SET key = 'elsewhere' WHERE key = %(key)s", key=key)
    return books.purchase.public_id


def post_what_was_not_captured(books: Books) -> object:
    text = "UPDATE wallet_purchase SET state = 'declined', captured_at = NULL WHERE id = %(id)s"
    sql(text, id=books.purchase.pk)
    return f"purchase:{books.purchase.public_id}"


def change_what_a_purchase_brought(books: Books) -> object:
    sql("UPDATE wallet_purchase SET coins = 1001 WHERE id = %(id)s", id=books.purchase.pk)
    return books.purchase.public_id


def recognise_too_much(books: Books) -> object:
    text = "UPDATE wallet_purchase SET recognised_minor = 1 WHERE id = %(id)s"
    sql(text, id=books.purchase.pk)
    return "EUR"


def change_the_providers_books(books: Books) -> object:
    sql("UPDATE wallet_sandboxpayment SET amount_minor = amount_minor - 1")
    return "EUR"


def change_a_gifts_coins(books: Books) -> object:
    sql("UPDATE gifts_sentgift SET coins = 24 WHERE id = %(id)s", id=books.kept.pk)
    return books.kept.public_id


def change_a_gifts_diamonds(books: Books) -> object:
    sql("UPDATE gifts_sentgift SET diamonds = 26 WHERE id = %(id)s", id=books.kept.pk)
    return books.kept.public_id


def lose_a_gift(books: Books) -> object:
    sql("DELETE FROM gifts_sentgift WHERE id = %(id)s", id=books.kept.pk)
    return f"gift:{books.kept.public_id}"


CORRUPTIONS: list[tuple[int, Callable[[Books], object]]] = [
    (2, change_a_guarded_balance),
    (2, change_an_amount),
    (2, delete_a_transfer),
    (0, delete_a_posting),
    (0, send_to_another_unit),
    (0, send_to_nobody),
    (2, change_a_fold),
    (0, post_nothing),
    (9, bend_a_reversal),
    (9, reverse_a_reversal),
    (0, open_an_account_outside_the_chart),
    (0, unguard_an_account),
    (6, capture_without_posting),
    (6, post_what_was_not_captured),
    (6, change_what_a_purchase_brought),
    (12, recognise_too_much),
    (13, change_the_providers_books),
    (8, change_a_gifts_coins),
    (8, change_a_gifts_diamonds),
    (8, lose_a_gift),
]


@pytest.mark.parametrize(
    ("number", "corrupt"), CORRUPTIONS, ids=[corrupt.__name__ for _, corrupt in CORRUPTIONS]
)
def test_a_corruption_is_found_and_its_row_named(
    books: Books, number: int, corrupt: Callable[[Books], object]
) -> None:
    named = corrupt(books)
    rows = [row for b in checks.run() if b.invariant == number for row in b.rows]
    assert any(named in row.values() or str(named) in map(str, row.values()) for row in rows), rows


def test_a_negative_balance_is_found(books: Books) -> None:
    account = ledger.account_id("coins", "COIN", books.fan.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT balance_never_negative")
    sql("UPDATE ledger_account SET balance = -1 WHERE id = %(id)s", id=account)
    rows = [row for breach in checks.run() if breach.invariant == 3 for row in breach.rows]
    assert [row["id"] for row in rows] == [account]


def test_coins_from_nowhere_are_found(books: Books) -> None:
    text = "UPDATE ledger_account SET balance = balance + 1 WHERE id = %(id)s"
    sql(text, id=ledger.account_id("coins", "COIN", books.fan.pk))
    assert {1, 2, 4} <= {breach.invariant for breach in checks.run()}


def test_the_command_says_that_the_books_balance(books: Books) -> None:
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert "The books balance." in out.getvalue()
    assert "COIN" in out.getvalue()
    assert "EUR" in out.getvalue()


def test_the_command_names_the_rows_and_exits_with_1(books: Books) -> None:
    account, err = change_a_guarded_balance(books), StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("check_ledger", stdout=StringIO(), stderr=err)
    assert refusal.value.returncode == 1
    assert "A guarded balance differs from its transfers." in err.getvalue()
    assert f"'id': {account}," in err.getvalue()


def test_the_hourly_audit_freezes_payouts_until_the_books_balance(books: Books) -> None:
    tasks.check()
    assert not LedgerCheck.payouts_frozen()
    account = change_a_guarded_balance(books)
    tasks.check()
    assert LedgerCheck.payouts_frozen()
    assert str(account) in LedgerCheck.objects.order_by("-ran_at")[0].report
    sql("UPDATE ledger_account SET balance = balance - 1 WHERE id = %(id)s", id=account)
    tasks.check()
    assert not LedgerCheck.payouts_frozen()
