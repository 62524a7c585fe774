"""Refunds and disputes at Stripe, in the wallet's words, over HTTP."""

import uuid
from typing import Any

import pytest

from accounts.models import User
from stripe_standin.faults import Kind
from stripe_standin.server import Standin
from wallet.models import Purchase, Refund
from wallet.providers.base import DisputeStatus, Evidence, RefundStatus, Unreachable
from wallet.providers.stripe import client
from wallet.providers.stripe.provider import provider
from wallet.tests.stripe.stage import asked, charge, paid

pytestmark = pytest.mark.django_db
EVIDENCE = Evidence(
    pdf=b"%PDF-1.7 a timeline",
    facts={"customer_name": "Carol", "access_activity_log": "x" * 30_000, "service_date": ""},
)


@pytest.fixture
def purchase(standin: Standin, carol: User) -> Purchase:
    """A paid order that knows its payment."""
    purchase = paid(standin, carol)
    Purchase.objects.update(
        payment_reference=provider.fetch(purchase.provider_reference).payment_reference
    )
    purchase.refresh_from_db()
    return purchase


def refund_of(purchase: Purchase, minor: int) -> Refund:
    return Refund.objects.create(
        key=uuid.uuid4(),
        purchase=purchase,
        coins=0,
        net_minor=minor,
        tax_minor=0,
        currency=purchase.currency,
        reason=Refund.Reason.WITHDRAWAL,
        state=Refund.State.HELD,
    )


def test_all_of_an_order_goes_back_once(standin: Standin, purchase: Purchase) -> None:
    refund = refund_of(purchase, purchase.total_minor)
    first = provider.refund(refund)
    assert provider.refund(refund) == first  # the answer was lost: the key finds it
    assert (first.status, first.refund) == (RefundStatus.DONE, str(refund.public_id))
    assert (first.amount_minor, first.currency) == (purchase.total_minor, purchase.currency)
    assert provider.fetch(purchase.provider_reference).refunds == (first,)


def test_parts_go_back_and_never_more_than_there_was(standin: Standin, purchase: Purchase) -> None:
    provider.refund(refund_of(purchase, 100))
    rest = purchase.total_minor - 100
    too_much = provider.refund(refund_of(purchase, rest + 1))
    assert (too_much.status, too_much.why) == (RefundStatus.FAILED, "amount_too_large")
    assert provider.refund(refund_of(purchase, rest)).status == RefundStatus.DONE
    again = provider.refund(refund_of(purchase, 1))
    assert (again.status, again.why) == (RefundStatus.FAILED, "charge_already_refunded")
    amounts = [r.amount_minor for r in provider.fetch(purchase.provider_reference).refunds]
    assert amounts == [100, rest]


def test_money_given_back_in_the_dashboard_names_no_refund_of_ours(
    standin: Standin, purchase: Purchase
) -> None:
    standin.account.give_back(charge(standin, purchase), 250, {})
    [found] = provider.fetch(purchase.provider_reference).refunds
    assert (found.refund, found.amount_minor, found.status) == ("", 250, RefundStatus.DONE)


def test_a_refund_that_comes_back_failed(standin: Standin, purchase: Purchase) -> None:
    made = provider.refund(refund_of(purchase, 300))
    refund = standin.store.get(made.reference)
    assert refund is not None
    standin.account.fail_refund(refund)
    [found] = provider.fetch(purchase.provider_reference).refunds
    assert (found.status, found.why) == (RefundStatus.FAILED, "expired_or_canceled_card")


@pytest.mark.parametrize("status", ["pending", "requires_action"])
def test_a_refund_on_its_way_is_pending(standin: Standin, purchase: Purchase, status: str) -> None:
    made = provider.refund(refund_of(purchase, 300))
    standin.account.change(standin.store.get(made.reference) or {}, status=status)
    [found] = provider.fetch(purchase.provider_reference).refunds
    assert found.status == RefundStatus.PENDING


@pytest.mark.parametrize("kind", [Kind.ERROR_429, Kind.ERROR_500, Kind.DROP_BEFORE])
def test_what_is_unclear_is_neither_done_nor_refused(
    standin: Standin, purchase: Purchase, kind: Kind
) -> None:
    refund = refund_of(purchase, 300)
    standin.faults.order(kind, times=client.RETRIES + 1, method="POST")
    with pytest.raises(Unreachable):
        provider.refund(refund)
    standin.faults.clear()
    assert provider.refund(refund).status == RefundStatus.DONE
    assert len(standin.store.all("refund")) == 1


def test_a_refund_whose_answer_was_lost_is_made_once(standin: Standin, purchase: Purchase) -> None:
    standin.faults.order(Kind.DROP_AFTER, times=client.RETRIES + 1, method="POST")
    refund = refund_of(purchase, 300)
    with pytest.raises(Unreachable):
        provider.refund(refund)
    standin.faults.clear()
    assert provider.refund(refund).status == RefundStatus.DONE
    assert len(standin.store.all("refund")) == 1


@pytest.mark.parametrize(("won", "ends"), [(True, "won"), (False, "lost")])
def test_a_dispute_from_its_opening_to_its_end(
    standin: Standin, purchase: Purchase, won: bool, ends: str
) -> None:
    dispute = standin.account.open_dispute(charge(standin, purchase))
    [opened] = provider.fetch(purchase.provider_reference).disputes
    assert (opened.status, opened.inquiry) == (DisputeStatus.NEEDS_RESPONSE, False)
    assert (opened.amount_minor, opened.fee_minor) == (purchase.total_minor, 1_500)
    assert opened.evidence_due_at is not None and opened.reason == "fraudulent"
    provider.hand_in(opened.reference, EVIDENCE)
    provider.hand_in(opened.reference, EVIDENCE)  # the answer was lost
    [under_review] = provider.fetch(purchase.provider_reference).disputes
    assert under_review.status == DisputeStatus.UNDER_REVIEW
    kept = standin.store.get(dispute["id"])
    assert kept is not None and kept["evidence_details"]["submission_count"] == 1
    assert kept["evidence"]["customer_name"] == "Carol"
    assert len(kept["evidence"]["access_activity_log"]) == 20_000
    file = standin.store.get(kept["evidence"]["uncategorized_file"])
    assert file is not None and file["size"] == len(EVIDENCE.pdf)
    standin.account.close_dispute(kept, won=won)
    [closed] = provider.fetch(purchase.provider_reference).disputes
    assert closed.status == ends


def test_more_refunds_than_a_charge_brings_along_are_all_read(
    standin: Standin, purchase: Purchase
) -> None:
    for minor in range(1, 13):
        standin.account.give_back(charge(standin, purchase), minor, {})
    amounts = [r.amount_minor for r in provider.fetch(purchase.provider_reference).refunds]
    assert amounts == list(range(1, 13))


def test_a_refund_that_failed_is_told_though_the_charge_no_longer_counts_it(
    standin: Standin, purchase: Purchase
) -> None:
    refund = standin.account.give_back(charge(standin, purchase), 250, {})
    standin.account.fail_refund(refund)
    assert charge(standin, purchase)["amount_refunded"] == 0
    [found] = provider.fetch(purchase.provider_reference).refunds
    assert (found.amount_minor, found.status) == (250, RefundStatus.FAILED)


def test_payments_of_one_batch_share_the_question_for_disputes(
    standin: Standin, carol: User
) -> None:
    """An inquiry too, which does not mark its charge, and each with its own."""
    quiet, inquired, disputed = (paid(standin, carol, coins) for coins in (1_000, 1_200, 1_500))
    standin.account.open_dispute(charge(standin, inquired), inquiry=True)
    standin.account.open_dispute(charge(standin, disputed))
    assert charge(standin, inquired)["disputed"] is False
    seen, fetch = asked(standin), provider.together([])
    found = [fetch(each.provider_reference) for each in (quiet, inquired, disputed)]
    assert [[d.inquiry for d in payment.disputes] for payment in found] == [[], [True], [False]]
    assert found == [
        provider.fetch(each.provider_reference) for each in (quiet, inquired, disputed)
    ]
    forms = [form for form, _params in seen]
    assert forms.count("/v1/disputes") == 1 + 3  # of the batch once, of each by itself once each
    assert "/v1/refunds" not in forms


def test_the_disputes_of_an_older_payment_are_asked_for_by_themselves(
    standin: Standin, purchase: Purchase
) -> None:
    """A dispute may be older than the list of those opened lately; this payment's is asked for."""
    old = charge(standin, purchase)
    standin.account.open_dispute(old)
    standin.account.change(standin.store.get(old["id"]) or {}, created=old["created"] - 90_000)
    seen = asked(standin)
    [found] = provider.together([])(purchase.provider_reference).disputes
    assert found.status == DisputeStatus.NEEDS_RESPONSE
    [params] = [params for form, params in seen if form == "/v1/disputes"]
    assert params["payment_intent"] == purchase.payment_reference


def test_an_inquiry_moves_no_money_and_a_withdrawn_one_is_won(
    standin: Standin, purchase: Purchase
) -> None:
    dispute = standin.account.open_dispute(charge(standin, purchase), inquiry=True)
    [asked] = provider.fetch(purchase.provider_reference).disputes
    assert (asked.inquiry, asked.fee_minor) == (True, 0)
    standin.account.close_dispute(dispute, won=True)
    [closed] = provider.fetch(purchase.provider_reference).disputes
    assert (closed.inquiry, closed.status) == (True, DisputeStatus.WON)


def test_what_no_bank_decided_is_told_by_its_money(standin: Standin, purchase: Purchase) -> None:
    dispute = standin.account.open_dispute(charge(standin, purchase))
    standin.account.change(dispute, status="prevented")
    assert status_of(purchase) == DisputeStatus.LOST
    standin.account.change(dispute, status="prevented", balance_transactions=[])
    assert status_of(purchase) == DisputeStatus.WON


def status_of(purchase: Purchase) -> DisputeStatus:
    [found] = provider.fetch(purchase.provider_reference).disputes
    return found.status


def test_a_dispute_that_was_decided_takes_no_evidence(standin: Standin, purchase: Purchase) -> None:
    dispute = standin.account.open_dispute(charge(standin, purchase))
    standin.account.close_dispute(dispute, won=False)
    provider.hand_in(dispute["id"], EVIDENCE)
    assert status_of(purchase) == DisputeStatus.LOST


def test_a_key_that_stripe_refuses_is_unreachable_and_not_in_the_log(
    standin: Standin, purchase: Purchase, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_wrong_0123456789"
    with pytest.raises(Unreachable):
        provider.fetch(purchase.provider_reference)
    assert "Stripe refuses our request: AuthenticationError" in caplog.text
    assert "0123456789" not in caplog.text


def test_an_unknown_payment_is_unreachable(standin: Standin) -> None:
    with pytest.raises(Unreachable):
        provider.fetch("cs_test_none")
