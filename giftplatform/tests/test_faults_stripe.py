"""Stripe misbehaves while fans buy: every fault by chance, webhooks lost, doubled, late, shuffled.

In the end each paid order is credited once, each unpaid one not at all, and the book of Stripe is
ours to the cent.
"""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from giftplatform.tests.proof import size
from ledger.checks import run as check_books
from stripe_standin.deliveries import body_of, sign
from stripe_standin.faults import Kind
from stripe_standin.server import Standin
from wallet import tasks
from wallet.models import ProviderMovement, Purchase, WebhookEvent
from wallet.providers.base import Unreachable
from wallet.providers.stripe import client
from wallet.purchases import buying, inbox, settlement
from wallet.tests.stripe.stage import SECRETS, ring, stripe_site, to

pytestmark = pytest.mark.django_db
State = Purchase.State
ORDERS = size(20, 300)
COINS = 100
PER_FAN = 40
MISFORTUNES = [Kind.ERROR_500, Kind.ERROR_429, Kind.DROP_BEFORE, Kind.DROP_AFTER]


class Site:
    """A site that buys through a stand-in which fails one request in `one_in`."""

    def __init__(self, standin: Standin, seed: int, one_in: int = 3) -> None:
        self.standin = standin
        self.chance = random.Random(seed)
        self.one_in = one_in
        self.client = Client()
        self.seen: Counter[str] = Counter()

    def misfortune(self) -> None:
        """Let something happen to the next request, or nothing."""
        if self.chance.randrange(self.one_in) == 0:
            kind = self.chance.choice(MISFORTUNES)
            self.seen[kind.value] += 1
            self.standin.faults.order(kind, times=self.chance.choice([1, 1, client.RETRIES + 1]))

    def order(self, fan: User) -> Purchase:
        """Place an order; whether its session was opened is left to chance and to the sweep."""
        # One open order per basket: each is of a basket of its own.
        coins = COINS + fan.purchases.count()
        purchase = buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=coins)
        self.misfortune()
        try:
            buying.start(purchase)
        except Unreachable:
            self.seen["start unreachable"] += 1
        return purchase

    def payer(self, session: str) -> None:
        """Let a payer do anything."""
        account = self.standin.account
        # Each fan pays with a card of their own: a shared one would be held.
        ordered = Purchase.objects.select_related("user")
        card = ordered.get(public_id=account.session(session)["client_reference_id"]).user.handle
        match self.chance.randrange(6):
            case 0:
                account.decline(session)
            case 1:
                account.challenge(session)
            case 2:
                account.pay_later(session)
                account.arrive(session, card=card)
            case 3:
                account.pay_later(session)
                account.fail_later(session)
            case _:
                account.pay(session, card=card)

    def news(self) -> None:
        """Deliver webhooks badly, a forged one among them."""
        if self.chance.randrange(3) == 0:
            self.standin.store.rows.execute("UPDATE delivery SET heard = 1")
            self.seen["webhooks lost"] += 1
            return
        copies = self.chance.choice([1, 2, 10])
        self.standin.deliveries.deliver(to(self.client), copies=copies, shuffled=True)
        self.seen["webhooks delivered"] += copies
        if told := self.standin.store.all("event")[:1]:
            body = body_of(told[0])
            assert ring(self.client, body, sign(body, ["whsec_forged"])) == 400
            assert ring(self.client, body[:-9], sign(body, SECRETS)) == 400
            assert ring(self.client, body, sign(body, SECRETS, 1)) == 400

    def work(self) -> None:
        """Let the workers run, with everything due."""
        self.misfortune()
        Purchase.objects.exclude(due_at=None).update(due_at=timezone.now() - timedelta(seconds=1))
        inbox.read()
        settlement.sweep()


@pytest.mark.parametrize("seed", range(size(1, 4)))
def test_every_paid_order_is_credited_once_whatever_happens(
    db: None, seed: int, record_property: Callable[[str, object], None]
) -> None:
    with stripe_site() as standin:
        site = Site(standin, seed)
        joined = timezone.now() - timedelta(days=400)
        fans = [
            person(f"fan{number}", date_joined=joined) for number in range(-(-ORDERS // PER_FAN))
        ]
        paying: set[str] = set()
        for number in range(ORDERS):
            site.order(fans[number % len(fans)])
            for session in standin.store.all("checkout.session"):
                if session["id"] not in paying and site.chance.randrange(2):
                    paying.add(session["id"])
                    site.payer(session["id"])
            if number % 5 == 0:
                site.news()
                site.work()
        standin.faults.clear()
        settled(site)
        agree(standin, fans)
        record_property("orders", ORDERS)
        for told in (site.seen, states()):
            for name, count in sorted(told.items()):
                record_property(name, count)


def settled(site: Site) -> None:
    """Let everything end without a single webhook: sweeps, polls, the provider's book."""
    site.one_in = 10**9
    for _ in range(4):
        settlement.poll(timedelta(hours=1))
        for _ in range(1 + ORDERS // settlement.BATCH):
            site.work()
        tasks.reconcile()


def states() -> dict[str, int]:
    return dict(Counter(Purchase.objects.values_list("state", flat=True)))


def agree(standin: Standin, fans: list[User]) -> None:
    """Hold the site against what Stripe knows."""
    sessions = standin.store.all("checkout.session")
    orders = [session["client_reference_id"] for session in sessions]
    assert len(orders) == len(set(orders)) == ORDERS, "an order has one session however often asked"
    paid = {s["client_reference_id"] for s in sessions if s["payment_status"] == "paid"}
    ours = Purchase.objects.filter(state=State.PAID).values_list("public_id", flat=True)
    assert {str(one) for one in ours} == paid
    bought = Purchase.objects.filter(public_id__in=paid).aggregate(Sum("coins"))["coins__sum"]
    assert sum(ledger.balance("coins", "COIN", fan.pk) for fan in fans) == bought
    assert not Purchase.objects.filter(state=State.REVIEW).exists()
    held = ledger.balance("clearing:stripe", "EUR")
    assert held == standin.account.balances().get("eur", 0)
    assert not ProviderMovement.objects.filter(booked_at=None).exists()
    events = WebhookEvent.objects.values_list("event_id", flat=True)
    assert len(events) == len(set(events))
    assert check_books() == []
