"""A shop paid through the stand-in: its database loses its power under load, its queue is gone."""

import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import redis

from giftplatform.tests.proof import size
from giftplatform.tests.running import PATIENCE_S, RunningSite, wait_until
from stripe_standin.deliveries import body_of, sign
from stripe_standin.objects import event
from stripe_standin.server import Standin
from testing.ports import free_port

Record = Callable[[str, object], None]
SECRET = "whsec_present"
PER_FAN = 20
HANDS = 6
FANS = """
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from conftest import api_key, person
result = []
for number in range(given["fans"]):
    fan = person(given["name"] + str(number), date_joined=timezone.now() - timedelta(days=400))
    browser = Client()
    browser.force_login(fan)
    result.append([api_key(fan), browser.cookies["sessionid"].value])
"""
FINISH = """
from datetime import timedelta
from wallet import tasks
from wallet.purchases import settlement
settlement.poll(timedelta(hours=1))
while settlement.sweep():
    pass
tasks.reconcile()
"""
COUNTS = """
SELECT count(*), count(*) FILTER (WHERE state = 'paid'),
       (SELECT count(*) FROM ledger_posting p WHERE p.key IN (
            SELECT 'purchase:' || public_id FROM wallet_purchase WHERE provider = 'stripe'))
FROM wallet_purchase WHERE provider = 'stripe' AND user_id IN (
    SELECT id FROM accounts_user WHERE handle LIKE %s)
"""
CLEARING = (
    "SELECT -ledger_balance(id) FROM ledger_account WHERE (kind, unit) = ('clearing:stripe', 'EUR')"
)


@pytest.fixture(scope="module")
def standin(site: RunningSite) -> Iterator[Standin]:
    """The stand-in, which pays whoever opens a session, and tells the site."""
    standin = Standin(
        secrets=[SECRET], webhooks=f"http://localhost:{site.port}/webhooks/stripe/"
    ).start()
    threading.Thread(target=standin.work, daemon=True).start()
    yield standin
    standin.stop()


@contextmanager
def paid_through(site: RunningSite, standin: Standin, **more: str) -> Iterator[None]:
    """Let the processes that start meanwhile be paid through the stand-in."""
    before = site.environment
    site.environment = before | {
        "PAYMENT_PROVIDERS": "stripe,sandbox",
        "STRIPE_SECRET_KEY": standin.key,
        "STRIPE_WEBHOOK_SECRETS": SECRET,
        "STRIPE_API_BASE": standin.url,
        "STRIPE_CHECKOUT_ORIGIN": standin.url,
        **more,
    }
    site.forget_shell()
    yield
    site.forget_shell()
    site.environment = before


class Buyer:
    """A fan's device: it orders until it hears that the order is there."""

    def __init__(self, site: RunningSite, token: str) -> None:
        self.site = site
        self.token = token
        self.cut_off = 0

    def ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://localhost:{self.site.port}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def buy(self, coins: int) -> str:
        """Order with one key until the payment is open; return the order's id."""
        wish = {"key": str(uuid.uuid4()), "method": "card", "coins": coins}
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = self.ask("POST", "purchases/", wish)
                if answer["pay_url"] or answer["captured_at"]:
                    return str(answer["public_id"])
            except urllib.error.HTTPError as refused:
                assert refused.code >= 500, refused.read()
                self.cut_off += 1
            except (OSError, HTTPException, ValueError):
                self.cut_off += 1
            time.sleep(0.05)
        raise AssertionError("The order was never placed.")


def session_of(standin: Standin, order: str) -> str:
    """Return the name of an order's session: there is one, however often it was asked for."""
    ours = [
        session["id"]
        for session in standin.store.all("checkout.session")
        if session["client_reference_id"] == order
    ]
    assert len(ours) == 1
    return str(ours[0])


def test_postgresql_loses_its_power_while_coins_are_bought(
    site: RunningSite, standin: Standin, record_property: Record
) -> None:
    orders, stops = size(30, 400), size(2, 10)
    with paid_through(site, standin):
        fans = site.python(FANS, name="shopper", fans=-(-orders // PER_FAN))
        buyers = [Buyer(site, token) for token, _session in fans]
        web, worker = site.start_web(), site.start_worker()
        placed: list[str] = []

        def buy_and_pay(number: int) -> None:
            order = buyers[number // PER_FAN].buy(100 + number % PER_FAN)
            # Each fan has a card of their own: a shared one would be held.
            card = f"card of {number // PER_FAN}"
            standin.account.pay(session_of(standin, order), card=card)
            placed.append(order)

        with ThreadPoolExecutor(HANDS) as crowd:
            buying = [crowd.submit(buy_and_pay, number) for number in range(orders)]
            for stop in range(1, stops + 1):
                wait_until(
                    lambda stop=stop: len(placed) >= stop * orders // (stops + 1),  # type: ignore[misc]  # pins it
                    "orders stand still",
                )
                site.crash_database()
            for each in buying:
                each.result()
        # What was under way when it broke waits for its lease; it need not, here.
        site.sql("UPDATE wallet_purchase SET due_at = now() WHERE due_at IS NOT NULL")
        wait_until(
            lambda: site.sql(COUNTS, "shopper%")[0][1] == orders, "paid orders were not credited"
        )
        site.kill(worker)
        site.kill(web)
        site.python(FINISH)
        assert site.sql(COUNTS, "shopper%") == [(orders, orders, orders)]
        assert site.sql(CLEARING) == [(standin.account.balances()["eur"],)]
        assert site.ledger_balances()
    record_property("restarts, orders, credited once", (stops, orders, orders))
    record_property("presses cut off", sum(buyer.cut_off for buyer in buyers))


class Queue:
    """A Redis at one address that is there, gone, or silent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self.deaf: socket.socket | None = None

    def start(self) -> None:
        if self.deaf:
            self.deaf.close()
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_until(self.answers, "Redis does not start")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def fall_silent(self) -> None:
        """Take connections and say nothing."""
        self.deaf = socket.create_server(("127.0.0.1", self.port), backlog=128)


def seconds(act: Callable[[], object]) -> float:
    """Return the least of three tries: a busy machine makes one look slow."""
    found = []
    for _try in range(3):
        began = time.monotonic()
        act()
        found.append(time.monotonic() - began)
    return min(found)


class Pages:
    """Pages that wake a worker, as a fan and Stripe open them."""

    def __init__(self, site: RunningSite, standin: Standin, fan: tuple[str, str]) -> None:
        self.at = f"http://localhost:{site.port}"
        self.standin = standin
        self.buyer = Buyer(site, fan[0])
        self.session = fan[1]
        self.order = self.buyer.buy(500)

    def order_page(self) -> None:
        cookie = {"Cookie": f"sessionid={self.session}"}
        self._open(urllib.request.Request(f"{self.at}/orders/{self.order}/", headers=cookie))

    def order_of_the_api(self) -> None:
        assert self.buyer.ask("GET", f"purchases/{self.order}/")["public_id"] == self.order

    def webhook(self) -> None:
        session = self.standin.account.session(session_of(self.standin, self.order))
        body = body_of(event("checkout.session.completed", session))
        headers = {"Stripe-Signature": sign(body, [SECRET]), "Content-Type": "application/json"}
        self._open(urllib.request.Request(f"{self.at}/webhooks/stripe/", body, headers))

    def _open(self, request: urllib.request.Request) -> None:
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200
            assert answer.url == request.full_url

    def slowest(self) -> float:
        return max(map(seconds, (self.webhook, self.order_page, self.order_of_the_api)))


def test_pages_do_not_wait_for_a_queue_that_is_gone_or_silent(
    site: RunningSite, standin: Standin, tmp_path: Path, record_property: Record
) -> None:
    """What was paid meanwhile is credited by the sweep that comes when the queue is back."""
    queue = Queue(tmp_path)
    queue.start()
    with paid_through(site, standin, REDIS_URL=queue.url):
        [fan] = site.python(FANS, name="waiter", fans=1)
        web, worker = site.start_web(), site.start_worker()
        pages = Pages(site, standin, fan)
        record_property("slowest page with the queue, s", round(pages.slowest(), 2))
        queue.kill()
        gone = pages.slowest()
        queue.fall_silent()
        silent = pages.slowest()
        record_property("queue gone, silent, s", (round(gone, 2), round(silent, 2)))
        assert max(gone, silent) < 1
        standin.account.pay(session_of(standin, pages.order))
        pages.webhook()
        assert site.sql(COUNTS, "waiter%")[0][1] == 0
        queue.start()
        began = time.monotonic()
        wait_until(lambda: site.sql(COUNTS, "waiter%")[0][1] == 1, "the paid order waits")
        record_property("credited after the queue was back, s", round(time.monotonic() - began, 1))
        site.kill(worker)
        site.kill(web)
        site.python(FINISH)
        assert site.sql(CLEARING) == [(standin.account.balances()["eur"],)]
        assert site.ledger_balances()
    queue.kill()
