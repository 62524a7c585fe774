"""Sending, taking back, waiting, releasing."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

import ledger
from foundation.errors import DomainError
from giftplatform.tests.journal import stage
from giftplatform.tests.journal.money_in import pick
from giftplatform.tests.journal.world import DAY, Creator, Fan, Gift, World
from gifts.earnings.release import end_hold, release_due
from gifts.sending import refusals
from gifts.sending.send import Sent
from gifts.sending.services import send_gift, undo_gift

# (slug, coins, may be sent several at once), as in the catalogue of a fresh site
CATALOGUE = [
    ("pebble", 1, True),
    ("moss-frog", 25, True),
    ("drift-lamp", 99, True),
    ("neon-umbrella", 250, False),
    ("marching-teacups", 499, False),
    ("clockwork-fox", 1_000, False),
]
LARGE = 500


@dataclass(frozen=True)
class Press:
    """One press of *send*: who, to whom, what, under which key."""

    fan: Fan
    creator: Creator
    slug: str
    quantity: int
    coins: int
    second: int | None = None  # of the replay of the creator's last stream
    host: Creator | None = None  # in whose room the creator gets it as a guest
    key: UUID = field(default_factory=uuid4)

    @classmethod
    def of(
        cls, fan: Fan, creator: Creator, what: int, quantity: int, second: int | None = None
    ) -> "Press":
        """Return a press for a gift of the catalogue; some are sent one at a time only."""
        slug, price, combo = CATALOGUE[what % len(CATALOGUE)]
        quantity = quantity if combo else 1
        return cls(fan, creator, slug, quantity, price * quantity, second)

    @property
    def wanted(self) -> dict[str, Any]:
        """The arguments of `send_gift` and `Send`."""
        return {
            "fan": self.fan.user,
            "gift": self.slug,
            "key": self.key,
            "quantity": self.quantity,
            "confirmed": True,
            **place_of(self.creator, self.second, self.host),
        }

    @property
    def fits(self) -> bool:
        """Whether the balance holds as much now."""
        return self.coins <= self.fan.coins + self.fan.bonus


def place_of(creator: Creator, second: int | None, host: Creator | None) -> dict[str, Any]:
    """Return where a press goes: into the creator's room, to a second of their replay, or to them
    as a guest.
    """
    if host is not None:
        return {"stream": host.stream, "to": creator.user.public_id}
    if second is None:
        return {"stream": creator.stream}
    creator.past.refresh_from_db()
    return {
        "stream": creator.past,
        "moment": creator.past.started_at + timedelta(seconds=second),
    }


class Sending(RuleBasedStateMachine):
    """Rules of the room."""

    world: World

    def send(self, press: Press) -> None:
        """Send, and expect exactly what the balance allows."""
        if not press.fits:
            with pytest.raises(refusals.InsufficientCoins):
                send_gift(**press.wanted)
            return
        self.happened(press, send_gift(**press.wanted))

    def happened(self, press: "Press", sent: Sent) -> None:
        """Compare what was answered with what the balance allows, and note the gift."""
        fan, coins = press.fan, press.coins
        assert (sent.already, sent.balance) == (False, fan.coins + fan.bonus - coins)
        assert sent.gift.bonus_coins == min(fan.bonus, coins)
        self.note(press, sent)

    def note(self, press: "Press", sent: Sent) -> None:
        """Write a gift that was sent into the model."""
        fan, creator, coins, now = press.fan, press.creator, press.coins, self.world.now
        assert (sent.gift.public_id, sent.gift.coins) == (press.key, coins)
        gift = Gift(
            key=press.key,
            fan=fan,
            creator=creator,
            slug=press.slug,
            quantity=press.quantity,
            second=press.second,
            host=press.host,
            coins=coins,
            bonus=sent.gift.bonus_coins,
            sent_at=now,
            release_at=now + creator.hold_days * DAY,
            undo_until=now + (stage.UNDO_LARGE if coins >= LARGE else stage.UNDO_SMALL),
        )
        fan.gifts.append(gift)
        creator.gifts.append(gift)

    def a_gift(self, which: int) -> Gift:
        return self.world.gifts[which % len(self.world.gifts)]

    @rule(who=pick, to=pick, what=pick, quantity=st.integers(1, 9))
    def a_gift_is_sent(self, who: int, to: int, what: int, quantity: int) -> None:
        fans, creators = self.world.fans, self.world.creators
        self.send(Press.of(fans[who % len(fans)], creators[to % len(creators)], what, quantity))

    @rule(who=pick, to=pick, what=pick, quantity=st.integers(1, 9), second=st.integers(0, 7_200))
    def a_gift_is_sent_on_a_replay(
        self, who: int, to: int, what: int, quantity: int, second: int
    ) -> None:
        fan = self.world.fans[who % len(self.world.fans)]
        creator = self.world.creators[to % len(self.world.creators)]
        self.send(Press.of(fan, creator, what, quantity, second))

    @rule(who=pick, what=pick, quantity=st.integers(1, 9))
    def a_gift_is_sent_to_a_guest(self, who: int, what: int, quantity: int) -> None:
        fan, (host, guest) = self.world.fans[who % len(self.world.fans)], self.world.creators[:2]
        self.send(replace(Press.of(fan, guest, what, quantity), host=host))

    @precondition(lambda self: any(gift.host for gift in self.world.gifts))
    @rule(which=pick)
    def a_key_is_used_for_another_receiver(self, which: int) -> None:
        to_guests = [gift for gift in self.world.gifts if gift.host]
        gift = to_guests[which % len(to_guests)]
        with pytest.raises(ledger.KeyReused):
            self.send_as(gift, quantity=gift.quantity, to_host=True)

    @precondition(lambda self: any(gift.second is not None for gift in self.world.gifts))
    @rule(which=pick)
    def a_key_is_used_at_another_moment(self, which: int) -> None:
        late = [gift for gift in self.world.gifts if gift.second is not None]
        gift = late[which % len(late)]
        with pytest.raises(ledger.KeyReused):
            self.send_as(gift, quantity=gift.quantity, earlier=1)

    @precondition(lambda self: self.world.gifts)
    @rule(which=pick, times=st.integers(1, 3))
    def the_same_press_arrives_again(self, which: int, times: int) -> None:
        gift = self.a_gift(which)
        for _ in range(times):
            again = self.send_as(gift, quantity=gift.quantity)
            assert again.already
            assert again.gift.public_id == gift.key

    @precondition(lambda self: self.world.gifts)
    @rule(which=pick)
    def a_key_is_used_for_something_else(self, which: int) -> None:
        gift = self.a_gift(which)
        with pytest.raises(ledger.KeyReused):
            self.send_as(gift, quantity=gift.quantity + 1)

    def send_as(self, gift: Gift, *, quantity: int, earlier: int = 0, to_host: bool = False):  # type: ignore[no-untyped-def]  # a Sent
        """Send under the key of a gift that was sent before."""
        second = None if gift.second is None else abs(gift.second - earlier)
        return send_gift(
            fan=gift.fan.user,
            gift=gift.slug,
            key=gift.key,
            quantity=quantity,
            confirmed=True,
            **place_of(gift.creator, second, gift.host) | ({"to": None} if to_host else {}),
        )

    @rule(who=pick, to=pick, quantity=st.sampled_from([-1, 0, 100]))
    def a_quantity_that_is_none(self, who: int, to: int, quantity: int) -> None:
        fan = self.world.fans[who % len(self.world.fans)]
        stream = self.world.creators[to % len(self.world.creators)].stream
        with pytest.raises(DomainError) as refusal:
            send_gift(fan=fan.user, stream=stream, gift="pebble", key=uuid4(), quantity=quantity)
        assert refusal.value.code == "bad_quantity"

    @precondition(lambda self: self.world.gifts)
    @rule(which=pick)
    def a_gift_is_taken_back(self, which: int) -> None:
        gift = self.a_gift(which)
        late = self.world.now >= gift.undo_until or gift.released
        if late and not gift.undone:
            with pytest.raises(refusals.UndoTooLate):
                undo_gift(fan=gift.fan.user, key=gift.key)
            return
        for _ in "12":
            assert undo_gift(fan=gift.fan.user, key=gift.key).undone_at
        gift.undone = True

    @rule(minutes=st.sampled_from([25, 120, 24 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        stage.turn_clock(minutes * 60)
        self.world.now += minutes * 60

    @rule()
    def what_is_due_is_released(self) -> None:
        due = [gift for gift in self.world.gifts if gift.due(self.world.now)]
        assert release_due() == sum(gift.coins for gift in due)
        for gift in due:
            gift.released = True
        assert release_due() == 0

    @rule(who=pick)
    def staff_end_a_hold(self, who: int) -> None:
        creator = self.world.creators[who % len(self.world.creators)]
        now = self.world.now
        waiting = [
            gift
            for gift in creator.gifts
            if not gift.undone and not gift.released and gift.undo_until <= now < gift.release_at
        ]
        assert end_hold(creator=creator.user) == len(waiting)
        for gift in waiting:
            gift.release_at = now
