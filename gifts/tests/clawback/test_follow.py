"""Gifts that disputed coins paid for: frozen, given back, taken; released ones by the rules."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

import ledger
from accounts.models import Creator, User
from gifts import tasks
from gifts.clawback.causes import of_dispute
from gifts.clawback.follow import follow_disputes
from gifts.clawback.window import disputed_shares
from gifts.earnings import statement
from gifts.earnings.release import end_hold, on_hold, release_due
from gifts.earnings.totals import all_time
from gifts.models import Clawback, SentGift
from gifts.sending.refusals import UndoTooLate
from gifts.sending.services import undo_gift
from gifts.tests.clawback.stage import FROG, bought, buyer, sent
from live.models import Stream
from live.streams.services import go_live
from wallet.models import DisputePolicy, Purchase
from wallet.prices.diamonds import CreatorsMoney, available_diamonds
from wallet.tests.disputes.stage import State, audit, balances, decided, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    return buyer()


def diamonds(creator: User) -> dict[str, int]:
    kinds = ("diamonds_held", "diamonds_frozen", "diamonds", "diamonds_owed")
    found = {kind: ledger.balance(kind, "DIAMOND", creator.pk) for kind in kinds}
    return {kind.partition("_")[2] or "available": n for kind, n in found.items() if n}


def test_diamonds_on_hold_are_frozen_and_come_back_when_the_dispute_is_won(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 1_000)
    gift = sent(fan, stream, 4)
    before = balances()
    dispute = disputed(order)
    assert (follow_disputes(), follow_disputes()) == (1, 0)
    assert diamonds(bob) == {"frozen": 100}
    gift.refresh_from_db()
    assert (gift.frozen, gift.withheld_diamonds) == (True, 100)
    audit()
    decided(dispute, State.WON)
    assert (follow_disputes(), follow_disputes()) == (1, 0)
    assert diamonds(bob) == {"held": 100}
    gift.refresh_from_db()
    assert (gift.frozen, gift.withheld_diamonds) == (False, 0)
    fee = {("processor_fees", "EUR", ""), ("clearing:sandbox", "EUR", "")}
    now = balances()
    assert {k for k in before | now if before.get(k) != now.get(k)} == fee
    audit()


def test_a_lost_dispute_takes_them_and_the_gifts_coins_are_nobodys(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 500)
    sent(fan, stream, 4)
    dispute = disputed(order)
    follow_disputes()
    decided(dispute, State.LOST)
    follow_disputes()
    assert diamonds(bob) == {}
    assert ledger.balance("diamonds_reversed", "DIAMOND") == 100
    assert ledger.balance("coins_clawed_back", "COIN") == 500
    assert ledger.balance("coins_spent", "COIN") == 0
    assert ledger.balance("coins", "COIN", fan.pk) == 0
    audit()


def test_only_the_part_of_a_gift_that_the_disputed_coins_paid_is_taken(
    fan: User, bob: User, stream: Stream
) -> None:
    old, new = bought(fan, 60), bought(fan, 100)
    gifts = [sent(fan, stream) for _ in range(4)]  # 100 coins: all of the old, 40 of the new
    dispute = disputed(old)
    assert [(s.gift.pk, s.coins) for s in disputed_shares(of_dispute(dispute.pk))] == [
        (gifts[0].pk, 25),
        (gifts[1].pk, 25),
        (gifts[2].pk, 10),
    ]
    follow_disputes()
    assert diamonds(bob) == {"held": 40, "frozen": 60}
    other = disputed(new)
    assert sum(share.coins for share in disputed_shares(of_dispute(other.pk))) == 40
    follow_disputes()
    assert diamonds(bob) == {"frozen": 100}
    decided(dispute, State.LOST)
    follow_disputes()
    gifts[2].refresh_from_db()
    assert (gifts[2].frozen, gifts[2].withheld_diamonds) == (True, 25)
    decided(other, State.WON)
    follow_disputes()
    gifts[2].refresh_from_db()
    assert (gifts[2].frozen, gifts[2].withheld_diamonds) == (False, 10)
    assert diamonds(bob) == {"held": 40}
    end_hold(creator=bob)
    SentGift.objects.update(release_at=timezone.now(), undo_until=timezone.now())
    assert release_due() == 40
    assert diamonds(bob) == {"available": 40}
    audit()


def test_a_frozen_gift_is_not_released_whoever_ends_its_hold(
    fan: User, bob: User, stream: Stream
) -> None:
    dispute = disputed(_order_of_an_old_gift(fan, stream))
    follow_disputes()
    end_hold(creator=bob)
    assert release_due() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SentGift.objects.update(released_at=timezone.now())
    decided(dispute, State.WON)
    follow_disputes()
    assert release_due() == FROG
    audit()


def test_a_gift_of_which_a_part_is_frozen_waits_as_a_whole(
    fan: User, bob: User, stream: Stream
) -> None:
    old = bought(fan, 60)
    bought(fan, 100)
    gifts = [sent(fan, stream, days_ago=8) for _ in range(3)]
    dispute = disputed(old)
    follow_disputes()
    gifts[2].refresh_from_db()
    assert (gifts[2].frozen, gifts[2].withheld_diamonds) == (True, 10)
    assert release_due() == 0
    decided(dispute, State.LOST)
    follow_disputes()
    assert release_due() == 15
    audit()


def _order_of_an_old_gift(fan: User, stream: Stream) -> Purchase:
    order = bought(fan, 100)
    sent(fan, stream, days_ago=8)
    return order


def test_a_frozen_gift_is_not_undone(fan: User, bob: User, stream: Stream) -> None:
    order = bought(fan, 100)
    gift = sent(fan, stream)
    disputed(order)
    follow_disputes()
    with pytest.raises(UndoTooLate):
        undo_gift(fan=fan, key=gift.public_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        SentGift.objects.update(undone_at=timezone.now())


@pytest.mark.parametrize(("bearer", "owed"), [("platform", 0), ("creator", 25)])
def test_the_rules_say_who_bears_released_diamonds(
    fan: User, bob: User, stream: Stream, bearer: str, owed: int
) -> None:
    DisputePolicy.objects.update(bearer=bearer)
    order = bought(fan, 100)
    sent(fan, stream, days_ago=8)
    sent(fan, stream)
    release_due()
    dispute = disputed(order)
    follow_disputes()
    assert diamonds(bob) == {"frozen": 25, "available": 25}
    decided(dispute, State.LOST)
    follow_disputes()
    expected = {"available": 25, "owed": owed} if owed else {"available": 25}
    assert diamonds(bob) == expected
    assert available_diamonds(bob) == 25 - owed
    assert ledger.balance("coins_clawed_back", "COIN") == 50 + 25 + owed
    audit()


def test_a_dispute_that_was_lost_before_gifts_heard_of_it_takes_them_at_once(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 100)
    sent(fan, stream)
    decided(disputed(order), State.LOST)
    assert (follow_disputes(), follow_disputes()) == (1, 0)
    assert diamonds(bob) == {}
    audit()


def test_a_dispute_that_was_won_before_gifts_heard_of_it_touches_nothing(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 100)
    sent(fan, stream)
    decided(disputed(order), State.WON)
    assert (follow_disputes(), follow_disputes()) == (1, 0)
    assert not Clawback.objects.exists()
    assert diamonds(bob) == {"held": 25}


def test_gifts_of_several_creators_are_each_their_own(
    fan: User, bob: User, erin: User, stream: Stream
) -> None:
    Creator.objects.create(user=erin)
    User.objects.filter(pk=erin.pk).update(is_creator=True)
    erin.refresh_from_db()
    other = go_live(creator=erin, title="Erin")
    order = bought(fan, 100)
    sent(fan, stream)
    sent(fan, other, 2)
    disputed(order)
    follow_disputes()
    assert (diamonds(bob), diamonds(erin)) == ({"frozen": 25}, {"frozen": 50})
    audit()


def test_undone_gifts_and_bonus_coins_are_of_no_order(fan: User, bob: User, stream: Stream) -> None:
    order = bought(fan, 100)
    undone = sent(fan, stream, 2)
    undo_gift(fan=fan, key=undone.public_id)
    kept = sent(fan, stream)
    dispute = disputed(order)
    assert [(s.gift.pk, s.coins) for s in disputed_shares(of_dispute(dispute.pk))] == [
        (kept.pk, 25)
    ]
    assert dispute.held_coins == 75


def test_of_an_order_that_is_disputed_in_part_the_newest_gifts_count(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 100)
    gifts = [sent(fan, stream) for _ in range(4)]
    dispute = disputed(order, amount_minor=order.total_minor * 3 // 10)
    shares = {s.gift.pk: s.coins for s in disputed_shares(of_dispute(dispute.pk))}
    assert sum(shares.values()) == dispute.coins
    assert shares[gifts[3].pk] == 25
    assert gifts[0].pk not in shares


def test_a_creator_reads_it_in_the_statement_and_gets_emails(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 100)
    sent(fan, stream)
    sent(fan, stream)
    dispute = disputed(order)
    tasks.follow_disputes()
    reader = CreatorsMoney(bob)
    lines, _ = statement.page_of(bob, reader, before=None)
    assert {line.state for line in lines} == {"frozen"}
    totals = all_time(bob, reader)
    assert (totals.diamonds, totals.held, totals.withheld) == (0, 0, 50)
    assert on_hold(bob) == []
    decided(dispute, State.LOST)
    tasks.follow_disputes()
    lines, _ = statement.page_of(bob, reader, before=None)
    assert {line.state for line in lines} == {"taken"}
    assert statement.foot_of(lines, reader).net == all_time(bob, reader).earned
    tasks.follow_disputes()
    assert [m.to for m in mail.outbox] == [[bob.email]] * 2
    assert "50 diamonds" in mail.outbox[0].body
    assert fan.name not in "".join(f"{m.body} {m.subject}" for m in mail.outbox)


def test_a_hold_that_passes_while_frozen_goes_on_afterwards(
    fan: User, bob: User, stream: Stream
) -> None:
    order = bought(fan, 100)
    sent(fan, stream)
    dispute = disputed(order)
    follow_disputes()
    SentGift.objects.update(release_at=timezone.now() - timedelta(days=1))
    assert release_due() == 0
    decided(dispute, State.WON)
    follow_disputes()
    assert release_due() == 25
    audit()
