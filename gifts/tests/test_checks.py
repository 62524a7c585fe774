"""Each check finds what it is there to find, and nothing in a sound ledger."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

import ledger
from accounts.models import User
from gifts import checks
from gifts.earnings.release import release_due
from gifts.models import Gift, SentGift
from gifts.sending.services import send_gift, undo_gift
from ledger.sources import postings_have_their_rows
from live.models import Stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def gifts(alice: User, bob: User, stream: Stream) -> list[SentGift]:
    """One gift on hold, one released, one taken back."""
    old = timezone.now() - timedelta(days=8)
    keys = [uuid.uuid4() for _ in range(3)]
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=keys[0])
    send_gift(fan=alice, stream=stream, gift="clap-crab", key=keys[1], sent_at=old)
    send_gift(fan=alice, stream=stream, gift="pebble", key=keys[2])
    undo_gift(fan=alice, key=keys[2])
    release_due()
    return [SentGift.objects.get(public_id=key) for key in keys]


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Switch the append-only triggers off, as only a holder of the owner's password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def sentences() -> set[str]:
    proofs = [*checks.CHECKS, postings_have_their_rows]
    return {breach.sentence for check in proofs for breach in check()}


def test_a_sound_ledger_has_no_breach(gifts: list[SentGift]) -> None:
    assert sentences() == set()


def other_coins(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(coins=24)


def other_diamonds(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(diamonds=26)


def price_of_another(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(price=Gift.objects.get(slug="pebble").price)


def gone(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).delete()


def other_posting(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(posting_id=-1)


def for_another(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(creator_id=sent.creator_id + 1_000)


def undone_without_reversal(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(undone_at=timezone.now())


def reversed_without_undo(sent: SentGift) -> None:
    key = sent.public_id
    ledger.post_one(key=f"undo:{key}", kind="undo", reverses=f"gift:{key}")


def released_without_posting(sent: SentGift) -> None:
    SentGift.objects.filter(pk=sent.pk).update(released_at=timezone.now())


PRICE = "A gift's coins or diamonds differ from its price and rate card."
MOVED = "A gift's posting moved other amounts, or other people's, than the gift says."
REVERSAL = "A gift's state and its reversal do not agree."
BROKEN: list[tuple[Callable[[SentGift], None], str]] = [
    (other_coins, PRICE),
    (other_coins, MOVED),
    (other_diamonds, PRICE),
    (price_of_another, PRICE),
    (gone, "A gift's posting belongs to no sent gift."),
    (other_posting, "A sent gift has no posting of its key."),
    (for_another, MOVED),
    (undone_without_reversal, REVERSAL),
    (reversed_without_undo, REVERSAL),
    (released_without_posting, "A posting and the row that it books don't say the same."),
]


@pytest.mark.parametrize(("breaking", "sentence"), BROKEN)
def test_a_check_finds_what_is_broken(
    gifts: list[SentGift], unguarded: None, breaking: Callable[[SentGift], None], sentence: str
) -> None:
    breaking(gifts[0])
    assert sentence in sentences()
