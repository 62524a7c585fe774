"""Many sends together: as one batch, or pressed by many hands at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import ClassVar
from uuid import UUID

from django.db import connection
from django.test import override_settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

import ledger
from foundation.errors import DomainError
from giftplatform.tests.journal.money_in import pick
from giftplatform.tests.journal.sending import Press, Sending
from gifts.sending import refusals
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift

AT_ONCE = 4
PEBBLE = 0
presses = st.lists(st.tuples(pick, pick, pick, st.integers(1, 9)), min_size=2, max_size=6)


class Hands:
    """Threads that press at the same moment, each over a connection that it keeps."""

    def __enter__(self) -> "Hands":
        self.pool = ThreadPoolExecutor(AT_ONCE)
        return self

    def __exit__(self, *_: object) -> None:
        everybody = Barrier(AT_ONCE)

        def leave(_: int) -> None:
            everybody.wait()
            connection.close()

        list(self.pool.map(leave, range(AT_ONCE)))
        self.pool.shutdown()

    def press(self, all_of_them: list[Press]) -> list[Sent | DomainError]:
        """Send them all; a refusal is returned, not raised."""

        def one(press: Press) -> Sent | DomainError:
            try:
                return send_gift(**press.wanted)
            except DomainError as refusal:
                return refusal

        return list(self.pool.map(one, all_of_them))


class Sets(Sending):
    """Rules for sends that come together."""

    hands: ClassVar[Hands]

    def presses_of(self, drawn: list[tuple[int, int, int, int]]) -> list[Press]:
        """Return the presses that were drawn."""
        fans, creators = self.world.fans, self.world.creators
        return [
            Press.of(fans[who % len(fans)], creators[to % len(creators)], what, quantity)
            for who, to, what, quantity in drawn
        ]

    @rule(drawn=presses, again=st.sampled_from(["", "same", "other"]), which=pick)
    def a_batch_is_sent(
        self, drawn: list[tuple[int, int, int, int]], again: str, which: int
    ) -> None:
        """Each is decided as if they had come one after the other; a key may come twice."""
        asked = self.presses_of(drawn)
        if again:
            twin = asked[which % len(asked)]
            other = Press.of(twin.fan, twin.creator, PEBBLE, twin.quantity + 1)
            asked.append(twin if again == "same" else replace(other, key=twin.key))
        answers = send_batch([Send(**press.wanted) for press in asked])
        known: dict[UUID, Press] = {}
        for press, answer in zip(asked, answers, strict=True):
            if press.key in known:
                if known[press.key] == press:
                    assert isinstance(answer, Sent)
                    assert answer.already
                else:
                    assert isinstance(answer, ledger.KeyReused)
            elif press.fits:
                assert isinstance(answer, Sent), answer
                self.happened(press, answer)
                known[press.key] = press
            else:
                assert isinstance(answer, refusals.InsufficientCoins), answer

    @rule(drawn=presses, micro_batching=st.booleans(), twice=st.booleans())
    def many_press_at_once(
        self, drawn: list[tuple[int, int, int, int]], micro_batching: bool, twice: bool
    ) -> None:
        """In whatever order they come: what fits together is all sent, each press once, and the
        bonus coins went first. Combined or each by itself makes no difference.
        """
        asked: list[Press] = []
        for press in self.presses_of(drawn):
            mine = sum(p.coins for p in asked if p.fan is press.fan)
            if mine + press.coins <= press.fan.coins + press.fan.bonus:
                asked.append(press)
        with override_settings(MICRO_BATCHING=micro_batching):
            pressed = asked * 2 if twice else asked
            answers = self.hands.press(pressed)
        bonus = {press.fan: press.fan.bonus for press in asked}
        sent: dict[UUID, list[Sent]] = {press.key: [] for press in asked}
        for press, answer in zip(pressed, answers, strict=True):
            assert isinstance(answer, Sent), answer
            assert answer.gift.public_id == press.key, "another press's answer"
            sent[press.key].append(answer)
        for press in asked:
            assert sorted(a.already for a in sent[press.key]) == [False, True][: 1 + twice]
            self.note(press, sent[press.key][0])
        for fan, had in bonus.items():
            spent = sum(p.coins for p in asked if p.fan is fan)
            assert had - fan.bonus == min(had, spent)
