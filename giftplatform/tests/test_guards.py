"""The last line: the database itself refuses what must never be."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import give_coins
from foundation.errors import WrongState
from gifts.earnings.release import release_due
from gifts.models import SentGift
from gifts.sending.services import send_gift
from ledger.models import Account, Transfer
from live.models import Stream
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import Batch, Payout
from payouts.requests import services
from wallet.models import Purchase, SandboxPayment, WebhookEvent
from wallet.purchases import buying, settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(carol: User) -> Purchase:
    return buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=1_000)


@pytest.fixture
def payout(alice: User, bob: User, stream: Stream) -> Payout:
    """A payout of Bob's, from gifts that were released."""
    for _ in range(2):
        sent = timezone.now() - timedelta(days=8)
        key = uuid.uuid4()
        gift = "clockwork-fox"
        send_gift(fan=alice, stream=stream, gift=gift, key=key, confirmed=True, sent_at=sent)
    release_due()
    bank_accounts.add_method(creator=bob, holder="Bob", iban="DE89370400440532013000")
    return services.request_payout(creator=bob, diamonds=1_500, key=uuid.uuid4())


def copy(row: Model, **changes: Any) -> None:
    """Write the same row once more, with these columns changed, past every service."""
    columns = [str(f.column) for f in row._meta.concrete_fields if not f.primary_key]
    values = ", ".join(f"%({name})s" if name in changes else name for name in columns)
    table = row._meta.db_table
    text = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{text} WHERE id = %(pk)s", {**changes, "pk": row.pk})


def fresh() -> dict[str, Any]:
    return {"public_id": uuid.uuid4()}


def test_one_order_per_key(order: Purchase) -> None:
    copy(order, **fresh(), key=uuid.uuid4(), coins=999)
    with pytest.raises(DatabaseError, match="one_purchase_per_key"):
        copy(order, **fresh(), coins=998)


def test_one_order_per_payment(order: Purchase) -> None:
    buying.start(order)
    with pytest.raises(DatabaseError, match="one_purchase_per_provider_reference"):
        copy(order, **fresh(), key=uuid.uuid4(), coins=999)


def test_coins_are_captured_when_paid_and_only_then(order: Purchase) -> None:
    with pytest.raises(DatabaseError, match="purchase_paid_means_captured"), transaction.atomic():
        Purchase.objects.update(state=Purchase.State.PAID)
    with pytest.raises(DatabaseError, match="purchase_paid_means_captured"), transaction.atomic():
        Purchase.objects.update(captured_at=timezone.now())


def test_one_row_per_webhook(db: None) -> None:
    event = WebhookEvent.objects.create(provider="sandbox", event_id="e1", body=b"{}")
    copy(event, event_id="e2")
    with pytest.raises(DatabaseError, match="one_webhook_per_event"):
        copy(event)


def test_one_payout_per_key(payout: Payout) -> None:
    copy(payout, **fresh(), key=uuid.uuid4())
    with pytest.raises(DatabaseError, match="one_payout_per_key"):
        copy(payout, **fresh())


def test_nobody_builds_and_approves(payout: Payout, dana: User) -> None:
    Payout.objects.update(state=Payout.State.READY)
    batch = bank_files.build_batch(by=dana)
    with pytest.raises(DatabaseError, match="batch_needs_two_people"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(approved_by=dana)


def test_one_gift_per_key(alice: User, stream: Stream) -> None:
    gift = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    with pytest.raises(DatabaseError, match="public_id"):
        copy(gift, posting_id=0)
    with pytest.raises(DatabaseError, match="posting_id"):
        copy(gift, public_id=uuid.uuid4())
    with pytest.raises(DatabaseError, match="gift_to_somebody_else"), transaction.atomic():
        SentGift.objects.update(fan_id=stream.creator_id)


def test_amounts_go_one_way_between_two_accounts(alice: User) -> None:
    transfer = Transfer.objects.get()
    for amount in (0, -1):
        with pytest.raises(DatabaseError, match="transfer_amount_positive"):
            copy(transfer, amount=amount)
    with pytest.raises(DatabaseError, match="transfer_between_two_accounts"):
        copy(transfer, to_account_id=transfer.from_account_id)


def test_one_account_per_owner_kind_and_unit(alice: User) -> None:
    for account in Account.objects.all():
        with pytest.raises(DatabaseError, match="one_account_per_owner_kind_unit"):
            copy(account)
    with pytest.raises(DatabaseError, match="open_account_keeps_no_balance"), transaction.atomic():
        Account.objects.filter(guarded=False).update(balance=1)


def test_of_two_who_move_an_order_one_does(order: Purchase) -> None:
    buying.start(order)
    one, other = (Purchase.objects.get(pk=order.pk) for _ in "12")
    one.move(Purchase.State.DECLINED)
    with pytest.raises(WrongState):
        other.move(Purchase.State.PAID, captured_at=timezone.now())
    order.refresh_from_db()
    assert (order.state, order.captured_at) == (Purchase.State.DECLINED, None)
    assert order.events.count() == 3


def test_of_two_who_move_a_payout_one_does(payout: Payout) -> None:
    one, other = (Payout.objects.get(pk=payout.pk) for _ in "12")
    one.move(Payout.State.CANCELLED)
    with pytest.raises(WrongState):
        other.move(Payout.State.READY)
    assert Payout.objects.get().state == Payout.State.CANCELLED


def test_of_two_who_move_a_batch_one_does(payout: Payout, dana: User) -> None:
    Payout.objects.update(state=Payout.State.READY)
    batch = bank_files.build_batch(by=dana)
    one, other = (Batch.objects.get(pk=batch.pk) for _ in "12")
    one.move(Batch.State.DISCARDED)
    with pytest.raises(WrongState):
        other.move(Batch.State.DISCARDED)


def test_steps_are_never_skipped_or_walked_back(order: Purchase) -> None:
    with pytest.raises(WrongState):
        order.move(Purchase.State.PAID, captured_at=timezone.now())
    started = buying.start(order)
    SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
    order = settlement.inspect(order)
    for state in Purchase.State:
        with pytest.raises(WrongState):
            order.move(state)


def test_a_captured_order_is_credited_once_whoever_tries(order: Purchase) -> None:
    """Even a worker that believes the order to be unpaid finds its coins credited already."""
    started = buying.start(order)
    SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
    settlement.inspect(order)
    Purchase.objects.update(state=Purchase.State.STARTED, captured_at=None)
    again = settlement.inspect(Purchase.objects.get())
    assert again.state == Purchase.State.PAID
    assert ledger.balance("coins", "COIN", again.user_id) == 1_000


def test_a_known_key_is_answered_even_when_nothing_is_left(carol: User) -> None:
    give_coins(carol, 100)
    account = ledger.account_id("coins", "COIN", carol.pk)
    leg = ledger.Leg("COIN", account, ledger.account_id("coins_spent", "COIN"), 100)
    answers = [ledger.post([ledger.Order("all", "test", [leg])])[0] for _ in "12"]
    assert [answer.outcome for answer in answers] == ["done", "already"]
