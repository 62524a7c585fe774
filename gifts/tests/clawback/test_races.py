"""Gifts that are frozen, released, undone and settled at the same moment."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

import ledger
from accounts.models import Creator, User
from conftest import person
from foundation.errors import DomainError
from gifts.clawback import causes, follow
from gifts.clawback.follow import follow_disputes
from gifts.earnings.release import release_due
from gifts.models import Clawback, FollowedRefund
from gifts.sending.services import undo_gift
from gifts.tests.clawback.stage import FROG, bought, buyer, sent
from live.models import Stream
from live.streams.services import go_live
from testing.threads import Meeting, meet_after, side_by_side, together
from wallet.models import Dispute, Refund
from wallet.purchases import settlement
from wallet.refunds import requests, sending
from wallet.tests.disputes.stage import State, audit, decided, disputed


@pytest.fixture
def room(committed: None) -> tuple[User, Stream]:
    creator = person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    return creator, go_live(creator=creator, title="Night")


def diamonds(creator: User) -> dict[str, int]:
    kinds = ("diamonds_held", "diamonds_frozen", "diamonds", "diamonds_reversed")
    return {
        kind: ledger.balance(kind, "DIAMOND", None if "reversed" in kind else creator.pk)
        for kind in kinds
    }


def test_a_gift_is_frozen_or_released_and_never_both(room: tuple[User, Stream]) -> None:
    _creator, stream = room
    for turn in range(6):
        fan = buyer(f"fan{turn}")
        order = bought(fan, 100)
        gift = sent(fan, stream, days_ago=8)
        disputed(order)
        side_by_side(follow_disputes, release_due)
        gift.refresh_from_db()
        assert gift.frozen != bool(gift.released_at)
        assert Clawback.objects.get(dispute__purchase=order).held_diamonds == FROG * gift.frozen
        audit()
        decided(Dispute.objects.get(purchase=order), State.WON)
        follow_disputes()
        release_due()


def test_a_gift_is_frozen_or_undone_and_never_both(room: tuple[User, Stream]) -> None:
    _creator, stream = room
    for turn in range(6):
        fan = buyer(f"fan{turn}")
        order = bought(fan, 100)
        gift = sent(fan, stream)
        disputed(order)
        side_by_side(
            follow_disputes,
            lambda fan=fan, gift=gift: undo_gift(fan=fan, key=gift.public_id),  # type: ignore[misc]  # pins both
            returned=DomainError,
        )
        gift.refresh_from_db()
        assert gift.frozen != bool(gift.undone_at)
        audit()


def settled_at_once(stream: Stream) -> list[object]:
    """Let several workers find that a dispute was lost; return what each thinks it did."""
    fan = buyer()
    order = bought(fan, 100)
    sent(fan, stream)
    dispute = disputed(order)
    assert sum(together(lambda n: follow_disputes(), 4)) == 1
    decided(dispute, State.LOST)
    return together(lambda n: follow_disputes(), 2)


def test_however_many_workers_follow_a_dispute_each_part_is_done_once(
    room: tuple[User, Stream],
) -> None:
    creator, stream = room
    assert sorted(map(str, settled_at_once(stream))) == ["0", "1"]
    assert diamonds(creator)["diamonds_reversed"] == FROG
    audit()


def test_control_without_the_lock_two_workers_do_it_and_the_ledgers_key_holds(
    room: tuple[User, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, stream = room
    meet_after(monkeypatch, follow, "taking")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    assert settled_at_once(stream) == [1, 1]
    assert diamonds(creator)["diamonds_reversed"] == FROG
    audit()


def refunded_at_once(stream: Stream) -> list[object]:
    """Let several workers find that the money of a child's order left."""
    fan, dana = buyer(), person("dana", is_staff=True)
    order = bought(fan, 100)
    sent(fan, stream)
    asked = requests.take_back(
        purchase=order, key=uuid4(), gift_coins=FROG, by=dana, note="A child", needs_second=False
    )
    assert sum(together(lambda n: follow_disputes(), 4)) == 1
    sending.send(asked)
    settlement.inspect(order)
    return together(lambda n: follow_disputes(), 2)


def test_however_many_workers_follow_a_refund_each_part_is_done_once(
    room: tuple[User, Stream],
) -> None:
    creator, stream = room
    assert sorted(map(str, refunded_at_once(stream))) == ["0", "1"]
    assert diamonds(creator)["diamonds_reversed"] == FROG
    audit()


def test_control_without_the_lock_two_workers_take_a_refunds_gifts(
    room: tuple[User, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, stream = room
    meet_after(monkeypatch, follow, "taking")
    monkeypatch.setattr(causes, "lock", _unlocked)
    assert refunded_at_once(stream) == [1, 1]
    assert diamonds(creator)["diamonds_reversed"] == FROG
    audit()


def _unlocked(kind: type[Dispute | Refund], pk: int) -> FollowedRefund:
    return FollowedRefund.objects.get_or_create(refund_id=pk)[0]


def released_while_it_is_frozen(stream: Stream, patch: pytest.MonkeyPatch) -> list[object]:
    """Release when the gifts to freeze were read, and before they are frozen."""
    fan = buyer()
    order = bought(fan, 100)
    sent(fan, stream, days_ago=8)
    disputed(order)
    read, released = Meeting(), Meeting()
    meet_after(patch, follow, "disputed_shares", read)
    meet_after(patch, follow, "disputed_shares", released)

    def release_between() -> int:
        read.wait()
        diamonds = release_due()
        released.wait()
        return diamonds

    return side_by_side(follow_disputes, release_between, returned=IntegrityError)


def test_gifts_that_were_read_to_be_frozen_are_not_released_meanwhile(
    room: tuple[User, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, stream = room
    assert released_while_it_is_frozen(stream, monkeypatch) == [1, 0]
    assert diamonds(creator)["diamonds_frozen"] == FROG
    audit()


def test_control_without_the_gifts_lock_they_are_released_and_a_constraint_holds(
    room: tuple[User, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, stream = room
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    followed, released = released_while_it_is_frozen(stream, monkeypatch)
    assert isinstance(followed, IntegrityError)
    assert released == FROG
    assert diamonds(creator)["diamonds_frozen"] == 0
    audit()
