"""Keys of gifts long over may be forgotten: nothing is sent, or taken back, twice for it."""

import uuid
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.models import User
from conftest import give_coins
from gifts import tasks
from gifts.models import SentGift
from gifts.sending import pruning
from gifts.sending.refusals import UndoTooLate
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from ledger.models import Key, Posting, Transfer
from live.models import Stream

pytestmark = pytest.mark.django_db


def past(sql: str, *params: Any) -> None:
    """Change what already was, as only a superuser of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def grow_old(days: int, *keys: str) -> None:
    """Let what has these keys have happened so many days ago."""
    then = timezone.now() - timedelta(days=days)
    postings = list(Key.objects.filter(key__in=keys).values_list("posting_id", flat=True))
    Key.objects.filter(posting_id__in=postings).update(created_at=then)
    past("UPDATE ledger_posting SET created_at = %s WHERE id = ANY (%s)", then, postings)
    past("UPDATE ledger_transfer SET created_at = %s WHERE posting_id = ANY (%s)", then, postings)
    gifts = SentGift.objects.filter(posting_id__in=postings)
    gifts.update(created_at=then, undo_until=then + timedelta(seconds=5))
    gifts.filter(undone_at__isnull=False).update(undone_at=then)


def known(*keys: str) -> set[str]:
    return set(Key.objects.filter(key__in=keys).values_list("key", flat=True))


@pytest.fixture
def old(alice: User, stream: Stream) -> UUID:
    """A gift of 25 coins that was sent 100 days ago."""
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    grow_old(100, f"gift:{key}")
    return key


@pytest.fixture
def undone(alice: User, stream: Stream) -> UUID:
    """A gift that was taken back 100 days ago."""
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    undo_gift(fan=alice, key=key)
    grow_old(100, f"gift:{key}", f"undo:{key}")
    return key


def claims(key: UUID) -> set[str]:
    return {f"gift:{key}", f"undo:{key}", f"reverses:gift:{key}"}


def test_old_keys_of_gifts_go_and_the_ledger_balances(old: UUID, undone: UUID) -> None:
    history = (Posting.objects.count(), Transfer.objects.count())
    assert pruning.prune_keys(older_than_days=90) == 4
    assert known(*claims(old), *claims(undone)) == set()
    assert (Posting.objects.count(), Transfer.objects.count()) == history
    assert checks.run() == []


def test_a_gift_sent_again_after_its_key_is_gone_is_answered_as_sent(
    alice: User, stream: Stream, old: UUID
) -> None:
    pruning.prune_keys(older_than_days=90)
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=old)
    assert sent.already
    assert sent.balance == 4_975
    assert SentGift.objects.filter(public_id=old).count() == 1
    assert Posting.objects.filter(key=f"gift:{old}").count() == 1
    with pytest.raises(ledger.KeyReused):
        send_gift(fan=alice, stream=stream, gift="pebble", key=old)


def test_a_gift_cannot_be_written_twice_even_past_the_look(
    alice: User, stream: Stream, old: UUID
) -> None:
    """Behind the check stands a constraint: the gift's own number is unique."""
    pruning.prune_keys(older_than_days=90)
    row = SentGift.objects.get(public_id=old)
    row.pk = None
    with pytest.raises(DatabaseError, match="public_id"), transaction.atomic():
        row.save(force_insert=True)


def test_an_old_gift_is_not_taken_back_for_want_of_its_key(alice: User, old: UUID) -> None:
    pruning.prune_keys(older_than_days=90)
    with pytest.raises(UndoTooLate):
        undo_gift(fan=alice, key=old)
    reversal = ledger.Order(f"undo:{old}", "undo", reverses=f"gift:{old}")
    assert ledger.post([reversal])[0].code == "nothing_to_reverse"
    assert ledger.balance("coins", "COIN", alice.pk) == 4_975


def test_what_was_taken_back_is_not_taken_back_again(alice: User, undone: UUID) -> None:
    pruning.prune_keys(older_than_days=90)
    assert undo_gift(fan=alice, key=undone).undone_at
    for key in (f"undo:{undone}", "undo:other"):
        again = ledger.Order(key, "undo", reverses=f"gift:{undone}")
        assert ledger.post([again])[0].code == "nothing_to_reverse"
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000


def test_the_claim_on_a_reversal_stays_while_the_gifts_key_does(alice: User, undone: UUID) -> None:
    """Without it a gift whose key is still known could be taken back a second time."""
    Key.objects.filter(key=f"gift:{undone}").update(created_at=timezone.now())
    assert pruning.prune_keys(older_than_days=90) == 0
    again = ledger.Order("undo:other", "undo", reverses=f"gift:{undone}")
    assert ledger.post([again])[0].code == "already_reversed"
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000


def test_young_keys_and_those_of_money_stay(alice: User, stream: Stream, old: UUID) -> None:
    young = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=young)
    give_coins(alice, 5)
    Key.objects.exclude(key__startswith="gift:").update(
        created_at=timezone.now() - timedelta(days=9_999)
    )
    before = Key.objects.count()
    assert pruning.prune_keys(older_than_days=90) == 1
    assert Key.objects.count() == before - 1
    assert known(f"gift:{young}") == {f"gift:{young}"}


def test_it_goes_in_small_steps(alice: User, stream: Stream) -> None:
    keys = [uuid.uuid4() for _ in range(7)]
    for key in keys:
        send_gift(fan=alice, stream=stream, gift="pebble", key=key)
    grow_old(100, *(f"gift:{key}" for key in keys[:5]))
    assert pruning.prune_keys(older_than_days=90, at_once=2) == 5
    assert known(*(f"gift:{key}" for key in keys)) == {f"gift:{key}" for key in keys[5:]}


def test_ninety_days_are_the_least(old: UUID) -> None:
    with pytest.raises(CommandError, match="90 days at least"):
        call_command("prune_keys", "--older-than-days", "89")
    with (
        pytest.raises(DatabaseError, match="90 days at least"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT gifts_prune_keys('gift:', now() - interval '89 days', '', 10)")
    assert known(f"gift:{old}")


@pytest.mark.parametrize("beginning", ["purchase:", "payout:", "", "reverses:payout:"])
def test_no_other_keys_can_be_forgotten(beginning: str) -> None:
    with (
        pytest.raises(DatabaseError, match="kept for ever"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT gifts_prune_keys(%s, now() - interval '1 year', '', 10)", [beginning]
        )


def test_the_job_keeps_everything_without_the_setting(old: UUID, settings: Settings) -> None:
    tasks.prune_keys()
    assert known(f"gift:{old}")
    settings.KEEP_GIFT_KEYS_DAYS = 101
    tasks.prune_keys()
    assert known(f"gift:{old}")
    settings.KEEP_GIFT_KEYS_DAYS = 99
    tasks.prune_keys()
    assert not known(f"gift:{old}")


def test_the_command_says_how_many(old: UUID) -> None:
    out = StringIO()
    call_command("prune_keys", "--older-than-days", "90", stdout=out)
    assert out.getvalue() == "Keys deleted: 1.\n"
