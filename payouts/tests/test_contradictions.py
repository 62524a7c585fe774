"""The bank pays what it had refused: the money is in no file until two people have settled that."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from payouts import refusals
from payouts.batches import bank_files
from payouts.models import Batch, Payout, Proposal, StatementLine
from payouts.proposals import services
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic
from payouts.requests import services as requests
from payouts.summary import summary
from payouts.tests.bank import books_hold, camt, entry, payment, read, report
from payouts.tests.browsers import browser
from payouts.tests.builders import built, confirm_all, eur, fresh, ready, sent


@pytest.fixture(autouse=True)
def gina(db: None) -> User:
    """A second person of long standing."""
    return person("gina", is_staff=True, is_superuser=True)


def refused(bob: User, dana: User, erin: User) -> Payout:
    """A payout that the bank refused for an unknown reason."""
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    row = payment(payout.end_to_end_id, reason="XY99")
    assert read(dana, report(message_id(batch.public_id.hex), row)) == ["returned"]
    return fresh(payout)


def paid_again(bob: User, payout: Payout) -> Payout:
    again = requests.pay_again(creator=bob, payout=payout, key=uuid.uuid4())
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
        requests.pay_again(creator=bob, payout=first, key=uuid.uuid4())
    assert not Payout.objects.filter(pays_again=first).exists()


def test_a_payment_that_slipped_in_meanwhile_stays_too(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    again = paid_again(bob, first)
    late_debit(dana, first)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger
        Payout.objects.filter(pk=again.pk).update(held_reason="", held_at=None)
        cursor.execute("SET LOCAL session_replication_role = origin")
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


def test_two_people_settle_it_and_nobody_alone(
    bob: User, dana: User, erin: User, gina: User
) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    assert on_the_first_page(dana)
    listed = reverse("admin:payouts_payout_changelist") + "?contradiction=yes"
    assert "€68.18" in browser(dana).get(listed).content.decode()
    page = browser(dana).get(reverse("admin:payouts_payout_change", args=[first.pk]))
    assert "now it has paid it" in page.content.decode()
    assert "The bank&#x27;s row is wrong" in page.content.decode()
    line = StatementLine.objects.get(outcome="contradicts")
    press = reverse("admin:payouts_bankstatement_propose", args=[line.statement_id])
    browser(erin).post(press, {"line": line.pk, "kind": "wrong_row", "reason": "Their test system"})
    proposal = Proposal.objects.get()
    with pytest.raises(refusals.OwnProposal):
        services.confirm(proposal=proposal, by=erin)
    with pytest.raises(refusals.OwnUpload):
        services.confirm(proposal=proposal, by=dana)
    assert fresh(first).held_reason
    browser(gina).post(reverse("admin:payouts_proposal_confirm", args=[proposal.pk]))
    assert fresh(first).held_reason == ""
    assert not on_the_first_page(dana)
    with pytest.raises(WrongState):
        services.confirm(proposal=proposal, by=gina)
    assert paid_again(bob, first).state == Payout.State.READY
    assert eur("bank") == 0
    books_hold()


def verdict(dana: User, kind: "Proposal.Kind") -> Proposal:
    """Propose what the contradicting row means, and confirm it as another person."""
    line = StatementLine.objects.get(outcome="contradicts")
    proposal = services.propose_for_line(line=line, kind=kind, by=dana, reason="The bank told us")
    return services.confirm(proposal=proposal, by=User.objects.get(handle="gina"))


def test_what_was_paid_after_all_is_settled_from_the_creators_cash(
    bob: User, dana: User, erin: User
) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    verdict(dana, Proposal.Kind.PAID)
    assert (fresh(first).state, fresh(first).return_reason) == (Payout.State.SETTLED, "")
    assert (eur("bank"), eur("cash", bob), eur("payout_claims")) == (-6818, 0, 0)
    assert read(dana, camt(entry("68.18", first.end_to_end_id), ident="S-2")) == ["repeated"]
    assert summary(bob).paid_this_year.amount == Decimal("68.18")
    books_hold()


def test_a_second_payment_that_waits_is_cancelled(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    again = paid_again(bob, first)
    late_debit(dana, first)
    verdict(dana, Proposal.Kind.PAID)
    assert fresh(again).state == Payout.State.CANCELLED
    assert not Payout.objects.exclude(held_reason="").exists()
    assert (eur("bank"), eur("cash", bob)) == (-6818, 0)
    books_hold()


def test_a_second_payment_in_a_file_is_taken_out_first(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    batch = built(dana, paid_again(bob, first))
    late_debit(dana, first)
    with pytest.raises(refusals.PayoutInBatch):
        verdict(dana, Proposal.Kind.PAID)
    bank_files.discard(batch=batch)
    confirm_all(erin)
    assert fresh(first).state == Payout.State.SETTLED
    books_hold()


def test_the_same_money_paid_twice_is_a_claim(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    again = paid_again(bob, first)
    sent(dana, erin, again)
    late_debit(dana, first)
    verdict(dana, Proposal.Kind.PAID)
    assert (eur("bank"), eur("payout_claims")) == (-6818, 6818)
    assert fresh(first).state == Payout.State.RETURNED
    assert read(dana, camt(entry("68.18", again.end_to_end_id, ref="R7"), ident="S-2")) == [
        "settled"
    ]
    assert (eur("bank"), eur("cash", bob)) == (-2 * 6818, 0)
    books_hold()


def paid_twice(bob: User, dana: User, erin: User) -> Payout:
    payout = ready(bob)
    sent(dana, erin, payout)
    rows = [entry("68.18", payout.end_to_end_id, ref=ref) for ref in ("R1", "R2")]
    assert read(dana, camt(*rows)) == ["settled", "contradicts"]
    assert read(dana, camt(rows[1], ident="S-2")) == ["contradicts"]
    line = StatementLine.objects.filter(outcome="contradicts").first()
    assert line is not None
    proposal = services.propose_for_line(
        line=line, kind=Proposal.Kind.PAID, by=dana, reason="Both left"
    )
    services.confirm(proposal=proposal, by=erin)
    return fresh(payout)


def test_a_debit_that_two_files_tell_of_is_booked_once(bob: User, dana: User, erin: User) -> None:
    payout = paid_twice(bob, dana, erin)
    assert not StatementLine.objects.filter(outcome="contradicts").exists()
    assert (payout.state, payout.held_reason) == (Payout.State.SETTLED, "")
    assert (eur("bank"), eur("payout_claims")) == (-2 * 6818, 6818)
    assert read(dana, camt(entry("68.18", payout.end_to_end_id, ref="R2"), ident="S-3")) == [
        "repeated"
    ]
    books_hold()


def test_the_second_of_two_payments_comes_back_and_the_payout_stays_paid(
    bob: User, dana: User, erin: User
) -> None:
    payout = paid_twice(bob, dana, erin)
    row = entry("68.18", payout.end_to_end_id, ref="BACK", credit=True)
    assert read(dana, camt(row, ident="S-4")) == ["waiting"]
    confirm_all(erin)
    assert fresh(payout).state == Payout.State.SETTLED
    assert (eur("bank"), eur("payout_claims"), eur("cash", bob)) == (-6818, 0, 0)
    row = entry("68.18", payout.end_to_end_id, ref="BACK-2", credit=True)
    assert read(dana, camt(row, ident="S-5")) == ["waiting"]
    confirm_all(erin)
    assert fresh(payout).state == Payout.State.RETURNED
    assert (eur("bank"), eur("cash", bob)) == (0, 6818)
    books_hold()


def test_the_second_payment_comes_back_less_a_charge(bob: User, dana: User, erin: User) -> None:
    payout = paid_twice(bob, dana, erin)
    charge = '<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
    row = entry("66.68", payout.end_to_end_id, ref="BACK", credit=True, extra=charge)
    assert read(dana, camt(row, ident="S-4")) == ["waiting"]
    confirm_all(erin)
    assert (eur("bank"), eur("payout_claims")) == (-6818, 0)
    line = StatementLine.objects.get(reference="BACK")
    services.propose_for_line(line=line, kind=Proposal.Kind.CHARGE, by=dana, reason="Their list")
    confirm_all(User.objects.get(handle="gina"))
    assert (eur("bank"), eur("payout_fees")) == (-6818 - 150, 150)
    books_hold()


@pytest.mark.parametrize(
    ("amount", "kind", "account", "held"),
    [
        ("69.68", Proposal.Kind.PAID_WITH_CHARGE, "payout_fees", 150),
        ("69.68", Proposal.Kind.PAID, "payout_claims", 150),
        ("60.00", Proposal.Kind.PAID, "payout_claims", -818),
    ],
)
def test_another_amount_is_booked_as_the_bank_paid_it(
    bob: User, dana: User, erin: User, amount: str, kind: "Proposal.Kind", account: str, held: int
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    assert read(dana, camt(entry(amount, payout.end_to_end_id))) == ["contradicts"]
    verdict(dana, kind)
    assert fresh(payout).state == Payout.State.SETTLED
    assert Batch.objects.get(pk=batch.pk).state == Batch.State.CLOSED
    assert (eur("bank"), eur(account)) == (-6818 - held, held)
    books_hold()


def test_less_than_the_payout_is_no_charge(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    read(dana, camt(entry("60.00", payout.end_to_end_id)))
    with pytest.raises(refusals.DoesNotApply):
        verdict(dana, Proposal.Kind.PAID_WITH_CHARGE)
    assert (fresh(payout).state, eur("bank")) == (Payout.State.SENT, 0)


def test_what_the_bank_paid_before_a_restore_is_settled_without_a_file(
    bob: User, dana: User
) -> None:
    payout = ready(bob)
    late_debit(dana, payout)
    verdict(dana, Proposal.Kind.PAID)
    assert (fresh(payout).state, fresh(payout).batch) == (Payout.State.SETTLED, None)
    assert (eur("bank"), eur("cash", bob)) == (-6818, 0)
    books_hold()


def test_what_was_cancelled_and_paid_is_a_claim(bob: User, dana: User) -> None:
    payout = ready(bob)
    requests.cancel(payout=payout, by=bob)
    late_debit(dana, payout)
    verdict(dana, Proposal.Kind.PAID)
    assert (fresh(payout).state, eur("payout_claims")) == (Payout.State.CANCELLED, 6818)
    books_hold()


def test_a_whole_file_with_its_charge_is_settled(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    row = (
        '<Ntry><Amt Ccy="EUR">82.82</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><Btch><PmtInfId>'
        f"{message_id(batch.public_id.hex)}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    assert read(dana, camt(row)) == ["contradicts"]
    verdict(dana, Proposal.Kind.PAID_WITH_CHARGE)
    assert {fresh(one).state, fresh(two).state} == {Payout.State.SETTLED}
    assert not Payout.objects.exclude(held_reason="").exists()
    assert (eur("bank"), eur("payout_fees")) == (-8282, 100)
    books_hold()


def test_a_report_moves_no_money_and_another_currency_is_not_ours(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id).replace("EUR", "SEK")
    assert read(dana, camt(row)) == ["contradicts"]
    with pytest.raises(refusals.DoesNotApply, match="another currency"):
        verdict(dana, Proposal.Kind.PAID)
    services.reject(proposal=Proposal.objects.get(), by=dana)
    verdict(dana, Proposal.Kind.WRONG_ROW)
    assert read(dana, camt(entry("68.18", payout.end_to_end_id), ident="S-2")) == ["settled"]
    rejection = payment(payout.end_to_end_id)
    assert read(dana, report(message_id(batch.public_id.hex), rejection)) == ["contradicts"]
    with pytest.raises(refusals.DoesNotApply, match="moves no money"):
        verdict(dana, Proposal.Kind.PAID)
    assert (fresh(payout).state, eur("bank")) == (Payout.State.SETTLED, -6818)


def test_each_contradiction_is_settled_before_the_money_is_free(
    bob: User, dana: User, erin: User
) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    assert read(dana, camt(entry("68.18", first.end_to_end_id, ref="R2"))) == ["contradicts"]
    lines = list(StatementLine.objects.filter(outcome="contradicts"))
    for line in lines:
        assert fresh(first).held_reason
        proposal = services.propose_for_line(
            line=line, kind=Proposal.Kind.WRONG_ROW, by=dana, reason="A test of theirs"
        )
        services.confirm(proposal=proposal, by=erin)
    assert fresh(first).held_reason == ""


def test_the_database_knows_it_too(bob: User, dana: User, erin: User) -> None:
    first = refused(bob, dana, erin)
    late_debit(dana, first)
    line = StatementLine.objects.get(outcome="contradicts")
    proposal = services.propose_for_line(
        line=line, kind=Proposal.Kind.WRONG_ROW, by=dana, reason="A test of theirs"
    )
    mine = Payout.objects.filter(pk=first.pk)
    for wrong in (
        {"held_reason": ""},
        {"held_reason": "", "decision": proposal},
        {"state": "settled"},
    ):
        with pytest.raises(IntegrityError, match="step_needs_two_people"), transaction.atomic():
            mine.update(**wrong)
