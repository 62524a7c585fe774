"""Corruptions of the ledger: each function plants one and returns what the audit must name.

Written past every trigger, as only a superuser of the database could.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

import ledger
from accounts.models import User
from gifts.earnings.release import release_creator
from gifts.models import SentGift
from ledger.models import Posting
from payouts.tests import builders
from wallet.models import Purchase
from wallet.tests import stage

# Where the moment of a posting stands.
MOMENTS = (
    ("ledger_posting", "created_at"),
    ("ledger_transfer", "created_at"),
    ("ledger_key", "created_at"),
    ("wallet_purchase", "captured_at"),
    ("wallet_document", "moved_at"),
    ("gifts_sentgift", "undone_at"),
    ("gifts_sentgift", "released_at"),
)


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
    for table, moment in MOMENTS:
        sql(f"UPDATE {table} SET {moment} = {moment} - interval '1 year'")


def change_a_guarded_balance(filled: FilledLedger) -> object:
    account = ledger.account_id("coins", "COIN", filled.fan.pk)
    sql("UPDATE ledger_account SET balance = balance + 1 WHERE id = %(id)s", id=account)
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


def change_a_payment_at_the_provider(filled: FilledLedger) -> object:
    sql("UPDATE wallet_sandboxpayment SET amount_minor = amount_minor - 1")
    return "EUR"


def move_something_twice(filled: FilledLedger) -> object:
    """Its coins twice and no diamonds: as much in all, in as many transfers."""
    text = (
        "UPDATE ledger_transfer t SET unit = c.unit, from_account_id = c.from_account_id,"
        " to_account_id = c.to_account_id FROM ledger_transfer c"
        " WHERE t.id = %(id)s AND c.posting_id = t.posting_id AND c.unit = 'COIN'"
    )
    sql(text, id=transfer(filled, "DIAMOND"))
    return filled.kept.public_id


def move_balances(giver: int, taker: int, amount: int) -> None:
    """Let two balances follow what was forged."""
    text = "UPDATE ledger_account SET balance = balance + %(amount)s WHERE id = %(id)s"
    sql(text, amount=-amount, id=giver)
    sql(text, amount=amount, id=taker)


def release_of(filled: FilledLedger) -> str:
    """Release the kept gift and return the key of the posting."""
    SentGift.objects.filter(pk=filled.kept.pk).update(release_at=timezone.now())
    release_creator(filled.creator.pk)
    return Posting.objects.get(kind="release").key


def redirect_a_release(filled: FilledLedger) -> object:
    """To another creator, whose balance follows."""
    key = release_of(filled)
    mine, other = (
        ledger.account_id("diamonds", "DIAMOND", user.pk) for user in (filled.creator, filled.fan)
    )
    text = "UPDATE ledger_transfer SET to_account_id = %(to)s WHERE to_account_id = %(mine)s"
    sql(text, to=other, mine=mine)
    move_balances(mine, other, filled.kept.diamonds)
    return key


def release_what_was_never_earned(filled: FilledLedger) -> object:
    key = release_of(filled)
    text = (
        "UPDATE ledger_transfer SET from_account_id = %(issued)s WHERE posting_id ="
        " (SELECT id FROM ledger_posting WHERE key = %(key)s)"
    )
    sql(text, issued=ledger.account_id("diamonds_issued", "DIAMOND"), key=key)
    return key


def give_bought_coins_to_another_fan(filled: FilledLedger) -> object:
    """Both balances follow."""
    purchase = stage.paid(filled.fan, 500)
    mine, other = (
        ledger.account_id("coins", "COIN", user.pk) for user in (filled.fan, filled.creator)
    )
    text = "UPDATE ledger_transfer SET to_account_id = %(to)s WHERE amount = 500 AND unit = 'COIN'"
    sql(text, to=other)
    move_balances(mine, other, 500)
    return f"purchase:{purchase.public_id}"


def post_of_an_unknown_kind(filled: FilledLedger) -> object:
    """Between two people, with its key and both balances."""
    mine, other = (
        ledger.account_id("coins", "COIN", user.pk) for user in (filled.fan, filled.creator)
    )
    ledger.post_one(key="odd", kind="test", legs=[ledger.Leg("COIN", mine, other, 100)])
    sql("UPDATE ledger_posting SET kind = 'present' WHERE key = 'odd'")
    sql(
        "UPDATE ledger_key SET input_hash = ledger_digest('present', jsonb_build_array("
        "jsonb_build_object('unit', 'COIN', 'from', %(mine)s::bigint, 'to', %(other)s::bigint,"
        " 'amount', 100)), NULL) WHERE key = 'odd'",
        mine=mine,
        other=other,
    )
    return "odd"


def post_what_only_another_kind_may(filled: FilledLedger) -> object:
    """A kind that there is, of a transfer that it may not make."""
    sql(
        "UPDATE ledger_posting SET kind = 'recognition' WHERE id = %(id)s",
        id=filled.kept.posting_id,
    )
    return filled.kept.posting_id


def move_diamonds_between_payouts(filled: FilledLedger) -> object:
    """In one statement, so that their sum stays."""
    one, other = (builders.requested(user, 2_000) for user in (filled.fan, filled.creator))
    text = (
        "UPDATE payouts_payout SET diamonds = diamonds"
        " + CASE id WHEN %(one)s THEN 100 ELSE -100 END WHERE id IN (%(one)s, %(other)s)"
    )
    sql(text, one=one.pk, other=other.pk)
    return f"payout:{other.public_id}:convert"


def mix_the_people_of_a_posting(filled: FilledLedger) -> object:
    """Coins are set aside for another person than the one whose they were."""
    mine = ledger.account_id("coins", "COIN", filled.fan.pk)
    held = ledger.account_id("coins_held", "COIN", filled.fan.pk)
    ledger.post_one(key="hold", kind="test", legs=[ledger.Leg("COIN", mine, held, 100)])
    theirs = ledger.account_id("coins_held", "COIN", filled.creator.pk)
    sql("UPDATE ledger_transfer SET to_account_id = %(to)s WHERE amount = 100", to=theirs)
    move_balances(held, theirs, 100)
    return "hold"


def change_what_a_receipt_says(filled: FilledLedger) -> object:
    """Its net and its total, so that it still adds up."""
    sql("UPDATE wallet_document SET net_minor = net_minor + 1, total_minor = total_minor + 1")
    return filled.purchase.documents.get().pk


def lose_a_receipt(filled: FilledLedger) -> object:
    sql("DELETE FROM wallet_document")
    sql("UPDATE wallet_purchase SET captured_at = captured_at - interval '1 hour'")
    return filled.purchase.public_id


def skip_a_number(filled: FilledLedger) -> object:
    document = filled.purchase.documents.get()
    sql("UPDATE wallet_document SET number = 2")
    sql("UPDATE wallet_documentseries SET last = 2")
    return document.public_id


def count_further_than_was_written(filled: FilledLedger) -> object:
    sql("UPDATE wallet_documentseries SET last = last + 1")
    return filled.purchase.documents.get().series


CORRUPTIONS: list[tuple[int, Callable[[FilledLedger], object]]] = [
    (0, post_nothing),
    (9, bend_a_reversal),
    (9, reverse_a_reversal),
    (9, reverse_twice),
    (9, forget_the_key_of_a_purchase_for_its_age),
    (9, forget_a_claim),
    (9, point_a_claim_elsewhere),
    (9, claim_a_key_for_nothing),
    (0, open_an_account_outside_the_chart),
    (0, unguard_an_account),
    (13, change_a_payment_at_the_provider),
    (8, redirect_a_release),
    (0, release_what_was_never_earned),
    (6, give_bought_coins_to_another_fan),
    (0, post_of_an_unknown_kind),
    (0, post_what_only_another_kind_may),
    (11, move_diamonds_between_payouts),
    (0, mix_the_people_of_a_posting),
    (8, move_something_twice),
    (15, change_what_a_receipt_says),
    (15, lose_a_receipt),
    (15, skip_a_number),
    (15, count_further_than_was_written),
]
