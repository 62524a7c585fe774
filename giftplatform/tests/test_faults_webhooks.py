"""News that come ten times at once, in any order, forged, or never: one credit for one payment."""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

from django.db.models.functions import Now
from django.test import Client

from giftplatform.tests.proof import size
from giftplatform.tests.stripe_stage import (
    Life,
    agree,
    clearing_is_stripes_balance,
    finish,
    nobody_asks,
    orders,
    posted,
    stands_as_fetched,
    work,
    written,
)
from ledger.checks import run as check_books
from stripe_standin.deliveries import body_of, sign
from stripe_standin.server import Standin
from stripe_standin.store import Thing
from testing.costs import cpu_of
from testing.threads import together
from wallet import tasks
from wallet.models import ProviderMovement, Purchase, WebhookEvent
from wallet.purchases import settlement
from wallet.tests.stripe.stage import SECRETS, charge, coins_of, ring, stripe_site

Record = Callable[[str, object], None]
COPIES = 10
LONGEST_CPU_S = 0.05


def events(standin: Standin, kind: str) -> list[Thing]:
    """Return the events of a kind, the oldest first."""
    return [each for each in standin.store.all("event")[::-1] if each["type"] == kind]


def test_ten_copies_at_once_are_one_credit(committed: None, record_property: Record) -> None:
    """Ten lines bring the same news at the same moment, while a worker reads them."""
    number = size(12, 500)
    with stripe_site() as standin:
        for purchase in orders(number):
            standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
        bodies = [body_of(each) for each in events(standin, "checkout.session.completed")]

        def bring(line: int) -> list[int]:
            if line == COPIES:
                for _turn in range(number // 4):
                    work()
                return []
            client = Client()
            return [ring(client, body, sign(body, SECRETS)) for body in bodies]

        answers = together(bring, COPIES + 1)
        assert [set(each) for each in answers] == [{200}] * COPIES + [set()]
        assert WebhookEvent.objects.count() == number
        work()
        assert posted("purchase") == number
        finish()
        agree(standin)
    record_property("events, copies of each at once", (number, COPIES))
    record_property("webhooks answered", sum(map(len, answers)))
    record_property("kept, credited", (number, posted("purchase")))


KINDS = (
    "payment_intent.requires_action",
    "payment_intent.payment_failed",
    "charge.succeeded",
    "checkout.session.completed",
    "refund.created",
)


def test_five_kinds_of_news_in_every_order(db: None, record_property: Record) -> None:
    """All has happened at Stripe; whichever news is heard first, the end is what Stripe says."""
    every = list(permutations(range(len(KINDS))))
    tried = random.Random(1).sample(every, size(8, len(every)))
    heard = 0
    with stripe_site() as standin:
        client = Client()
        for ways, purchase in zip(tried, orders(len(tried)), strict=True):
            session = purchase.provider_reference
            standin.account.challenge(session)
            standin.account.decline(session)
            standin.account.pay(session, card=purchase.user.handle)
            standin.account.give_back(charge(standin, purchase), purchase.total_minor // 2, {})
            news = standin.store.all("event")[: len(KINDS)][::-1]
            assert tuple(each["type"] for each in news) == KINDS
            nobody_asks()
            for at in ways:
                body = body_of(news[at])
                assert ring(client, body, sign(body, SECRETS)) == 200
                work()
                # Untouched until somebody names it as we know it; then at once where Stripe is.
                purchase.refresh_from_db()
                assert purchase.state == "started" or stands_as_fetched(purchase)
                heard += 1
            assert stands_as_fetched(purchase), [KINDS[at] for at in ways]
        assert posted("purchase") == posted("refund") == len(tried)
        finish()
        agree(standin)
    record_property("orders of five kinds", len(tried))
    record_property("webhooks", heard)


class Postman:
    """Brings news late, in any order, and some twice."""

    def __init__(self, standin: Standin, client: Client, chance: random.Random) -> None:
        self.store = standin.store
        self.client = client
        self.chance = chance
        self.bag: list[Thing] = []
        self.seen = self.brought = 0

    def bring_some(self) -> None:
        happened = self.store.all("event")
        self.bag += happened[: len(happened) - self.seen]
        self.seen = len(happened)
        self.chance.shuffle(self.bag)
        half = [self.bag.pop() for _ in range(len(self.bag) // 2)]
        self._bring(half + half[:3])

    def bring_the_rest(self) -> None:
        self._bring(self.bag)

    def _bring(self, news: list[Thing]) -> None:
        for each in news:
            body = body_of(each)
            assert ring(self.client, body, sign(body, SECRETS)) == 200
        self.brought += len(news)


def test_whole_lives_whose_news_come_shuffled(db: None, record_property: Record) -> None:
    """Payers, banks and the dashboard do anything; their news come late, shuffled and twice."""
    number, chance = size(12, 200), random.Random(2)
    with stripe_site() as standin:
        shop = orders(number)
        lives = [Life(standin, purchase, chance) for purchase in shop]
        post = Postman(standin, Client(), chance)
        for _turn in range(7):
            for life in lives:
                if chance.random() < 0.8:
                    life.step()
            post.bring_some()
            work()
        post.bring_the_rest()
        # A payment's own name says nothing until it is paid: open orders ask by themselves.
        Purchase.objects.filter(state__in=Purchase.OPEN).update(due_at=Now())
        work()
        wrong = [purchase for purchase in shop if not stands_as_fetched(purchase)]
        assert not wrong, [(each.state, each.needs_attention) for each in wrong]
        ends = sorted(Purchase.objects.values_list("state", flat=True))
        refunds, disputes = (len(standin.store.all(kind)) for kind in ("refund", "dispute"))
        finish()
        agree(standin)
    record_property("purchases, webhooks", (number, post.brought))
    record_property("refunds, disputes", (refunds, disputes))
    for state in sorted(set(ends)):
        record_property(state, ends.count(state))


def signed(body: bytes, at: int | None = None) -> tuple[bytes, str]:
    return body, sign(body, SECRETS, at)


def hostile(told: Thing, number: int) -> dict[str, tuple[bytes, str]]:
    """Return webhooks about a real payment that must not be heard, another set for each number."""
    body = body_of(told)
    return {
        "forged": (body, sign(body, [f"whsec_forged{number}"])),
        "truncated": (body[: -1 - number * 7], sign(body, SECRETS)),
        "truncated, signed so": signed(body[: -1 - number * 7]),
        "stale": signed(body, told["created"] - 301 - number),
        "another account": signed(body_of(told | {"account": f"acct_{number}"})),
        "another mode": signed(body_of(told, livemode=True)),
        "a megabyte": signed(body[:-2] + b" " * 1_000_000 + b"%d}" % number),
    }


def test_what_is_not_stripes_news_changes_nothing_and_costs_little(
    db: None, record_property: Record
) -> None:
    times = size(4, 50)
    spent: dict[str, float] = {}
    with stripe_site() as standin:
        client = Client()
        [purchase] = orders(1)
        standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
        [told] = events(standin, "checkout.session.completed")
        before = written()
        for number in range(times):
            for name, (body, signature) in hostile(told, number).items():
                statuses: list[int] = []
                cost = cpu_of(
                    lambda body=body, signature=signature, statuses=statuses: statuses.append(
                        ring(client, body, signature)
                    ),
                    enough=LONGEST_CPU_S,
                )
                assert all(400 <= status < 500 for status in statuses), (name, statuses)
                assert cost < LONGEST_CPU_S, (name, cost)
                spent[name] = max(spent.get(name, 0), cost)
        work()
        assert written() == before
        # The same news as Stripe sends them are heard: nothing else was wrong with them.
        body = body_of(told)
        assert ring(client, body, sign(body, SECRETS)) == 200
        work()
        finish()
        agree(standin)
    record_property("of each kind", times)
    for name, cost in spent.items():
        record_property(f"{name}, most ms of CPU", round(cost * 1000, 1))


def test_no_webhook_comes(db: None, record_property: Record) -> None:
    """Everybody pays, no fan comes back: the poll finds them all."""
    number = size(20, 100)
    with stripe_site() as standin:
        for purchase in orders(number):
            standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
        assert settlement.poll(timedelta(hours=1)) == number
        work()
        assert WebhookEvent.objects.count() == 0
        assert posted("purchase") == number
        assert settlement.poll(timedelta(hours=1)) == 0
        finish()
        agree(standin)
    record_property("paid, credited by the poll", (number, posted("purchase")))


def tampered(chance: random.Random, purchase: Purchase) -> dict[str, Any]:
    """Return what somebody may have changed about a payment."""
    total = purchase.total_minor
    other = chance.choice([1, total - 1, total + 1, total * 100, chance.randrange(1, total)])
    return chance.choice(
        [
            {"amount": other, "amount_received": other},
            {"amount_received": other},
            {"currency": chance.choice(["usd", "jpy", "idr", "gbp"])},
            {"metadata": {"order": str(uuid.uuid4())}},
            {"metadata": {}},
        ]
    )


def test_payments_of_another_amount_currency_or_order(db: None, record_property: Record) -> None:
    """Nothing is credited, staff are told, and the money stands in the book as what it is."""
    number, chance = size(10, 50), random.Random(3)
    with stripe_site() as standin:
        client = Client()
        shop = orders(number)
        for purchase in shop:
            standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
            session = standin.account.session(purchase.provider_reference)
            intent = standin.account.intent_of(session)
            standin.account.change(intent, **tampered(chance, purchase))
        assert set(standin.deliveries.deliver(lambda *sent: ring(client, *sent))) == {200}
        work()
        assert set(Purchase.objects.values_list("state", flat=True)) == {"review"}
        assert Purchase.objects.filter(needs_attention="").count() == 0
        assert {coins_of(purchase.user) for purchase in shop} == {0}
        assert posted("purchase") == 0
        tasks.reconcile()
        left = ProviderMovement.objects.filter(booked_at=None)
        assert left.count() == number
        unbooked = sum(left.values_list("net_minor", flat=True))
        clearing_is_stripes_balance(standin, unbooked=unbooked)
        assert check_books() == []
    record_property("payments, credited, in review", (number, 0, number))
