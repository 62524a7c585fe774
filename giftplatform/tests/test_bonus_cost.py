"""What creators get for bonus coins is booked as the site's cost when it becomes cash."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

import ledger
from accounts.models import User
from gifts.earnings import bonus_cost
from gifts.earnings.release import release_due
from gifts.models import BonusCost
from gifts.sending.services import send_gift
from ledger import checks
from live.models import Stream
from payouts.requests import services
from payouts.tests import builders
from wallet.tests.promotions import bonus_lot

pytestmark = pytest.mark.django_db


def send(fan: User, stream: Stream, gift: str = "moss-frog") -> int:
    old = timezone.now() - timedelta(days=8)
    sent = send_gift(fan=fan, stream=stream, gift=gift, key=uuid.uuid4(), sent_at=old)
    return sent.gift.bonus_coins


def costs() -> tuple[int, int]:
    return ledger.balance("bonus_cost", "EUR"), ledger.balance("creator_cost", "EUR")


def test_the_part_of_bonus_coins_moves_to_the_sites_cost_once(
    alice: User, bob: User, stream: Stream
) -> None:
    bonus_lot(alice, 20)
    assert send(alice, stream) == 20
    release_due()
    assert bonus_cost.book() == 0
    payout = builders.requested(bob, 2_000)
    assert (bonus_cost.book(), bonus_cost.book()) == (1, 0)
    row = BonusCost.objects.get()
    assert (row.diamonds, row.amount_minor) == (20, payout.amount_minor * 20 // 2_000)
    assert sum(map(abs, costs())) == payout.amount_minor
    assert abs(costs()[0]) == row.amount_minor
    assert checks.run() == []


def test_a_conversion_before_the_gift_costs_nothing(alice: User, bob: User, stream: Stream) -> None:
    builders.requested(bob, 2_000)
    bonus_lot(alice, 20)
    send(alice, stream)
    release_due()
    assert bonus_cost.book() == 0


def test_a_cancelled_payout_takes_its_part_back_and_the_next_one_has_it(
    alice: User, bob: User, stream: Stream
) -> None:
    bonus_lot(alice, 20)
    send(alice, stream)
    release_due()
    first = builders.requested(bob, 2_000)
    bonus_cost.book()
    services.cancel(payout=first, by=bob)
    assert bonus_cost.book() == 1
    assert costs() == (0, 0)
    builders.requested(bob, 2_000)
    assert bonus_cost.book() == 1
    live = BonusCost.objects.get(reversed_at=None)
    assert (live.diamonds, abs(costs()[0])) == (20, live.amount_minor)
    assert checks.run() == []
