"""A shop of many fans that is paid through the stand-in, and what must be true of it afterwards."""

import random
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from ledger.checks import run as check_books
from stripe_standin.server import Standin
from stripe_standin.store import Thing
from wallet import tasks
from wallet.documents import issuing
from wallet.models import Dispute, ProviderMovement, Purchase, Refund, WebhookEvent
from wallet.providers.stripe.provider import provider
from wallet.purchases import inbox, settlement
from wallet.refunds import sending
from wallet.tests.stripe.stage import order, to

COINS = 100
PER_FAN = 25  # under the limit of a day, each an order of its own


def fan(number: int) -> User:
    """Return a person who has been here for long."""
    return person(f"fan{number}", date_joined=timezone.now() - timedelta(days=400))


def orders(number: int) -> list[Purchase]:
    """Return so many orders whose sessions are open and about which only news make us ask."""
    made = []
    for turn in range(number):
        if turn % PER_FAN == 0:
            buyer = fan(turn // PER_FAN)
        made.append(order(buyer, COINS + turn % PER_FAN))
    nobody_asks()
    return made


def nobody_asks() -> None:
    """Let no order be due by itself: only what happens next makes one due."""
    Purchase.objects.update(due_at=None)


def work() -> None:
    """Let a worker do all that is due now, a few rows at a time."""
    while inbox.read() >= inbox.BATCH:
        pass
    while settlement.sweep():
        pass


def everything_due() -> None:
    """Let it be time for all that is put off."""
    for rows in (Purchase.objects.all(), Refund.objects.all()):
        rows.exclude(due_at=None).update(due_at=Now() - timedelta(seconds=1))


def finish() -> None:
    """Let everything come to its end: refunds, polls, the book; without a webhook."""
    for _turn in range(3):
        settlement.poll(timedelta(hours=1))
        inbox.ask_for_missed(timedelta(hours=1))
        everything_due()
        work()
        while sending.send_due():
            pass
        tasks.reconcile()
    issuing.issue_due()  # the audit gives a receipt half an hour


def hear(standin: Standin, client: Client, **how: Any) -> set[int]:
    """Deliver the webhooks that are due, and return what was answered."""
    return set(standin.deliveries.deliver(to(client), **how))


def stands_as_fetched(purchase: Purchase) -> bool:
    """Return whether an order, its refunds and its disputes stand where Stripe says."""
    purchase.refresh_from_db()
    payment = provider.fetch(purchase.provider_reference)
    # What Stripe refused it has not, and we keep as failed, without a reference.
    asked = purchase.refunds.exclude(provider_reference="")
    refunds = dict(asked.values_list("provider_reference", "state"))
    disputes = dict(purchase.disputes.values_list("provider_reference", "state"))
    return (
        purchase.state == settlement.STATE[payment.status]
        and refunds == {each.reference: each.status.value for each in payment.refunds}
        and disputes == {each.reference: each.status.value for each in payment.disputes}
    )


def agree(standin: Standin) -> None:
    """Hold the site against Stripe: one credit for each paid session, clearing to the cent."""
    paid = {
        session["client_reference_id"]
        for session in standin.store.all("checkout.session")
        if session["payment_status"] == "paid"
    }
    ours = Purchase.objects.filter(state=Purchase.State.PAID)
    assert {str(one) for one in ours.values_list("public_id", flat=True)} == paid
    assert posted("purchase") == len(paid)
    clearing_is_stripes_balance(standin)
    assert not ProviderMovement.objects.filter(booked_at=None).exists()
    assert not ours.filter(coins__lt=F("held_coins") + F("returned_coins")).exists(), (
        "no order gives more coins back than it had"
    )
    assert not (breaches := check_books()), [str(one) for one in breaches[:5]]


def clearing_is_stripes_balance(standin: Standin, *, unbooked: int = 0) -> None:
    """Compare in each currency, to the cent; `unbooked` is what no order of ours explains."""
    held = {c.upper(): minor for c, minor in standin.account.balances().items()}
    kept = {currency: ledger.balance("clearing:stripe", currency) + unbooked for currency in held}
    assert kept == held


def posted(kind: str) -> int:
    """Return how many postings of a kind there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_posting WHERE kind = %s", [kind])
        return int(cursor.fetchone()[0])


def written() -> tuple[Any, ...]:
    """Return all that news could change, to compare."""
    return (
        list(Purchase.objects.order_by("pk").values()),
        list(Refund.objects.order_by("pk").values()),
        list(Dispute.objects.order_by("pk").values()),
        WebhookEvent.objects.count(),
        posted("purchase"),
    )


class Life:
    """What a payer, their bank and the dashboard do to one session, by chance."""

    def __init__(self, standin: Standin, purchase: Purchase, chance: random.Random) -> None:
        self.account = standin.account
        self.store = standin.store
        self.session = purchase.provider_reference
        self.card = purchase.user.handle
        self.chance = chance

    def step(self) -> None:
        """Let one thing happen that can happen now."""
        session = self.account.session(self.session)
        intent = self.store.get(session["payment_intent"] or "") or {}
        if session["status"] == "open":
            self.chance.choice([self.pay, self.pay, self.decline, self.challenge, self.later])()
        elif intent.get("status") == "processing":
            self.chance.choice([self.arrive, self.arrive, self.fail])()
        elif charge := self.account.charge_of(intent) if intent else None:
            self._money_back(charge)

    def pay(self) -> None:
        self.account.pay(self.session, card=self.card)

    def decline(self) -> None:
        self.account.decline(self.session)

    def challenge(self) -> None:
        self.account.challenge(self.session)

    def later(self) -> None:
        self.account.pay_later(self.session)

    def arrive(self) -> None:
        self.account.arrive(self.session, card=self.card)

    def fail(self) -> None:
        self.account.fail_later(self.session)

    def _money_back(self, charge: Thing) -> None:
        mine = [d for d in self.store.all("dispute") if d["charge"] == charge["id"]]
        open_ones = [d for d in mine if d["status"] not in {"won", "lost", "warning_closed"}]
        left = charge["amount"] - charge["amount_refunded"]
        if open_ones:
            self.account.close_dispute(open_ones[0], won=self.chance.random() < 0.5)
        elif mine:
            return
        elif left and self.chance.random() < 0.5:
            self.account.give_back(charge, self.chance.randint(1, left), {})
        else:
            self.account.open_dispute(charge, inquiry=self.chance.random() < 0.3)
