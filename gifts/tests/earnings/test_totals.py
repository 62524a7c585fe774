"""All that a creator ever got, without adding it up at every look."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import give_coins
from gifts.earnings import statement, sums
from gifts.earnings.release import release_due
from gifts.earnings.totals import Totals, all_time
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from wallet.models import RateCard
from wallet.prices.diamonds import CreatorsMoney

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def totals_of(creator: User) -> Totals:
    return all_time(creator, CreatorsMoney(creator))


def gift(fan: User, stream: Stream, slug: str, *, days_ago: int = 0) -> SentGift:
    at = timezone.now() - timedelta(days=days_ago)
    key = uuid4()
    return send_gift(
        fan=fan, stream=stream, gift=slug, key=key, sent_at=at if days_ago else None
    ).gift


def test_total_is_held_and_released_and_the_sum_of_the_lines(
    alice: User, bob: User, stream: Stream
) -> None:
    for days_ago in (20, 9, 3, 1, 0):
        gift(alice, stream, "moss-frog", days_ago=days_ago)
    undo_gift(fan=alice, key=gift(alice, stream, "marching-teacups").public_id)
    RateCard.objects.create(
        code="newer",
        valid_from=timezone.now() - timedelta(seconds=1),
        coin_value_micro_usd=10_000,
        diamond_payout_micro_usd=8_000,
    )
    gift(alice, stream, "pebble")
    release_due()
    for _ in ("first", "from what was kept"):
        found = totals_of(bob)
        lines = list(statement.lines(statement.received(bob), CreatorsMoney(bob)))
        assert found.earned.amount == sum(line.net.amount for line in lines)
        assert str(found.earned.amount) == "0.8593"  # 5 times 0.1704, and 0.0073
        assert found.held == ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 76
        assert found.released == ledger.balance("diamonds", "DIAMOND", bob.pk) == 50


def test_what_is_sent_and_taken_back_today_counts_at_once(
    alice: User, bob: User, stream: Stream
) -> None:
    gift(alice, stream, "moss-frog", days_ago=9)
    assert totals_of(bob).diamonds == 25
    slip = gift(alice, stream, "pebble")
    assert totals_of(bob).diamonds == 26
    undo_gift(fan=alice, key=slip.public_id)
    assert totals_of(bob).diamonds == 25


def test_what_lies_days_back_is_not_added_up_again(alice: User, bob: User, stream: Stream) -> None:
    old = gift(alice, stream, "moss-frog", days_ago=9)
    assert totals_of(bob).diamonds == 25
    SentGift.objects.filter(pk=old.pk).update(diamonds=1_000)
    assert totals_of(bob).diamonds == 25
    cache.clear()
    assert totals_of(bob).diamonds == 1_000


def test_the_days_since_are_added_to_what_was_kept(alice: User, bob: User, stream: Stream) -> None:
    """As it stands when the last look was a week ago."""
    old = gift(alice, stream, "moss-frog", days_ago=20)
    gift(alice, stream, "pebble", days_ago=5)
    kept = (old.diamonds + 100, 1_704, sums.midnight(8))
    cache.set(f"earned:{bob.pk}:EUR", kept)
    assert totals_of(bob).diamonds == 25 + 100 + 1
    assert cache.get(f"earned:{bob.pk}:EUR")[2] == sums.midnight(1)
    assert totals_of(bob).diamonds == 25 + 100 + 1


def test_nobody_sees_the_sums_of_somebody_else(
    alice: User, bob: User, carol: User, stream: Stream
) -> None:
    give_coins(carol, 10)
    gift(alice, stream, "moss-frog", days_ago=9)
    assert totals_of(bob).diamonds == 25
    assert totals_of(carol).diamonds == 0


def test_gifts_of_one_moment_turn_the_page_without_loss(
    alice: User, bob: User, stream: Stream
) -> None:
    """Sets share a moment; of these gifts the ids decide."""
    for _ in range(5):
        gift(alice, stream, "pebble")
    SentGift.objects.update(created_at=timezone.now() - timedelta(hours=1))
    newest = gift(alice, stream, "pebble")
    seen: list[int] = []
    before: int | None = None
    while before is not None or not seen:
        lines, before = statement.page_of(bob, CreatorsMoney(bob), before=before, size=2)
        seen += [line.sent.pk for line in lines]
    assert seen == sorted(SentGift.objects.values_list("pk", flat=True), reverse=True)
    assert seen[0] == newest.pk


def test_a_page_cannot_begin_at_somebody_elses_gift(
    alice: User, bob: User, carol: User, stream: Stream
) -> None:
    mine = gift(alice, stream, "pebble")
    assert statement.page_of(carol, CreatorsMoney(carol), before=mine.pk) == ([], None)
