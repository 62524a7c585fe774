"""10,000 webhooks of 2,000 paid orders, worked off by one worker that asks the Stripe stand-in.

Five events tell of a payment, as Stripe's do of one by card. They lie in the inbox when the clock
starts; the worker runs the sweep that production's runs, until every order is credited. The
stand-in is a process of its own and answers over HTTP.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import psutil
from django.db import connection
from django.test import override_settings

from accounts.models import User
from benchmarks.plan import ROOT
from giftplatform.runtime.payments import STANDIN_KEY
from wallet import tasks
from wallet.models import Purchase, WebhookEvent
from wallet.providers.base import Notice
from wallet.providers.stripe.client import client
from wallet.purchases import buying, inbox

ORDERS = 2_000
KINDS = (
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "charge.updated",
)
COINS = 1_000
FORM = "application/x-www-form-urlencoded"
LONGEST_S = 600


@dataclass(frozen=True)
class Payment:
    """A paid order and the two names of its payment at Stripe."""

    order: int
    session: str
    intent: str


@dataclass(frozen=True)
class Result:
    """What was worked off, and in what time."""

    orders: int
    webhooks: int
    seconds: float
    cpu_s: float
    standin_cpu_s: float


def measured() -> Result:
    """Place and pay the orders, fill the inbox, work it off. Raises when an order is not paid."""
    with _standin() as (url, standin), override_settings(**_settings(url)):
        Purchase.objects.update(due_at=None)  # of the part before: nobody asks about those
        orders = _paid_orders(url)
        told = _fill_the_inbox(orders)
        began, cpu, their_cpu = time.perf_counter(), time.process_time(), _cpu_s(standin)
        while _left(orders):
            tasks.sweep()
            if time.perf_counter() - began > LONGEST_S:
                raise RuntimeError(f"{_left(orders)} orders are still not paid")
        took, used = time.perf_counter() - began, time.process_time() - cpu
        return Result(len(orders), told, took, used, _cpu_s(standin) - their_cpu)


def _cpu_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


@contextmanager
def _standin() -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "stripe_standin", "--port", str(port), "--key", STANDIN_KEY]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _settings(url: str) -> dict[str, object]:
    return {
        "PAYMENT_PROVIDERS": ["wallet.providers.stripe"],
        "STRIPE_SECRET_KEY": STANDIN_KEY,
        "STRIPE_WEBHOOK_SECRETS": ["whsec_standin"],
        "STRIPE_API_BASE": url,
        "STRIPE_FILES_BASE": url,
    }


def _paid_orders(url: str) -> list[Payment]:
    """Return payments of orders of as many fans, each approved on the stand-in's pay page."""
    fans = list(User.objects.filter(handle__startswith="fan_").order_by("-pk")[:ORDERS])
    pressed = {"pressed": "pay", "method": "card", "country": "DE"}

    def paid(fan: User, card: str) -> Payment:
        # A card of their own: one card of many fans is held for a person to look at.
        approved = urlencode(pressed | {"card": card})
        order = buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=COINS)
        buying.start(order)
        session = order.provider_reference
        page = http.client.HTTPConnection(urlsplit(url).netloc)
        page.request("POST", f"/pay/{session}", approved, {"Content-Type": FORM})
        page.getresponse().read()
        page.close()
        found = client().v1.checkout.sessions.retrieve(session)
        connection.close()
        return Payment(order.pk, session, str(found.payment_intent))

    with ThreadPoolExecutor(4) as hands:
        payments = list(hands.map(paid, fans, (f"{number:04}" for number in range(len(fans)))))
    print(f"{len(payments):,} orders placed and paid", flush=True)
    return payments


def _fill_the_inbox(payments: list[Payment]) -> int:
    """Put the news of each payment into the inbox, as the webhooks' page does; return how many."""
    news = []
    for kind in KINDS:
        for payment in payments:
            named = payment.session if kind.startswith("checkout.") else payment.intent
            event = f"evt_{uuid.uuid4().hex}"
            body = json.dumps({"id": event, "type": kind, "about": named}).encode()
            news.append((Notice(event, named), body))
    inbox.keep("stripe", news)
    return len(news)


def _left(payments: list[Payment]) -> int:
    """Return how much there is to do: orders to credit or to ask about, notices to read.

    Raises where an order waits for a person: no worker ends that.
    """
    ours = Purchase.objects.filter(pk__in=[payment.order for payment in payments])
    if held := ours.filter(state=Purchase.State.REVIEW).count():
        raise RuntimeError(f"{held} orders wait for a person")
    due = ours.exclude(state=Purchase.State.PAID, due_at=None).count()
    return due + WebhookEvent.objects.filter(processed_at=None).count()
