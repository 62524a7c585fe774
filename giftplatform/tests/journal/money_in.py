"""Buying coins: ordered, paid or not, told once or five times, credited exactly once."""

import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import RequestFactory
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

import ledger
from giftplatform.tests.journal import stage
from giftplatform.tests.journal.world import Fan, Order, World
from wallet.coins import recognition
from wallet.limits import spending
from wallet.models import Purchase, SandboxPayment, WebhookEvent
from wallet.providers.sandbox import clockwork
from wallet.providers.sandbox.provider import SIGNATURE_HEADER, sign
from wallet.purchases import buying, inbox, settlement
from wallet.views import webhooks
from wallet.views.sandbox import press

State = SandboxPayment.State
PRESSES = {
    "approve": State.SUCCEEDED,
    "decline": State.DECLINED,
    "authenticate": State.NEEDS_AUTHENTICATION,
    "later": State.PROCESSING,
}
pick = st.integers(0, 10_000)
A_DAY_AT_MOST = 50_000  # 500 dollars of coin value
A_WEEK_AT_MOST = 200_000


class MoneyIn(RuleBasedStateMachine):
    """Rules of the shop."""

    world: World

    def order(self, fan: Fan, coins: int, method: str) -> Order | None:
        """Place an order, or see it refused because of a limit that the fan has really reached."""
        key = uuid4()
        counted = ["created", "started", "authenticating", "pending", "paid", "review"]
        recent = Purchase.objects.filter(user=fan.user, state__in=counted)
        bought = sum(recent.values_list("coins", flat=True))
        try:
            row = buying.buy(user=fan.user, key=key, method=method, coins=coins)
        except buying.OrderOpen as refusal:
            assert refusal.purchase in recent.filter(coins=coins, state__in=Purchase.OPEN)
            return None
        except spending.OverLimit:
            assert bought + coins > A_DAY_AT_MOST
            return None
        order = Order(row, fan, key, method)
        fan.orders.append(order)
        return order

    def open_payment(self, order: Order) -> None:
        """Go to the pay page; going twice opens one payment."""
        order.row.refresh_from_db()
        references = {buying.start(order.row).reference for _ in "12"}
        assert len(references) == 1
        order.reference = references.pop()
        order.at_provider = order.at_provider or State.OPEN

    def press(self, order: Order, button: str) -> None:
        """Press on the pay page; the model follows the provider's own table of steps."""
        payment = SandboxPayment.objects.get(pk=order.reference)
        press(payment, PRESSES[button], settles=timedelta(hours=1) if button == "later" else None)
        if PRESSES[button] in SandboxPayment.NEXT[State(order.at_provider)]:
            order.at_provider = PRESSES[button]

    def looked_at(self, orders: list[Order]) -> None:
        """Note in the model what an inspection brought: coins for what is paid and fits."""
        for order in orders:
            order.row.refresh_from_db()
            if not order.reference and order.row.provider_reference:
                order.reference, order.at_provider = order.row.provider_reference, State.OPEN
            if order.owed_coins:
                order.credited = order.row.captured_at
                assert order.credited, "paid, looked at, and no coins"

    @rule(who=pick, coins=st.sampled_from([50, 100, 333, 1_000, 2_500, 10_000]))
    def buys_and_pays_at_once(self, who: int, coins: int) -> None:
        fan = self.world.fans[who % len(self.world.fans)]
        if order := self.order(fan, coins, "card"):
            self.open_payment(order)
            self.press(order, "approve")
            settlement.inspect(order.row)
            self.looked_at([order])

    @rule(
        who=pick, coins=st.sampled_from([51, 500, 7_777]), method=st.sampled_from(["card", "bank"])
    )
    def orders(self, who: int, coins: int, method: str) -> None:
        self.order(self.world.fans[who % len(self.world.fans)], coins, method)

    @precondition(lambda self: self.world.orders)
    @rule(which=pick)
    def presses_buy_again(self, which: int) -> None:
        order = self.world.orders[which % len(self.world.orders)]
        user, key = order.fan.user, order.key
        again = buying.buy(user=user, key=key, method=order.method, coins=order.coins)
        assert again.pk == order.row.pk
        with pytest.raises(ledger.KeyReused):
            buying.buy(user=user, key=key, method=order.method, coins=order.coins + 1)

    @precondition(lambda self: any(not o.credited for o in self.world.orders))
    @rule(which=pick, button=st.sampled_from(list(PRESSES)))
    def pays_or_not(self, which: int, button: str) -> None:
        unpaid = [order for order in self.world.orders if not order.credited]
        order = unpaid[which % len(unpaid)]
        order.row.refresh_from_db()
        if not order.reference:
            if not order.row.is_open:
                return
            self.open_payment(order)
        self.press(order, button)

    @precondition(lambda self: any(o.reference and not o.credited for o in self.world.orders))
    @rule(which=pick, by=st.sampled_from([-1, 1]))
    def the_provider_names_another_amount(self, which: int, by: int) -> None:
        open_ones = [o for o in self.world.orders if o.reference and not o.credited]
        order = open_ones[which % len(open_ones)]
        wrong = order.row.total_minor + by
        SandboxPayment.objects.filter(pk=order.reference).update(amount_minor=wrong)
        order.tampered = True

    @precondition(lambda self: any(o.reference for o in self.world.orders))
    @rule(which=pick, times=st.integers(1, 3))
    def a_webhook_comes_again_and_again(self, which: int, times: int) -> None:
        told = [order for order in self.world.orders if order.reference]
        order = told[which % len(told)]
        notice = {"id": str(uuid4()), "payment": order.reference}
        body = json.dumps(notice).encode()
        for _ in range(times):
            request = RequestFactory().post(
                "/webhooks/sandbox/",
                body,
                content_type="application/json",
                headers={SIGNATURE_HEADER: sign(body, int(time.time()))},
            )
            assert webhooks.receive(request, "sandbox").status_code == 200
        assert WebhookEvent.objects.filter(event_id=notice["id"]).count() == 1

    @precondition(lambda self: self.world.orders)
    @rule(which=pick, times=st.integers(1, 3))
    def somebody_looks(self, which: int, times: int) -> None:
        order = self.world.orders[which % len(self.world.orders)]
        for _ in range(times):
            order.row.refresh_from_db()
            if order.reference or order.row.is_open:
                settlement.inspect(order.row)
                self.looked_at([order])

    @rule()
    def the_sweep_comes_round(self) -> None:
        clockwork.settle_slow_payments()
        for order in self.world.orders:
            if order.at_provider == State.PROCESSING:
                payment = SandboxPayment.objects.get(pk=order.reference)
                order.at_provider = payment.state
        inbox.read()
        settlement.poll(timedelta(days=1_000))
        stage.ring_for_everything()
        settlement.sweep()
        self.looked_at(self.world.orders)

    @rule()
    def revenue_is_recognised(self) -> None:
        recognition.recognise()
        self.world.recognise()
        assert recognition.recognise() == {}

    @rule(who=pick, coins=st.integers(1, 40))
    def a_bonus_is_granted(self, who: int, coins: int) -> None:
        fan = self.world.fans[who % len(self.world.fans)]
        issued = ledger.account_id("bonus_issued", "COIN")
        bonus = ledger.account_id("bonus_coins", "COIN", fan.user.pk)
        legs = [ledger.Leg("COIN", issued, bonus, coins)]
        ledger.post_one(key=f"bonus:{uuid4()}", kind="bonus", legs=legs)
        fan.granted += coins
