"""Purchases move on by themselves: sweep, inbox, poll, the sandbox's clock."""

import json
import threading
import time
import uuid
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import User
from foundation import due_rows
from wallet import tasks
from wallet.models import Purchase, SandboxNotice, SandboxPayment, WebhookEvent
from wallet.providers.base import BadSignature, ProviderPayment, Unreachable
from wallet.providers.sandbox import clockwork
from wallet.providers.sandbox.provider import SIGNATURE_HEADER, provider, sign
from wallet.purchases import asking, buying, inbox, settlement
from wallet.tests.stage import order, press

pytestmark = pytest.mark.django_db
State = Purchase.State
Theirs = SandboxPayment.State


def make_due(purchase: Purchase) -> None:
    Purchase.objects.filter(pk=purchase.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def notice_of(purchase: Purchase) -> bytes:
    told = {"id": str(uuid.uuid4()), "payment": purchase.provider_reference}
    return json.dumps(told).encode()


def ring(client: Client, body: bytes, *, at: int | None = None, signature: str = "") -> int:
    header = signature or sign(body, at or int(time.time()))
    return client.post(
        "/webhooks/sandbox/",
        body,
        content_type="application/json",
        headers={SIGNATURE_HEADER: header},
    ).status_code


def test_the_sweep_finds_a_payment_that_no_webhook_told(carol: User) -> None:
    purchase = order(carol)
    press(purchase, Theirs.SUCCEEDED)
    assert settlement.sweep() == 0  # not due yet
    make_due(purchase)
    assert settlement.sweep() == 1
    purchase.refresh_from_db()
    assert (purchase.state, purchase.due_at) == (State.PAID, None)


def test_the_sweep_opens_the_payment_of_an_order_whose_start_died(carol: User) -> None:
    purchase = buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=100)
    make_due(purchase)
    settlement.sweep()
    purchase.refresh_from_db()
    assert purchase.state == State.STARTED
    assert purchase.provider_reference


def test_an_order_nobody_pays_ends_after_a_day(carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(created_at=timezone.now() - timedelta(hours=25))
    make_due(purchase)
    settlement.sweep()
    purchase.refresh_from_db()
    assert (purchase.state, purchase.due_at) == (State.EXPIRED, None)


def test_money_on_its_way_does_not_end_after_a_day(carol: User) -> None:
    purchase = order(carol)
    press(purchase, Theirs.PROCESSING)
    settlement.inspect(purchase)
    Purchase.objects.update(created_at=timezone.now() - timedelta(days=8))
    make_due(purchase)
    settlement.sweep()
    purchase.refresh_from_db()
    assert purchase.state == State.PENDING
    assert purchase.needs_attention == "The payment has been pending for a week."


def test_a_provider_that_does_not_answer_is_asked_later_and_staff_are_told(carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(provider_reference=str(uuid.uuid4()))
    for _ in range(due_rows.TROUBLE_AFTER):
        make_due(purchase)
        settlement.sweep()
        purchase.refresh_from_db()
        assert purchase.state == State.STARTED
        assert purchase.due_at is not None and purchase.due_at > timezone.now()
    assert purchase.needs_attention.startswith("Unreachable")


def test_one_broken_order_does_not_stop_the_others(carol: User, alice: User) -> None:
    broken, fine = order(carol), order(alice)
    Purchase.objects.filter(pk=broken.pk).update(provider="gone")
    press(fine, Theirs.SUCCEEDED)
    make_due(broken)
    make_due(fine)
    assert settlement.sweep() == 2
    fine.refresh_from_db()
    assert fine.state == State.PAID


def test_the_lease_keeps_a_second_worker_away(carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    purchase = order(carol)
    make_due(purchase)
    seen: list[int] = []

    real = asking.ask

    def ask(claimed: Purchase) -> ProviderPayment:
        seen.append(settlement.sweep())  # a second worker, while the first one asks the provider
        return real(claimed)

    monkeypatch.setattr(asking, "ask", ask)
    assert settlement.sweep() == 1
    assert seen == [0]


def test_a_webhook_makes_the_order_due_and_credits_nothing_itself(
    carol: User, client: Client
) -> None:
    purchase = order(carol)
    press(purchase, Theirs.SUCCEEDED)
    body = notice_of(purchase)
    assert [ring(client, body), ring(client, body)] == [200, 200]
    assert WebhookEvent.objects.count() == 1
    assert ledger.balance("coins", "COIN", carol.pk) == 0
    inbox.read()
    settlement.sweep()
    assert ledger.balance("coins", "COIN", carol.pk) == 1_000
    assert WebhookEvent.objects.get().outcome == "inspected"


def test_a_notice_that_came_before_the_provider_was_asked_is_no_reason_to_ask_again(
    carol: User, client: Client
) -> None:
    purchase = order(carol)
    press(purchase, Theirs.SUCCEEDED)
    assert ring(client, notice_of(purchase)) == 200
    make_due(purchase)
    settlement.sweep()
    inbox.read()
    purchase.refresh_from_db()
    assert (purchase.state, purchase.due_at) == (State.PAID, None)
    assert WebhookEvent.objects.get().outcome == "inspected"

    assert ring(client, notice_of(purchase)) == 200  # the next one came after that
    inbox.read()
    purchase.refresh_from_db()
    assert purchase.due_at is not None


def test_one_sweep_works_off_more_than_a_batch(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlement, "BATCH", 2)
    orders = [order(carol, 100 + number) for number in range(5)]
    for purchase in orders:
        press(purchase, Theirs.SUCCEEDED)
        make_due(purchase)
    tasks.sweep()
    assert set(carol.purchases.values_list("state", flat=True)) == {State.PAID}


def test_a_forged_webhook_that_claims_a_payment_changes_nothing(
    carol: User, client: Client
) -> None:
    purchase = order(carol)
    assert ring(client, notice_of(purchase)) == 200  # signed, but the provider knows of no payment
    inbox.read()
    settlement.sweep()
    purchase.refresh_from_db()
    assert purchase.state == State.STARTED
    assert ledger.balance("coins", "COIN", carol.pk) == 0


def test_who_does_not_sign_is_not_heard(carol: User, client: Client) -> None:
    body = notice_of(order(carol))
    now = int(time.time())
    good = sign(body, now)
    for signature in (
        "nothing",
        "t=1,v1=",
        f"t={now}",
        good[:-1] + ("0" if good[-1] != "0" else "1"),
    ):
        assert ring(client, body, signature=signature) == 400
    assert ring(client, body + b" ", signature=good) == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("seconds", [-310, 330])
def test_old_and_early_webhooks_are_not_heard(carol: User, client: Client, seconds: int) -> None:
    body = notice_of(order(carol))
    assert ring(client, body, at=int(time.time()) + seconds) == 400
    assert ring(client, body, at=int(time.time()) + seconds // 2) == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id": "x", "payment": "y"}']
)
def test_signed_nonsense_is_refused(client: Client, body: bytes) -> None:
    assert ring(client, body) == 400


def test_webhooks_have_a_size_and_a_provider(client: Client) -> None:
    assert ring(client, b"x" * 256_001) == 413
    assert client.post("/webhooks/nobody/").status_code == 404
    assert client.get("/webhooks/sandbox/").status_code == 405


def test_a_webhook_faster_than_our_own_note_is_kept(carol: User) -> None:
    WebhookEvent.objects.create(provider="sandbox", event_id="e", reference="early", body=b"")
    inbox.read()
    assert WebhookEvent.objects.get().processed_at is None
    Purchase.objects.filter(pk=order(carol).pk).update(provider_reference="early")
    inbox.read()
    assert WebhookEvent.objects.get().outcome == "inspected"


def test_a_webhook_about_nothing_of_ours_is_filed_after_an_hour() -> None:
    WebhookEvent.objects.create(provider="sandbox", event_id="e", reference="who", body=b"")
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(hours=2))
    inbox.read()
    assert WebhookEvent.objects.get().outcome == "no such order"


def test_the_poll_finds_a_late_capture_that_no_webhook_told(carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(state=State.DECLINED, due_at=None)
    press(purchase, Theirs.SUCCEEDED)
    assert settlement.poll(timedelta(hours=1)) == 1
    settlement.sweep()
    purchase.refresh_from_db()
    assert purchase.state == State.PAID
    assert settlement.poll(timedelta(hours=1)) == 0


def test_a_slow_payment_settles_when_its_time_has_come(carol: User) -> None:
    purchase = order(carol)
    payment = SandboxPayment.objects.get()
    payment.move(Theirs.PROCESSING, settles_at=timezone.now() + timedelta(seconds=10))
    assert clockwork.settle_slow_payments() == 0
    SandboxPayment.objects.update(settles_at=timezone.now())
    assert clockwork.settle_slow_payments() == 1
    assert settlement.inspect(purchase).state == State.PAID


def test_the_sandbox_posts_signed_webhooks_until_it_hears_200(
    carol: User, settings: object, client: Client
) -> None:
    heard: list[tuple[bytes, str]] = []
    answers = [500, 200]

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((body, self.headers[SIGNATURE_HEADER]))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PUBLIC_URL = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]  # pytest-django's fixture
    press(order(carol), Theirs.SUCCEEDED)
    SandboxNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert clockwork.deliver_notices() == 0
    notice = SandboxNotice.objects.get()
    assert notice.attempts == 1 and notice.due_at > timezone.now()
    SandboxNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert clockwork.deliver_notices() == 1
    assert clockwork.deliver_notices() == 0
    server.shutdown()
    body, signature = heard[-1]
    assert provider.verify({SIGNATURE_HEADER: signature}, body).event_id == str(notice.pk)
    assert ring(client, body, signature=signature) == 200


def test_nobody_at_the_other_end_is_no_accident(carol: User, settings: object) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # pytest-django's fixture
    press(order(carol), Theirs.SUCCEEDED)
    SandboxNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    assert ledger.balance("coins", "COIN", carol.pk) in (0, 1_000)
    make_due(Purchase.objects.get())
    tasks.sweep()
    assert ledger.balance("coins", "COIN", carol.pk) == 1_000


def test_the_provider_does_not_know_every_reference() -> None:
    with pytest.raises(Unreachable):
        provider.fetch(str(uuid.uuid4()))
    with pytest.raises(BadSignature):
        provider.verify({}, b"")


@pytest.mark.parametrize("page", ["sandbox_pay", "sandbox_bank"])
def test_the_sandbox_does_not_exist_in_live_mode(
    carol: User, client: Client, settings: object, page: str
) -> None:
    address = reverse(f"wallet:{page}", args=[order(carol).provider_reference])
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's fixture
    assert client.get(address).status_code == 404
    assert client.post(address, {"pressed": "approve"}).status_code == 404
    assert SandboxPayment.objects.get().state == Theirs.OPEN


def unread(reference: str) -> WebhookEvent:
    return WebhookEvent.objects.create(
        provider="sandbox", event_id=str(uuid.uuid4()), reference=reference, body=b""
    )


def test_notices_of_orders_nobody_knows_do_not_keep_the_others_waiting(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlement, "BATCH", 1)
    unread(str(uuid.uuid4()))
    known = unread(order(carol).provider_reference)
    for _ in range(2):
        inbox.read()
    known.refresh_from_db()
    assert known.outcome == "inspected"
