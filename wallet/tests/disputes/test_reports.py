"""A dispute from its opening to its end, in whichever order the provider tells it."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import ledger
from accounts.models import User
from conftest import person
from wallet.coins import recognition
from wallet.disputes import reports
from wallet.disputes.refusals import DisputeOpen
from wallet.models import Dispute, DisputePolicy, DisputeStep, Purchase, SandboxDispute
from wallet.providers.base import DisputeStatus, ProviderDispute
from wallet.purchases import buying
from wallet.tests import stage
from wallet.tests.disputes.stage import (
    State,
    audit,
    balances,
    complain,
    decided,
    disputed,
    heard,
    spent_order,
)

pytestmark = pytest.mark.django_db
FEE = 1_500


@pytest.fixture
def fan(db: None) -> User:
    return person("frida")


def steps(dispute: Dispute) -> list[str]:
    return list(dispute.steps.values_list("kind", flat=True))


def coins(fan: User) -> tuple[int, int]:
    return (
        ledger.balance("coins", "COIN", fan.pk),
        ledger.balance("coins_held", "COIN", fan.pk),
    )


def money(kind: str) -> int:
    return ledger.balance(kind, "EUR")


def test_an_opened_dispute_freezes_what_is_unspent_and_books_the_money_that_is_gone(
    fan: User,
) -> None:
    order = spent_order(fan)
    before = money("clearing:sandbox")
    dispute = disputed(order)
    assert (dispute.state, dispute.inquiry, dispute.held_coins) == ("needs_response", False, 600)
    assert coins(fan) == (0, 600)
    order.refresh_from_db()
    assert order.held_coins == 600
    assert money("disputes_held") == order.total_minor
    assert money("processor_fees") == FEE
    assert money("clearing:sandbox") == before - order.total_minor - FEE
    audit()


def test_a_dispute_that_is_won_undoes_everything_but_the_fee(fan: User) -> None:
    order = spent_order(fan)
    before = balances()
    won = decided(disputed(order), State.WON)
    assert (won.state, won.held_coins) == ("won", 0)
    fee = {("processor_fees", "EUR", ""): -FEE}
    clearing = ("clearing:sandbox", "EUR", "")
    assert balances() == before | fee | {clearing: before[clearing] + FEE}
    order.refresh_from_db()
    assert (order.held_coins, order.returned_coins) == (0, 0)
    audit()


def test_a_dispute_that_is_lost_takes_the_held_coins_and_divides_the_money(fan: User) -> None:
    order = spent_order(fan)
    recognition.recognise()
    lost = decided(disputed(order), State.LOST)
    net, tax = -(-order.net_minor * 600 // 1_000), -(-order.tax_minor * 600 // 1_000)
    step = lost.steps.get(kind="lost")
    assert (step.net_minor, step.tax_minor) == (net, tax)
    assert step.loss_minor == order.total_minor - net - tax
    assert coins(fan) == (0, 0)
    assert ledger.balance("coins_clawed_back", "COIN") == 600
    assert money("disputes_held") == 0
    assert money("dispute_loss") == step.loss_minor
    assert money("unearned") == 0
    assert money("tax:DE") == order.tax_minor - tax
    order.refresh_from_db()
    assert (order.held_coins, order.returned_coins) == (0, 600)
    recognition.recognise()
    audit()


@pytest.mark.parametrize(("rule", "back"), [("all", "tax_minor"), ("none", "")])
def test_the_rules_say_of_which_part_the_tax_comes_back(fan: User, rule: str, back: str) -> None:
    order = spent_order(fan)
    DisputePolicy.objects.update(tax_back=rule)
    dispute = disputed(order)
    DisputePolicy.objects.update(tax_back="coins")  # what was opened keeps its rules
    step = decided(dispute, State.LOST).steps.get(kind="lost")
    assert step.tax_minor == (getattr(order, back) if back else 0)
    audit()


@pytest.mark.parametrize("end", [State.WON, State.LOST])
def test_an_end_that_is_heard_of_before_the_opening_is_booked_with_it(
    fan: User, end: SandboxDispute.State
) -> None:
    order = spent_order(fan)
    theirs = complain(order)
    SandboxDispute.objects.filter(pk=theirs.pk).update(state=end)
    dispute = heard(theirs)
    assert dispute.state == end
    assert set(steps(dispute)) == {"held", "taken", "fee", end}
    audit()


def told(dispute: Dispute, **more: Any) -> ProviderDispute:
    """Return what the provider says of a dispute, but for what a test changes."""
    facts: dict[str, Any] = {
        "reference": dispute.provider_reference,
        "status": DisputeStatus.NEEDS_RESPONSE,
        "amount_minor": dispute.amount_minor,
        "currency": dispute.currency,
        "reason": dispute.reason,
        "fee_minor": dispute.fee_minor,
        "evidence_due_at": dispute.evidence_due_at,
    }
    return ProviderDispute(**{**facts, **more})


def reported(dispute: Dispute, **more: Any) -> Dispute:
    """Report a dispute once more."""
    reports.reported(dispute.purchase, [told(dispute, **more)])
    dispute.refresh_from_db()
    return dispute


def test_the_same_report_again_changes_nothing(fan: User) -> None:
    dispute = disputed(spent_order(fan))
    before, rows = balances(), steps(dispute)
    for _ in range(3):
        heard(SandboxDispute.objects.get())
    assert (balances(), steps(dispute)) == (before, rows)


@pytest.mark.parametrize("end", [State.WON, State.LOST])
def test_an_old_report_after_the_end_changes_nothing(fan: User, end: str) -> None:
    dispute = decided(disputed(spent_order(fan)), SandboxDispute.State(end))
    before = balances()
    dispute = reported(dispute, status=DisputeStatus.NEEDS_RESPONSE)
    assert (dispute.state, dispute.needs_attention) == (end, "")
    assert balances() == before


def test_another_end_than_before_is_for_staff_to_look_at(fan: User) -> None:
    dispute = decided(disputed(spent_order(fan)), State.WON)
    before = balances()
    dispute = reported(dispute, status=DisputeStatus.LOST)
    assert dispute.state == "won"
    assert "Lost" in dispute.needs_attention
    assert balances() == before
    audit()


def test_an_inquiry_freezes_coins_and_moves_no_money_until_it_becomes_a_dispute(fan: User) -> None:
    order = spent_order(fan)
    dispute = disputed(order, inquiry=True)
    assert dispute.inquiry
    assert (coins(fan), money("disputes_held"), dispute.fee_minor) == ((0, 600), 0, 0)
    audit()
    dispute = decided(dispute, State.NEEDS_RESPONSE)
    assert not dispute.inquiry
    assert (money("disputes_held"), dispute.fee_minor) == (order.total_minor, FEE)
    audit()


def test_an_inquiry_that_is_withdrawn_leaves_no_trace_in_any_balance(fan: User) -> None:
    order = spent_order(fan)
    before = balances()
    dispute = decided(disputed(order, inquiry=True), State.WON)
    assert dispute.state == "won"
    assert balances() == before
    audit()


def test_a_fee_that_is_given_back_is_booked_back(fan: User) -> None:
    dispute = decided(disputed(spent_order(fan)), State.WON)
    SandboxDispute.objects.update(fee_minor=0)
    heard(SandboxDispute.objects.get())
    assert money("processor_fees") == 0
    dispute.refresh_from_db()
    assert dispute.fee_minor == 0
    audit()


def test_a_part_of_the_amount_freezes_its_part_of_the_coins(fan: User) -> None:
    order = spent_order(fan, spent=0)
    dispute = disputed(order, amount_minor=order.total_minor // 4)
    assert dispute.held_coins == dispute.coins == 250
    assert coins(fan) == (750, 250)
    lost = decided(dispute, State.LOST).steps.get(kind="lost")
    assert lost.net_minor + lost.tax_minor + lost.loss_minor == order.total_minor // 4
    audit()


def test_several_disputes_of_one_charge_share_its_coins(fan: User) -> None:
    order = spent_order(fan)
    half = order.total_minor // 2
    one, other = (disputed(order, amount_minor=half) for _ in "12")
    assert (one.coins, one.held_coins, other.held_coins) == (500, 500, 100)
    decided(one, State.LOST)
    decided(other, State.WON)
    assert coins(fan) == (100, 0)
    audit()


def test_what_no_order_covers_is_the_sites_loss_and_staff_are_told(fan: User) -> None:
    order = spent_order(fan)
    decided(disputed(order), State.LOST)
    again = disputed(order)
    assert again.uncovered_minor == again.amount_minor
    assert again.coins == 0
    assert "bears it" in again.needs_attention
    step = decided(again, State.LOST).steps.get(kind="lost")
    assert step.loss_minor == order.total_minor
    order.refresh_from_db()
    assert order.returned_coins == 600
    audit()


def test_coins_that_come_back_meanwhile_are_frozen_at_the_next_report(fan: User) -> None:
    order = stage.paid(fan, 1_000)
    key = stage.spend(fan, 400)
    dispute = disputed(order)
    ledger.post_one(key=f"undo:{key}", kind="undo", reverses=key)
    assert coins(fan) == (400, 600)
    dispute = heard(SandboxDispute.objects.get())
    assert (dispute.held_coins, coins(fan)) == (1_000, (0, 1_000))
    audit()


def test_newer_orders_keep_their_coins(fan: User) -> None:
    old = spent_order(fan)
    stage.paid(fan, 2_500)
    disputed(old)
    assert coins(fan) == (2_500, 600)
    audit()


def test_a_dispute_in_another_currency_is_for_staff_to_look_at(fan: User) -> None:
    order = stage.paid(fan, 1_000)
    theirs = ProviderDispute("d1", DisputeStatus.NEEDS_RESPONSE, 500, "USD", "fraudulent")
    reports.reported(order, [theirs])
    order.refresh_from_db()
    assert not order.disputes.exists()
    assert "does not fit" in order.needs_attention


def test_an_amount_that_changes_after_the_money_went_is_for_staff_to_look_at(fan: User) -> None:
    dispute = disputed(stage.paid(fan, 1_000))
    before = balances()
    dispute = reported(dispute, amount_minor=1)
    assert "now says" in dispute.needs_attention
    assert balances() == before


def test_who_disputes_a_payment_cannot_buy_until_the_bank_decided(fan: User) -> None:
    dispute = disputed(stage.paid(fan, 1_000))
    with pytest.raises(DisputeOpen):
        buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=100)
    decided(dispute, State.WON)
    assert buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=100)


def test_a_fan_who_disputes_nothing_can_buy(fan: User) -> None:
    disputed(stage.paid(fan, 1_000))
    other = person("grace")
    assert buying.buy(user=other, key=uuid.uuid4(), method="card", coins=100)


def test_the_database_refuses_what_the_services_would_not_write(fan: User) -> None:
    dispute = disputed(stage.paid(fan, 1_000))
    for wrong in (
        {"held_coins": 1_001},
        {"state": "won"},
        {"amount_minor": 0},
        {"fee_minor": -1},
        {"uncovered_minor": dispute.amount_minor + 1},
        {"provider_reference": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.filter(pk=dispute.pk).update(**wrong)
    for double in ("taken", "lost"):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisputeStep.objects.bulk_create(
                DisputeStep(dispute=dispute, number=n, kind=double, created_at=dispute.opened_at)
                for n in (8, 9)
            )


def test_an_order_that_was_not_paid_has_no_disputes(fan: User) -> None:
    order = stage.order(fan)
    complain(order)
    assert Purchase.objects.get().state == "started"
    assert not Dispute.objects.exists()
