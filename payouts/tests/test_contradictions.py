"""The bank pays what it had refused: the money is in no file until two people have settled that."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from foundation.errors import WrongState
from payouts import refusals
from payouts.batches import bank_files
from payouts.models import Batch, Payout
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic, services
from payouts.statements import contradictions
from payouts.tests.bank import books_hold, camt, entry, payment, read, report
from payouts.tests.browsers import browser
from payouts.tests.builders import built, eur, fresh, ready, sent


def refused(bob: User, dana: User, erin: User) -> Payout:
    """A payout that the bank refused for an unknown reason."""
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    row = payment(payout.end_to_end_id, reason="XY99")
    assert read(dana, report(message_id(batch.public_id.hex), row)) == ["returned"]
    return fresh(payout)


def paid_again(bob: User, payout: Payout) -> Payout:
    again = services.pay_again(creator=bob, payout=payout, key=uuid.uuid4())
    automatic.check_requested()
    return fresh(again)


def late_debit(dana: User, payout: Payout) -> None:
    assert read(dana, camt(entry("68.18", payout.end_to_end_id))) == ["contradicts"]


def test_what_pays_the_same_money_stays_out_of_batches(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    again, other = paid_again(bob, first), ready(bob, 2_000)
    late_debit(dana, first)
    assert fresh(first).held_reason == fresh(again).held_reason != ""
    assert fresh(other).held_reason == ""
    batch = bank_files.build_batch(by=dana)
    assert [payout.pk for payout in batch.payouts.all()] == [other.pk]
    assert eur("cash", bob) == 6818 + 1364
    books_hold()


def test_a_batch_built_before_does_not_leave(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    batch = built(dana, paid_again(bob, first))
    late_debit(dana, first)
    with pytest.raises(refusals.PayoutHeld):
        bank_files.approve(batch=batch, by=erin)
    assert Batch.objects.get(pk=batch.pk).state == Batch.State.BUILT


@pytest.mark.parametrize("csv", [False, True])
def test_an_approved_file_is_not_handed_out(bob: User, dana: User, erin: User, csv: bool) -> None:
    first = refused(bob, dana, erin)
    batch = sent(dana, erin, paid_again(bob, first))
    late_debit(dana, first)
    with pytest.raises(refusals.PayoutHeld):
        bank_files.download(batch=batch, csv=csv)


def test_what_was_paid_after_all_is_not_paid_again(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    with pytest.raises(refusals.PayoutHeld):
        services.pay_again(creator=bob, payout=first, key=uuid.uuid4())
    assert not Payout.objects.filter(pays_again=first).exists()


def test_a_payment_that_slipped_in_meanwhile_stays_too(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    again = paid_again(bob, first)
    late_debit(dana, first)
    Payout.objects.filter(pk=again.pk).update(held_reason="", held_at=None)
    with pytest.raises(refusals.NothingReady):
        bank_files.build_batch(by=dana)


def test_a_file_in_another_sum_marks_all_of_it(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    row = (
        '<Ntry><Amt Ccy="EUR">81.81</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><Btch><PmtInfId>'
        f"{message_id(batch.public_id.hex)}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    assert read(dana, camt(row)) == ["contradicts"]
    assert fresh(one).held_reason == fresh(two).held_reason != ""


def on_the_first_page(dana: User) -> bool:
    entries = browser(dana).get(reverse("admin:index")).context["queues"]
    first = entries[0]["queue"]
    assert (first.name, entries[0]["href"].endswith("?contradiction=yes")) == (
        "contradictions",
        True,
    )
    return bool(first.count and first.late)


def test_two_people_settle_it_and_nobody_alone(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    assert on_the_first_page(dana)
    listed = reverse("admin:payouts_payout_changelist") + "?contradiction=yes"
    assert "€68.18" in browser(dana).get(listed).content.decode()
    page = browser(dana).get(reverse("admin:payouts_payout_change", args=[first.pk]))
    assert "now it has paid it" in page.content.decode()
    with pytest.raises(refusals.OwnContradiction):
        contradictions.settle(payout=first, by=bob)
    press = reverse("admin:payouts_payout_settle", args=[first.pk])
    browser(dana).post(press)
    with pytest.raises(refusals.SettledByOne):
        contradictions.settle(payout=first, by=dana)
    assert fresh(first).held_reason
    browser(erin).post(press)
    assert fresh(first).held_reason == ""
    assert not on_the_first_page(dana)
    with pytest.raises(WrongState):
        contradictions.settle(payout=first, by=erin)
    assert paid_again(bob, first).state == Payout.State.READY


def test_the_database_knows_it_too(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    mine = Payout.objects.filter(pk=first.pk)
    for wrong in (
        {"held_seen_by": dana, "held_settled_by": dana, "held_reason": ""},
        {"held_reason": ""},
        {"held_settled_by": dana, "held_reason": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**wrong)


def test_a_new_contradiction_asks_both_again(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    contradictions.settle(payout=first, by=dana)
    assert read(dana, camt(entry("68.18", first.end_to_end_id, ref="R2"))) == ["contradicts"]
    assert not contradictions.settle(payout=first, by=dana)
    assert contradictions.settle(payout=first, by=erin)
