"""Corruptions of the ledger: each function plants one and returns what the audit must name.

Written past every trigger, as only a superuser of the database could.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

import ledger
from accounts.models import User
from wallet.models import Purchase


def sql(text: str, **params: Any) -> Any:
    """Run a statement with the triggers off and return the first value, if it returns rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(text, params)
        row = cursor.fetchone() if cursor.description else None
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return row[0] if row else None


@dataclass
class FilledLedger:
    """A ledger with a little of everything, posted by the services."""

    fan: User
    creator: User
    purchase: Purchase
    kept: Any
    undone: Any


def transfer(filled: FilledLedger, unit: str = "COIN") -> int:
    """Return the id of the kept gift's transfer."""
    text = "SELECT id FROM ledger_transfer WHERE posting_id = %(posting)s AND unit = %(unit)s"
    return int(sql(text, posting=filled.kept.posting_id, unit=unit))


def grow_old() -> None:
    """Let a year pass for all that was posted."""
    for table in ("ledger_posting", "ledger_transfer", "ledger_key"):
        sql(f"UPDATE {table} SET created_at = created_at - interval '1 year'")


def change_a_guarded_balance(filled: FilledLedger) -> object:
    account = ledger.account_id("coins", "COIN", filled.fan.pk)
    sql("UPDATE ledger_account SET balance = balance + 1 WHERE id = %(id)s", id=account)
    return account


def change_an_amount(filled: FilledLedger) -> object:
    sql("UPDATE ledger_transfer SET amount = 24 WHERE id = %(id)s", id=transfer(filled))
    return ledger.account_id("coins", "COIN", filled.fan.pk)


def delete_a_transfer(filled: FilledLedger) -> object:
    gone = transfer(filled)
    sql("DELETE FROM ledger_transfer WHERE id = %(id)s", id=gone)
    return ledger.account_id("coins", "COIN", filled.fan.pk)


def delete_a_posting(filled: FilledLedger) -> object:
    gone = transfer(filled)
    sql("DELETE FROM ledger_posting WHERE id = %(id)s", id=filled.kept.posting_id)
    return gone


def send_to_another_unit(filled: FilledLedger) -> object:
    wrong = transfer(filled)
    diamonds = ledger.account_id("diamonds_issued", "DIAMOND")
    text = "UPDATE ledger_transfer SET to_account_id = %(to)s WHERE id = %(id)s"
    sql(text, to=diamonds, id=wrong)
    return wrong


def send_to_nobody(filled: FilledLedger) -> object:
    wrong = transfer(filled)
    sql("UPDATE ledger_transfer SET to_account_id = 99999999 WHERE id = %(id)s", id=wrong)
    return wrong


def change_a_snapshot(filled: FilledLedger) -> object:
    account = ledger.account_id("diamonds_held", "DIAMOND", filled.creator.pk)
    text = (
        "INSERT INTO ledger_snapshot (account_id, debits, credits) VALUES (%(id)s, 0, 1)"
        " ON CONFLICT (account_id) DO UPDATE SET credits = ledger_snapshot.credits + 1"
    )
    sql(text, id=account)
    return account


def post_nothing(filled: FilledLedger) -> object:
    sql("INSERT INTO ledger_posting (key, kind) VALUES ('hollow', 'test')")
    return "hollow"


def bend_a_reversal(filled: FilledLedger) -> object:
    key = f"undo:{filled.undone.public_id}"
    posting = sql("SELECT id FROM ledger_posting WHERE key = %(key)s", key=key)
    text = (
        "UPDATE ledger_transfer SET from_account_id = to_account_id,"
        " to_account_id = from_account_id WHERE posting_id = %(id)s"
    )
    sql(text, id=posting)
    return key


def reverse_a_reversal(filled: FilledLedger) -> object:
    undo = f"undo:{filled.undone.public_id}"
    text = (
        "INSERT INTO ledger_posting (key, kind, reverses_id)"
        " SELECT 'undo-of-undo', 'undo', id FROM ledger_posting WHERE key = %(key)s"
    )
    sql(text, key=undo)
    return "undo-of-undo"


def reverse_twice(filled: FilledLedger) -> object:
    text = (
        "INSERT INTO ledger_posting (key, kind, reverses_id)"
        " SELECT 'undo-again', 'undo', reverses_id FROM ledger_posting WHERE key = %(key)s"
    )
    sql(text, key=f"undo:{filled.undone.public_id}")
    return filled.undone.posting_id


def forget_a_key(filled: FilledLedger) -> object:
    sql("DELETE FROM ledger_key WHERE key = %(key)s", key=f"gift:{filled.kept.public_id}")
    return filled.kept.posting_id


def forget_the_key_of_a_purchase_for_its_age(filled: FilledLedger) -> object:
    """Only the keys of gifts may go with time."""
    key = f"purchase:{filled.purchase.public_id}"
    grow_old()
    sql("DELETE FROM ledger_key WHERE key = %(key)s", key=key)
    return key


def forget_a_claim(filled: FilledLedger) -> object:
    key = f"reverses:gift:{filled.undone.public_id}"
    sql("DELETE FROM ledger_key WHERE key = %(key)s", key=key)
    return f"undo:{filled.undone.public_id}"


def point_a_key_elsewhere(filled: FilledLedger) -> object:
    key = f"gift:{filled.kept.public_id}"
    text = "UPDATE ledger_key SET posting_id = %(id)s WHERE key = %(key)s"
    sql(text, id=filled.undone.posting_id, key=key)
    return key


def point_a_claim_elsewhere(filled: FilledLedger) -> object:
    key = f"reverses:gift:{filled.undone.public_id}"
    text = "UPDATE ledger_key SET posting_id = %(id)s WHERE key = %(key)s"
    sql(text, id=filled.kept.posting_id, key=key)
    return key


def claim_a_key_for_nothing(filled: FilledLedger) -> object:
    text = (
        "INSERT INTO ledger_key (key, posting_id, input_hash, created_at)"
        " VALUES ('gift:nothing', 99999999, '\\x00', now())"
    )
    sql(text)
    return "gift:nothing"


def share_a_key(filled: FilledLedger) -> object:
    text = "INSERT INTO ledger_posting (key, kind) VALUES (%(key)s, 'gift') RETURNING id"
    return sql(text, key=f"gift:{filled.kept.public_id}")


def book_at_another_moment(filled: FilledLedger) -> object:
    wrong = transfer(filled)
    text = "UPDATE ledger_transfer SET created_at = created_at + interval '1 us' WHERE id = %(id)s"
    sql(text, id=wrong)
    return wrong


def open_an_account_outside_the_chart(filled: FilledLedger) -> object:
    text = (
        "INSERT INTO ledger_account (owner_id, kind, unit, guarded) VALUES"
        " (%(owner)s, 'pocket', 'COIN', true) RETURNING id"
    )
    return sql(text, owner=filled.fan.pk)


def unguard_an_account(filled: FilledLedger) -> object:
    text = (
        "INSERT INTO ledger_account (owner_id, kind, unit, guarded) VALUES"
        " (%(owner)s, 'cash', 'USD', false) RETURNING id"
    )
    return sql(text, owner=filled.fan.pk)


def capture_without_posting(filled: FilledLedger) -> object:
    key = f"purchase:{filled.purchase.public_id}"
    sql("UPDATE ledger_posting SET key = 'elsewhere' WHERE key = %(key)s", key=key)
    return filled.purchase.public_id


def post_what_was_not_captured(filled: FilledLedger) -> object:
    text = "UPDATE wallet_purchase SET state = 'declined', captured_at = NULL WHERE id = %(id)s"
    sql(text, id=filled.purchase.pk)
    return f"purchase:{filled.purchase.public_id}"


def change_what_a_purchase_brought(filled: FilledLedger) -> object:
    sql("UPDATE wallet_purchase SET coins = 1001 WHERE id = %(id)s", id=filled.purchase.pk)
    return filled.purchase.public_id


def recognise_too_much(filled: FilledLedger) -> object:
    text = "UPDATE wallet_purchase SET recognised_minor = 1 WHERE id = %(id)s"
    sql(text, id=filled.purchase.pk)
    return "EUR"


def change_a_payment_at_the_provider(filled: FilledLedger) -> object:
    sql("UPDATE wallet_sandboxpayment SET amount_minor = amount_minor - 1")
    return "EUR"


def change_a_gifts_coins(filled: FilledLedger) -> object:
    sql("UPDATE gifts_sentgift SET coins = 24 WHERE id = %(id)s", id=filled.kept.pk)
    return filled.kept.public_id


def change_a_gifts_diamonds(filled: FilledLedger) -> object:
    sql("UPDATE gifts_sentgift SET diamonds = 26 WHERE id = %(id)s", id=filled.kept.pk)
    return filled.kept.public_id


def move_something_twice(filled: FilledLedger) -> object:
    """Its coins twice and no diamonds: as much in all, in as many transfers."""
    text = (
        "UPDATE ledger_transfer t SET unit = c.unit, from_account_id = c.from_account_id,"
        " to_account_id = c.to_account_id FROM ledger_transfer c"
        " WHERE t.id = %(id)s AND c.posting_id = t.posting_id AND c.unit = 'COIN'"
    )
    sql(text, id=transfer(filled, "DIAMOND"))
    return filled.kept.public_id


def give_to_somebody_else(filled: FilledLedger) -> object:
    other = ledger.account_id("diamonds_held", "DIAMOND", filled.fan.pk)
    text = "UPDATE ledger_transfer SET to_account_id = %(to)s WHERE id = %(id)s"
    sql(text, to=other, id=transfer(filled, "DIAMOND"))
    return filled.kept.public_id


def lose_a_gift(filled: FilledLedger) -> object:
    sql("DELETE FROM gifts_sentgift WHERE id = %(id)s", id=filled.kept.pk)
    return f"gift:{filled.kept.public_id}"


CORRUPTIONS: list[tuple[int, Callable[[FilledLedger], object]]] = [
    (2, change_a_guarded_balance),
    (2, change_an_amount),
    (2, delete_a_transfer),
    (0, delete_a_posting),
    (0, send_to_another_unit),
    (0, send_to_nobody),
    (2, change_a_snapshot),
    (0, post_nothing),
    (9, bend_a_reversal),
    (9, reverse_a_reversal),
    (9, reverse_twice),
    (9, forget_a_key),
    (9, forget_the_key_of_a_purchase_for_its_age),
    (9, forget_a_claim),
    (9, point_a_key_elsewhere),
    (9, point_a_claim_elsewhere),
    (9, claim_a_key_for_nothing),
    (9, share_a_key),
    (0, book_at_another_moment),
    (0, open_an_account_outside_the_chart),
    (0, unguard_an_account),
    (6, capture_without_posting),
    (6, post_what_was_not_captured),
    (6, change_what_a_purchase_brought),
    (12, recognise_too_much),
    (13, change_a_payment_at_the_provider),
    (8, change_a_gifts_coins),
    (8, change_a_gifts_diamonds),
    (8, move_something_twice),
    (8, give_to_somebody_else),
    (8, lose_a_gift),
]
