"""A held order: paid, not credited, until a person decides, whoever asks meanwhile."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client

import ledger
from accounts.models import User
from foundation.errors import WrongState
from ledger.models import Posting
from wallet.models import Dispute, Purchase, Refund, SandboxPayment, SpendingPolicy, VelocityHit
from wallet.providers.sandbox.disputes import complain
from wallet.purchases import capturing, settlement
from wallet.reviews.deciding import choices, decide
from wallet.tests.disputes.stage import audit
from wallet.tests.velocity.stage import Action, Kind, held, only, order_of, paid
from wallet.velocity.refusals import DecisionUnfit, OwnDecision, ReasonMissing, StaffAccount

pytestmark = pytest.mark.django_db
State, Decision = Purchase.State, VelocityHit.Decision
FIRST = 101  # coins of the order before


def coins_of(user: User, kind: str = "coins") -> int:
    return ledger.balance(kind, "COIN", user.pk)


@pytest.fixture
def hit(carol: User) -> Iterator[VelocityHit]:
    yield held(carol)
    audit()


def test_nobody_credits_a_held_order(hit: VelocityHit) -> None:
    order = order_of(hit)
    assert (order.state, order.captured_at, order.due_at) == (State.REVIEW, None, None)
    for _webhook in range(3):
        assert settlement.inspect(order).state == State.REVIEW
    Purchase.objects.update(due_at=Now())
    settlement.sweep()
    assert (order_of(hit).state, coins_of(hit.user)) == (State.REVIEW, FIRST)
    assert VelocityHit.objects.count() == 1
    with pytest.raises(IntegrityError, match="waits for the decision"), transaction.atomic():
        capturing.capture([order])
    assert coins_of(hit.user) == FIRST


def test_the_order_page_says_it_plainly(client: Client, hit: VelocityHit) -> None:
    client.force_login(hit.user)
    order = order_of(hit)
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    assert "Your payment has arrived. A person checks this order" in page
    assert "Paid; a person checks the order" in page
    assert "doesn&#x27;t match" not in page
    for secret in ("card on one", "rule", "fraud"):
        assert secret not in page.lower().split("<main")[1].split("</main")[0]


def test_a_release_credits_once(hit: VelocityHit, dana: User) -> None:
    done = decide(hit=hit, decision=Decision.RELEASED, by=dana, note="Called the fan.")
    assert (done.decision, done.decided_by, done.note) == ("released", dana, "Called the fan.")
    assert order_of(hit).state == State.PAID
    assert coins_of(hit.user) == FIRST + 100
    with pytest.raises(WrongState):
        decide(hit=hit, decision=Decision.RELEASED, by=dana, note="Again.")
    Purchase.objects.update(due_at=Now())
    settlement.sweep()
    assert coins_of(hit.user) == FIRST + 100
    assert Posting.objects.filter(kind="purchase").count() == 2


def test_a_refund_gives_the_money_back_and_never_the_coins(hit: VelocityHit, dana: User) -> None:
    decide(hit=hit, decision=Decision.REFUNDED, by=dana, note="Stolen.")
    refund = Refund.objects.get()
    assert (refund.state, refund.coins, refund.total) == ("held", 100, order_of(hit).total)
    assert (coins_of(hit.user), coins_of(hit.user, "coins_held")) == (FIRST, 100)
    assert hit.user.is_active


def test_closing_the_account_gives_the_money_back_too(hit: VelocityHit, dana: User) -> None:
    decide(hit=hit, decision=Decision.SUSPENDED, by=dana, note="A thief.")
    assert not User.objects.get(pk=hit.user_id).is_active
    assert Refund.objects.get().coins == 100
    assert coins_of(hit.user) == FIRST


def test_no_colleague_is_closed_by_a_hit(dana: User, erin: User) -> None:
    hit = held(erin)
    with pytest.raises(StaffAccount):
        decide(hit=hit, decision=Decision.SUSPENDED, by=dana, note="A thief.")
    assert User.objects.get(pk=erin.pk).is_active
    assert order_of(hit).state == State.REVIEW


@pytest.mark.parametrize("note", ["", "  ", "\u200b", "x" * 201])
def test_a_decision_needs_a_reason(hit: VelocityHit, dana: User, note: str) -> None:
    with pytest.raises(ReasonMissing):
        decide(hit=hit, decision=Decision.RELEASED, by=dana, note=note)
    assert order_of(hit).state == State.REVIEW


@pytest.mark.parametrize("wanted", ["", "dismissed", "overtaken", "open", "x" * 10_000, "\x00"])
def test_what_does_not_fit_is_no_decision(hit: VelocityHit, dana: User, wanted: str) -> None:
    with pytest.raises(DecisionUnfit):
        decide(hit=hit, decision=wanted, by=dana, note="Well.")
    assert VelocityHit.objects.get().is_open


def test_a_large_order_is_released_by_two_people(hit: VelocityHit, dana: User, erin: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=0)
    proposed = decide(hit=hit, decision=Decision.RELEASED, by=dana, note="Well.")
    assert (proposed.proposed, proposed.proposed_by, proposed.is_open) == ("released", dana, True)
    assert coins_of(hit.user) == FIRST
    with pytest.raises(OwnDecision):
        decide(hit=hit, decision=Decision.RELEASED, by=dana, note="Well.")
    assert coins_of(hit.user) == FIRST
    decide(hit=hit, decision=Decision.RELEASED, by=erin, note="Indeed.")
    assert coins_of(hit.user) == FIRST + 100


def test_a_large_refund_waits_for_its_second_person(hit: VelocityHit, dana: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=0)
    decide(hit=hit, decision=Decision.REFUNDED, by=dana, note="Stolen.")
    assert Refund.objects.get().state == Refund.State.PROPOSED
    assert (coins_of(hit.user), coins_of(hit.user, "coins_held")) == (FIRST, 100)


def test_all_hits_of_an_order_are_decided_together(carol: User, dana: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT)
    rule = only(Kind.COUNTRIES, Action.FLAG)
    type(rule).objects.filter(kind=Kind.CARDS_PER_ACCOUNT).update(active=True)
    paid(carol, 101, card="one")
    Purchase.objects.update(paid_from="US")
    order = paid(carol, 100, card="two")
    found = list(VelocityHit.objects.filter(purchase=order).order_by("action"))
    assert [each.action for each in found] == ["flag", "hold"]
    assert choices(found[0])[0] == Decision.DISMISSED
    decide(hit=found[1], decision=Decision.RELEASED, by=dana, note="Well.")
    assert not VelocityHit.objects.open().exists()
    assert coins_of(carol) == 201


def test_a_flag_is_dismissed_and_nothing_moves(carol: User, dana: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT, Action.FLAG)
    paid(carol, 100, card="one")
    paid(carol, 101, card="two")
    hit = VelocityHit.objects.get()
    postings = Posting.objects.count()
    decide(hit=hit, decision=Decision.DISMISSED, by=dana, note="Two cards of one person.")
    assert Posting.objects.count() == postings
    assert coins_of(carol) == 201


def test_a_flagged_order_is_refunded_as_far_as_it_is_left(carol: User, dana: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT, Action.FLAG)
    paid(carol, 100, card="one")
    order = paid(carol, 101, card="two")
    decide(hit=VelocityHit.objects.get(), decision=Decision.REFUNDED, by=dana, note="Stolen.")
    assert Refund.objects.get().total == order.total


def test_a_dismissed_refusal_lets_the_person_buy(carol: User, dana: User) -> None:
    from wallet.tests import stage
    from wallet.tests.velocity.stage import declined
    from wallet.velocity.refusals import OrderRefused

    only(Kind.FAILED_PAYMENTS, Action.BLOCK)
    for coins in (100, 101):
        declined(carol, coins)
    with pytest.raises(OrderRefused):
        stage.order(carol, 102)
    hit = VelocityHit.objects.get()
    decide(hit=hit, decision=Decision.DISMISSED, by=dana, note="Their bank was down.")
    assert stage.order(carol, 102).state == State.STARTED


def test_the_buyers_bank_overtakes_a_hold(hit: VelocityHit) -> None:
    order = order_of(hit)
    complain(SandboxPayment.objects.get(pk=order.provider_reference))
    settlement.inspect(order)
    hit.refresh_from_db()
    assert (hit.decision, hit.decided_by) == (Decision.OVERTAKEN, None)
    assert Dispute.objects.get().held_coins == 100
    assert coins_of(hit.user) == FIRST


def test_an_order_of_before_traces_is_credited(carol: User) -> None:
    from wallet.models import OrderTrace
    from wallet.tests import stage

    order = stage.order(carol, 100)
    OrderTrace.objects.all().delete()
    stage.press(order, SandboxPayment.State.SUCCEEDED)
    assert settlement.inspect(Purchase.objects.get(pk=order.pk)).state == State.PAID
