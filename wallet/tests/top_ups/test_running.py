"""Auto top-up places ordinary orders: after a gift, once, within all that was agreed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.pauses import take_pause
from conftest import give_coins
from stripe_standin.faults import Kind
from stripe_standin.server import Standin
from wallet.agreements import charging
from wallet.agreements.rules import NotNow
from wallet.agreements.turning_off import turn_off, turn_off_of
from wallet.documents.issuing import issue_receipt
from wallet.evidence.payment import sections
from wallet.limits.spending import set_limit
from wallet.models import Purchase, SavedMethod, SpendingPolicy, TopUp, TopUpEmail
from wallet.purchases import buying, cancelling, settlement
from wallet.refunds.requests import withdraw
from wallet.tests.stage import order, spend
from wallet.tests.stripe.stage import coins_of, make_due
from wallet.tests.top_ups.stage import agreed, orders_of, run_low, turned_on
from wallet.top_ups import cards, emails, running

pytestmark = pytest.mark.django_db
State, Reason = Purchase.State, TopUp.Reason


@pytest.fixture
def fan(carol: User) -> User:
    """Carol with 600 coins, which she did not buy lately."""
    give_coins(carol, 600)
    return carol


def reason_of(top_up: TopUp) -> str:
    top_up.refresh_from_db()
    assert top_up.state == TopUp.State.OFF
    return top_up.off_reason


def test_running_low_after_a_gift_buys_the_pack_once(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    [order] = run_low(fan, 200)
    assert (order.state, order.total_minor) == (State.PAID, top_up.total_minor)
    assert order.terms_version and order.bundle_id == top_up.bundle_id
    assert coins_of(fan) == 1_400
    assert issue_receipt(order.pk) is not None
    running.run()
    assert len(orders_of(fan)) == 1


def test_nothing_is_bought_before_a_gift_was_sent(standin: Standin, fan: User) -> None:
    spend(fan, 200, kind="gift")
    turned_on(fan, standin)  # 400 coins, below the 500, but no gift since
    assert running.run() == 0
    assert orders_of(fan) == []


def test_the_sale_itself_asks_for_a_gift_since(standin: Standin, fan: User) -> None:
    spend(fan, 200, kind="gift")
    top_up = turned_on(fan, standin)
    with pytest.raises(NotNow):
        buying.buy_again(top_up=top_up, key=uuid.uuid4())
    assert orders_of(fan) == []


def test_enough_coins_buy_nothing(standin: Standin, fan: User) -> None:
    turned_on(fan, standin)
    assert run_low(fan, 100) == []  # exactly 500 are not fewer than 500


def test_what_was_agreed_for_the_month_is_never_passed(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin, month_minor=2_400, total_minor=1_159)
    run_low(fan, 200)
    run_low(fan, 1_000)
    assert len(run_low(fan, 1_000)) == 2
    top_up.refresh_from_db()
    assert top_up.state == TopUp.State.ON and top_up.rests_until is not None
    assert top_up.rests_until > timezone.now() + timedelta(days=29)


def test_more_than_so_many_a_day_wait(standin: Standin, fan: User) -> None:
    SpendingPolicy.objects.update(top_ups_a_day=1)
    top_up = turned_on(fan, standin)
    run_low(fan, 200)
    assert len(run_low(fan, 1_000)) == 1
    top_up.refresh_from_db()
    assert top_up.rests_until is not None


def test_a_declined_card_ends_it_and_says_so(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin, plays="declines")
    [order] = run_low(fan, 200)
    assert order.state == State.DECLINED and coins_of(fan) == 400
    assert reason_of(top_up) == Reason.DECLINED
    emails.send_due()
    [told] = mail.outbox
    assert "declined the payment" in told.body and "/coins/" in told.body
    running.run()
    assert len(orders_of(fan)) == 1


def test_a_bank_that_asks_for_the_payer_ends_it_and_says_what_to_do(
    standin: Standin, fan: User
) -> None:
    top_up = turned_on(fan, standin, plays="asks")
    run_low(fan, 200)
    assert reason_of(top_up) == Reason.AUTHENTICATION
    emails.send_due()
    assert "Buy coins yourself and confirm" in mail.outbox[0].body


def test_each_order_is_told_once_money_first_with_the_way_to_turn_it_off(
    standin: Standin, fan: User
) -> None:
    turned_on(fan, standin)
    [order] = run_low(fan, 200)
    settlement.inspect(order)
    emails.send_due()
    emails.send_due()
    [told] = mail.outbox
    assert told.subject.index(str(order.total)) < told.subject.index("auto top-up")
    first = told.body.split("\n\n")
    said = next(part for part in first if "charged" in part)
    assert said.startswith(str(order.total)) and "Visa ending in 4242" in said
    assert "/wallet/auto-top-up/off/" in told.body


def pause(fan: User) -> None:
    take_pause(user=fan, length="week")


def tighter_limit(fan: User) -> None:
    set_limit(user=fan, span="day", coins=100)


def young(fan: User) -> None:
    User.objects.filter(pk=fan.pk).update(date_of_birth=timezone.localdate())


def moved(fan: User) -> None:
    User.objects.filter(pk=fan.pk).update(country_id="US")


def site_cap(fan: User) -> None:
    SpendingPolicy.objects.update(week_usd=1)


def no_provider(fan: User) -> None:
    SpendingPolicy.objects.update(day_usd=1)


@pytest.mark.parametrize("forbids", [pause, tighter_limit, young, moved, site_cap, no_provider])
def test_what_forbids_a_purchase_ends_it_and_nothing_is_charged(
    standin: Standin, fan: User, forbids: Any
) -> None:
    top_up = turned_on(fan, standin)
    spend(fan, 200, kind="gift")
    forbids(fan)
    running.run()
    assert orders_of(fan) == []
    assert reason_of(top_up) == Reason.REFUSED and top_up.off_note
    emails.send_due()
    assert top_up.off_note in mail.outbox[0].body


def test_another_price_ends_it(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    spend(fan, 200, kind="gift")
    top_up.bundle.prices.update(price_minor=2_000)
    running.run()
    assert orders_of(fan) == [] and reason_of(top_up) == Reason.REFUSED


def test_money_asked_back_ends_it_and_buys_nothing(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    [order] = run_low(fan, 200)
    withdraw(purchase=order, key=uuid.uuid4())
    running.run()
    spend(fan, 10, kind="gift")
    running.run()
    assert len(orders_of(fan)) == 1
    assert reason_of(top_up) == Reason.REFUNDED


def test_a_disputed_payment_ends_it(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    [order] = run_low(fan, 200)
    standin.account.open_dispute(charge_of(standin, order))
    settlement.inspect(order)
    spend(fan, 1, kind="gift")
    running.run()
    assert reason_of(top_up) == Reason.REFUSED
    assert len(orders_of(fan)) == 1


def charge_of(standin: Standin, order: Purchase) -> Any:
    found = standin.store.get(order.provider_reference)
    assert found is not None
    taken = standin.account.charge_of(found)
    assert taken is not None
    return taken


def test_evidence_says_what_was_agreed_and_no_press_that_never_was(
    standin: Standin, fan: User
) -> None:
    top_up = turned_on(fan, standin)
    [order] = run_low(fan, 200)
    standin.account.open_dispute(charge_of(standin, order))
    settlement.inspect(order)
    said = {name: text for part in sections(order.disputes.get()) for name, text in part.facts}
    assert said["Auto top-up"] == top_up.consent
    assert "placed by a press" not in " ".join(said.values())


def test_its_order_is_refunded_like_any_other(standin: Standin, fan: User) -> None:
    turned_on(fan, standin)
    [order] = run_low(fan, 200)
    standin.account.give_back(charge_of(standin, order), order.total_minor, {})
    settlement.inspect(order)
    order.refresh_from_db()
    assert order.returned_coins == 1_000 and coins_of(fan) == 400


def test_an_answer_that_was_lost_is_one_charge(standin: Standin, fan: User) -> None:
    turned_on(fan, standin)
    standin.faults.order(Kind.DROP_AFTER, path="/v1/payment_intents", method="POST", times=3)
    [order] = run_low(fan, 200)
    assert order.state == State.CREATED
    make_due(order)
    settlement.sweep()
    order.refresh_from_db()
    assert order.state == State.PAID and coins_of(fan) == 1_400
    assert len(standin.store.all("payment_intent")) == 1


def test_a_charge_whose_answer_was_lost_is_found_after_it_was_turned_off(
    standin: Standin, fan: User
) -> None:
    top_up = turned_on(fan, standin)
    standin.faults.order(Kind.DROP_AFTER, path="/v1/payment_intents", method="POST", times=3)
    [order] = run_low(fan, 200)
    turn_off(top_up=top_up, reason=Reason.FAN)
    settlement.inspect(order)
    order.refresh_from_db()
    assert order.state == State.PAID and coins_of(fan) == 1_400


def test_an_order_that_was_never_charged_is_not_charged_once_it_is_off(
    standin: Standin, fan: User
) -> None:
    top_up = turned_on(fan, standin)
    standin.faults.order(Kind.ERROR_500, path="/v1/payment_intents", method="POST", times=3)
    [order] = run_low(fan, 200)
    turn_off(top_up=top_up, reason=Reason.FAN)
    make_due(order)
    settlement.sweep()  # a worker may be charging it this moment: not yet
    order.refresh_from_db()
    assert order.state == State.CREATED
    long_ago(order, charging.UNDER_WAY)
    make_due(order)
    settlement.sweep()
    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert standin.store.all("payment_intent") == [] and coins_of(fan) == 400


def long_ago(order: Purchase, age: timedelta) -> None:
    Purchase.objects.filter(pk=order.pk).update(created_at=timezone.now() - age * 1.1)


def test_nobody_is_charged_hours_later(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    standin.faults.order(Kind.ERROR_500, path="/v1/payment_intents", method="POST", times=3)
    [order] = run_low(fan, 200)
    long_ago(order, charging.CHARGED_WITHIN)
    make_due(order)
    settlement.sweep()
    order.refresh_from_db()
    assert order.state == State.CANCELLED and standin.store.all("payment_intent") == []
    assert reason_of(top_up) == Reason.STOPPED


def test_a_pause_between_order_and_charge_charges_nothing(standin: Standin, fan: User) -> None:
    turned_on(fan, standin)
    standin.faults.order(Kind.ERROR_500, path="/v1/payment_intents", method="POST", times=3)
    [order] = run_low(fan, 200)
    pause(fan)
    long_ago(order, charging.UNDER_WAY)
    make_due(order)
    settlement.sweep()
    assert standin.store.all("payment_intent") == []


def test_a_card_that_the_provider_lost_declines_the_order(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    [customer] = standin.store.all("customer")
    standin.account.change(customer, x_deleted=True)
    [order] = run_low(fan, 200)
    assert order.state == State.DECLINED and reason_of(top_up) == Reason.DECLINED


def test_money_that_was_taken_while_its_order_ended_brings_its_coins(
    standin: Standin, fan: User
) -> None:
    top_up = turned_on(fan, standin)
    spend(fan, 200, kind="gift")
    order = buying.buy_again(top_up=top_up, key=running.key_of(top_up))
    started = charging.start(order)
    Purchase.objects.filter(pk=order.pk).update(state=State.CANCELLED, due_at=None)
    buying._note_started(order, started)
    settlement.sweep()
    order.refresh_from_db()
    assert order.state == State.PAID and coins_of(fan) == 1_400


def test_an_order_under_way_is_not_cancelled_by_hand(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    spend(fan, 200, kind="gift")
    order = buying.buy_again(top_up=top_up, key=running.key_of(top_up))
    with pytest.raises(cancelling.PaidMeanwhile):
        cancelling.cancel(order)


def test_an_open_order_of_the_same_basket_is_waited_for(standin: Standin, fan: User) -> None:
    turned_on(fan, standin)
    order(fan, 1_000, bundle=None)
    top_up = fan.top_ups.get()
    same = fan.purchases.get()
    if (same.total_minor, same.coins) == (top_up.total_minor, top_up.coins):
        assert run_low(fan, 200) == []
        top_up.refresh_from_db()
        assert top_up.state == TopUp.State.ON and top_up.rests_until is not None


def test_turning_it_off_removes_the_card_at_the_provider(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    [customer] = standin.store.all("customer")
    turn_off_of(fan)
    cards.sweep()
    top_up.saved_method.refresh_from_db()
    assert top_up.saved_method.state == SavedMethod.State.REMOVED
    assert (standin.store.get(customer["id"]) or {})["x_deleted"]
    spend(fan, 300, kind="gift")
    assert running.run() == 0
    emails.send_due()
    assert mail.outbox == []  # the fan knows


def test_a_removal_that_did_not_work_is_tried_again(standin: Standin, fan: User) -> None:
    top_up = turned_on(fan, standin)
    turn_off_of(fan)
    standin.faults.order(Kind.ERROR_500, path="/v1/customers", method="DELETE", times=3)
    cards.sweep()
    SavedMethod.objects.update(due_at=timezone.now())
    cards.sweep()
    top_up.saved_method.refresh_from_db()
    assert top_up.saved_method.state == SavedMethod.State.REMOVED


def test_a_card_saved_after_the_fan_thought_better_of_it_is_removed(
    standin: Standin, fan: User
) -> None:
    top_up = agreed(fan)
    turn_off_of(fan)
    standin.account.save_card(top_up.saved_method.setup_reference)
    top_up.saved_method.refresh_from_db()
    cards.inspect(top_up.saved_method)
    cards.sweep()
    top_up.saved_method.refresh_from_db()
    assert top_up.saved_method.state == SavedMethod.State.REMOVED
    assert all(each["x_deleted"] for each in standin.store.all("customer"))


def test_a_page_on_which_nobody_saved_a_card_ends_it(standin: Standin, fan: User) -> None:
    top_up = agreed(fan)
    standin.account.expire(top_up.saved_method.setup_reference)
    cards.inspect(top_up.saved_method)
    assert reason_of(top_up) == Reason.NOT_SAVED


def test_another_wish_takes_the_place_of_the_first_with_the_same_card(
    standin: Standin, fan: User
) -> None:
    first = turned_on(fan, standin)
    from wallet.tests.top_ups.stage import wish
    from wallet.top_ups import agreeing

    second = agreeing.agree(user=fan, wish=wish(fan, below_coins=100))
    assert second.state == TopUp.State.ON and second.saved_method == first.saved_method
    assert reason_of(first) == Reason.CHANGED
    cards.sweep()
    first.saved_method.refresh_from_db()
    assert first.saved_method.state == SavedMethod.State.SAVED


def test_the_sandbox_plays_the_same(fan: User) -> None:
    turned_on(fan)
    [order] = run_low(fan, 200)
    assert order.state == State.PAID and coins_of(fan) == 1_400


@pytest.mark.parametrize(("plays", "why"), [("declines", "declined"), ("asks", "authentication")])
def test_the_sandboxs_bank_says_no_in_both_ways(fan: User, plays: str, why: str) -> None:
    top_up = turned_on(fan, plays=plays)
    run_low(fan, 200)
    assert reason_of(top_up) == why


# What the database refuses by itself.


def forged(top_up: TopUp, **other: Any) -> Purchase:
    """Write an order of an agreement past the service."""
    spend(top_up.user, 200, kind="gift")
    made = buying.buy_again(top_up=top_up, key=uuid.uuid4())
    Purchase.objects.filter(pk=made.pk).update(state=State.CANCELLED)
    made.refresh_from_db()
    made.pk, made.public_id, made.key, made.state = None, uuid.uuid4(), uuid.uuid4(), State.CREATED
    for name, value in other.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    "other",
    [
        {"total_minor": 1_200, "net_minor": 1_200, "tax_minor": 0},
        {"coins": 900},
        {"currency": "USD"},
        {"bundle": None},
    ],
)
def test_the_database_refuses_an_order_that_was_not_agreed_to(
    fan: User, other: dict[str, Any]
) -> None:
    order = forged(turned_on(fan), **other)
    with pytest.raises(IntegrityError, match="not what the fan agreed to"), transaction.atomic():
        order.save(force_insert=True)


def test_the_database_refuses_an_order_of_what_is_off(fan: User) -> None:
    top_up = turned_on(fan)
    order = forged(top_up)
    turn_off(top_up=top_up, reason=Reason.FAN)
    with pytest.raises(IntegrityError, match="not what the fan agreed to"), transaction.atomic():
        order.save(force_insert=True)


def test_the_database_refuses_more_than_the_month(fan: User) -> None:
    order = forged(turned_on(fan, month_minor=1_159))
    order.state, order.captured_at = State.PAID, timezone.now()
    order.save(force_insert=True)
    order.pk, order.public_id, order.key = None, uuid.uuid4(), uuid.uuid4()
    with pytest.raises(IntegrityError, match="agreed to in 30 days"), transaction.atomic():
        order.save(force_insert=True)


def test_the_database_refuses_more_than_so_many_a_day(fan: User) -> None:
    order = forged(turned_on(fan))
    SpendingPolicy.objects.update(top_ups_a_day=0)
    with pytest.raises(IntegrityError, match="enough top-ups"), transaction.atomic():
        order.save(force_insert=True)


def test_the_database_keeps_what_was_agreed(fan: User) -> None:
    top_up = turned_on(fan)
    for change in ({"month_minor": 99_999}, {"below_coins": 900}, {"consent": "anything"}):
        with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
            TopUp.objects.filter(pk=top_up.pk).update(**change)
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        top_up.delete()
    turn_off(top_up=top_up, reason=Reason.FAN)
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        TopUp.objects.filter(pk=top_up.pk).update(state="on", off_reason="", off_at=None)


def test_the_database_keeps_whose_order_it_is(fan: User) -> None:
    turned_on(fan)
    [order] = run_low(fan, 200)
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        Purchase.objects.filter(pk=order.pk).update(top_up=None)


def test_the_database_allows_one_in_force_and_one_order_at_a_time(fan: User) -> None:
    top_up = turned_on(fan)
    second = TopUp.objects.get(pk=top_up.pk)
    second.pk, second.public_id = None, uuid.uuid4()
    with pytest.raises(IntegrityError, match="one_auto_top_up_per_fan"), transaction.atomic():
        second.save(force_insert=True)
    order = forged(top_up)
    order.save(force_insert=True)
    order.pk, order.public_id, order.key, order.total_minor = None, uuid.uuid4(), uuid.uuid4(), 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without the trigger
    order.net_minor, order.tax_minor = 1, 0
    with pytest.raises(IntegrityError, match="one_open_auto_top_up"), transaction.atomic():
        order.save(force_insert=True)


def test_an_email_is_one_row(fan: User) -> None:
    turned_on(fan)
    [order] = run_low(fan, 200)
    assert order.top_up is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        TopUpEmail.objects.create(top_up=order.top_up, purchase=order)
