"""Anything in any order: the ledger says after each step what the rows say, and at the end nothing
is frozen that no open dispute freezes.
"""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

import ledger
from accounts.models import Creator, User
from conftest import person
from foundation.errors import DomainError
from giftplatform.tests.proof import size
from gifts.clawback.follow import follow_disputes
from gifts.earnings.release import release_due
from gifts.models import Clawback, SentGift
from gifts.sending.services import undo_gift
from gifts.tests.clawback.stage import buyer, sent
from live.models import Stream
from live.streams.services import go_live
from wallet.coins import recognition
from wallet.models import DisputePolicy, Purchase, SandboxDispute, SandboxPayment
from wallet.providers.sandbox import disputes as bank
from wallet.purchases import settlement
from wallet.refunds import requests, sending
from wallet.tests import stage
from wallet.tests.disputes.stage import State, audit

pytestmark = pytest.mark.django_db
STEPS = 25


class Site:
    """Two fans, two creators, and what can happen to them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.fans = [buyer("frida"), buyer("grace")]
        self.streams = [self._on_air("bob"), self._on_air("gwen")]
        self.acts: list[Callable[[], object]] = [
            self.buy,
            self.send,
            self.send,
            self.send_long_ago,
            self.undo,
            self.complain,
            self.complain,
            self.decide,
            self.decide,
            self.withdraw_refund,
            self.hear,
            follow_disputes,
            release_due,
            recognition.recognise,
            sending.send_due,
            self.change_the_rules,
        ]

    def _on_air(self, handle: str) -> Stream:
        user = person(handle, is_creator=True)
        Creator.objects.create(user=user, trust=Creator.Trust.TRUSTED)
        return go_live(creator=user, title=handle)

    def step(self) -> None:
        """Let one thing happen; what is refused changed nothing."""
        with suppress(DomainError):
            self.chance.choice(self.acts)()

    @property
    def fan(self) -> User:
        return self.chance.choice(self.fans)

    def paid(self) -> Purchase | None:
        orders = list(Purchase.objects.filter(state="paid").order_by("pk"))
        return self.chance.choice(orders) if orders else None

    def buy(self) -> None:
        stage.paid(self.fan, self.chance.choice([60, 100, 333]))

    def send(self) -> None:
        sent(self.fan, self.chance.choice(self.streams), self.chance.randint(1, 3))

    def send_long_ago(self) -> None:
        sent(self.fan, self.chance.choice(self.streams), 1, days_ago=8)

    def undo(self) -> None:
        if gift := SentGift.objects.counted().order_by("-pk").first():
            undo_gift(fan=gift.fan, key=gift.public_id)

    def complain(self) -> None:
        if purchase := self.paid():
            total = purchase.total_minor
            amount = self.chance.choice([total, total, total // 3, total - 1])
            payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
            inquiry = self.chance.random() < 0.3
            bank.complain(payment, amount_minor=amount, inquiry=inquiry)
            if self.chance.random() < 0.7:
                settlement.inspect(purchase)

    def decide(self) -> None:
        theirs = list(SandboxDispute.objects.exclude(state__in=bank.ENDED).order_by("created_at"))
        if theirs:
            one = self.chance.choice(theirs)
            to = self.chance.choice([State.WON, State.LOST, State.UNDER_REVIEW])
            bank.move(one, to)
            if self.chance.random() < 0.7:
                self._hear_of(one)

    def withdraw_refund(self) -> None:
        if purchase := self.paid():
            requests.withdraw(purchase=purchase, key=uuid.uuid4())

    def hear(self) -> None:
        if purchase := self.paid():
            settlement.inspect(purchase)

    def change_the_rules(self) -> None:
        DisputePolicy.objects.update(
            bearer=self.chance.choice(DisputePolicy.Bearer.values),
            tax_back=self.chance.choice(DisputePolicy.TaxBack.values),
        )

    def _hear_of(self, theirs: SandboxDispute) -> None:
        settlement.inspect(Purchase.objects.get(provider_reference=str(theirs.payment_id)))


@pytest.mark.parametrize("seed", range(size(2, 60)))
def test_whatever_happens_the_ledger_says_what_the_rows_say(seed: int, db: None) -> None:
    site = Site(random.Random(seed))
    for _ in range(STEPS):
        site.step()
        audit()
    assert SandboxDispute.objects.exists()
    for theirs in SandboxDispute.objects.exclude(state__in=bank.ENDED):
        bank.move(theirs, site.chance.choice([State.WON, State.LOST]))
    for purchase in Purchase.objects.filter(state="paid"):
        settlement.inspect(purchase)
    follow_disputes()
    sending.send_due()
    recognition.recognise()
    audit()
    assert not Clawback.objects.filter(state="frozen").exists()
    assert not SentGift.objects.filter(frozen=True).exists()
    assert not Purchase.objects.filter(disputes__held_coins__gt=0).exists()
    assert ledger.balance("disputes_held", "EUR") == 0
    SentGift.objects.update(
        release_at=timezone.now() - timedelta(days=1), undo_until=F("created_at")
    )
    release_due()
    for stream in site.streams:
        assert ledger.balance("diamonds_held", "DIAMOND", stream.creator_id) == 0
