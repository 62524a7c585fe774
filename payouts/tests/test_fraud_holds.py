"""No payout leaves while a fraud check holds its creator."""

import pytest

from accounts.models import Trace, User
from accounts.traces import Kind as Of
from accounts.traces import hidden
from payouts import refusals
from payouts.batches import bank_files
from payouts.models import Payout
from payouts.requests import automatic
from payouts.tests.builders import DUTCH, bank_account, built, fresh, ready, requested
from wallet.models import VelocityHit, VelocityRule
from wallet.reviews.deciding import decide
from wallet.velocity.counting import Tally
from wallet.velocity.creators import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def hit(bob: User) -> VelocityHit:
    rule = VelocityRule.objects.get(kind=VelocityRule.Kind.SHARED_WITH_FANS)
    written = found(rule, Tally(90), bob)
    assert written
    return written


def release(hit: VelocityHit, by: User) -> None:
    decide(hit=hit, decision="released", by=by, note="Well.")


def test_a_requested_payout_waits_for_the_decision(hit: VelocityHit, bob: User, dana: User) -> None:
    payout = requested(bob)
    automatic.check_requested()
    payout = fresh(payout)
    assert payout.state == Payout.State.REQUESTED
    assert payout.needs_attention == "Waiting: A fraud check is to be decided."
    release(hit, dana)
    Payout.objects.update(due_at=payout.created_at)
    automatic.check_requested()
    assert fresh(payout).state == Payout.State.READY


def test_a_payout_that_is_ready_comes_into_no_file(bob: User, dana: User) -> None:
    payout = ready(bob)
    found(VelocityRule.objects.get(kind=VelocityRule.Kind.SHARED_WITH_FANS), Tally(90), bob)
    with pytest.raises(refusals.NothingFits):
        built(dana, payout)
    assert fresh(payout).needs_attention == "A fraud check is to be decided."
    release(VelocityHit.objects.get(), dana)
    assert built(dana, payout).payouts.get() == payout


def test_a_file_that_was_built_is_not_approved(bob: User, dana: User, erin: User) -> None:
    batch = built(dana, ready(bob))
    found(VelocityRule.objects.get(kind=VelocityRule.Kind.SHARED_WITH_FANS), Tally(90), bob)
    with pytest.raises(refusals.FraudCheckOpen):
        bank_files.approve(batch=batch, by=erin)
    assert Payout.objects.get().state == Payout.State.BATCHED
    release(VelocityHit.objects.get(), dana)
    bank_files.approve(batch=batch, by=erin)
    assert Payout.objects.get().state == Payout.State.SENT


def test_a_flag_holds_no_payout(bob: User) -> None:
    found(VelocityRule.objects.get(kind=VelocityRule.Kind.LINKED_FANS), Tally(90), bob)
    assert ready(bob).state == Payout.State.READY


def test_a_bank_account_is_known_again_and_its_iban_cannot_be_read(bob: User, carol: User) -> None:
    bank_account(bob)
    bank_account(carol, holder="Carol Harbour")
    kept = Trace.objects.filter(kind=Of.BANK, value=hidden(Of.BANK, DUTCH))
    assert set(kept.values_list("user", flat=True)) == {bob.pk, carol.pk}
    assert not Trace.objects.filter(value__contains=DUTCH[-6:]).exists()
