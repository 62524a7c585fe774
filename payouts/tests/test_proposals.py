"""Two people for what no answer of the bank books by itself: returns, files never executed."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.approvers import ApproverTooNew
from accounts.models import RightsChange, User
from conftest import person
from foundation.errors import WrongState
from payouts import emails, refusals, timeline
from payouts.batches import bank_files
from payouts.models import Batch, Payout, Proposal, StatementLine
from payouts.proposals import services
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic
from payouts.requests import services as requests
from payouts.tests.bank import books_hold, camt, entry, payment, read, report
from payouts.tests.builders import answered, bank_account, built, eur, fresh, ready, sent

Kind = Proposal.Kind


@pytest.fixture
def gina(db: None) -> User:
    return person("gina", is_staff=True)


@pytest.fixture
def paid(bob: User, dana: User, erin: User) -> Payout:
    payout = ready(bob)
    answered(dana, sent(dana, erin, payout))
    return fresh(payout)


def forged(by: User, payout: Payout, ref: str = "FORGED", ident: str = "S-2") -> list[str]:
    extra = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    row = entry("68.18", payout.end_to_end_id, credit=True, ref=ref, extra=extra)
    return read(by, camt(row, ident=ident))


def test_one_upload_returns_no_payout_that_was_paid(
    paid: Payout, bob: User, dana: User, erin: User
) -> None:
    assert forged(dana, paid) == ["waiting"]
    assert fresh(paid).state == Payout.State.SETTLED
    assert (eur("cash", bob), eur("bank")) == (0, -6818)
    with pytest.raises(WrongState):
        requests.pay_again(creator=bob, payout=paid, key=uuid.uuid4())
    proposal = Proposal.objects.get()
    with pytest.raises(refusals.OwnProposal):
        services.confirm(proposal=proposal, by=dana)
    services.confirm(proposal=proposal, by=erin)
    back = fresh(paid)
    assert (back.state, back.return_reason) == ("returned", "the account is closed (AC04)")
    assert back.method.locked_reason == "the account is closed (AC04)"
    assert (eur("cash", bob), eur("bank")) == (6818, 0)
    assert StatementLine.objects.get(reference="FORGED").outcome == "returned"
    books_hold()


def test_the_same_return_in_another_file_is_known(paid: Payout, dana: User, erin: User) -> None:
    assert forged(dana, paid) == ["waiting"]
    assert forged(erin, paid, ident="S-3") == ["repeated"]
    assert forged(erin, paid, ref="OTHER", ident="S-4") == ["contradicts"]
    services.confirm(proposal=Proposal.objects.get(), by=erin)
    assert forged(dana, paid, ident="S-5") == ["repeated"]
    books_hold()


def test_a_rejected_return_changes_nothing_and_may_be_proposed_again(
    paid: Payout, bob: User, dana: User, erin: User, gina: User
) -> None:
    forged(dana, paid)
    services.reject(proposal=Proposal.objects.get(), by=erin)
    assert (fresh(paid).state, eur("cash", bob)) == (Payout.State.SETTLED, 0)
    with pytest.raises(WrongState):
        services.confirm(proposal=Proposal.objects.get(), by=erin)
    line = StatementLine.objects.get(reference="FORGED")
    again = services.propose_for_line(line=line, kind=Kind.RETURN, by=erin, reason="It is real")
    with pytest.raises(refusals.OwnUpload):
        services.confirm(proposal=again, by=dana)
    services.confirm(proposal=again, by=gina)
    assert (fresh(paid).state, eur("cash", bob)) == (Payout.State.RETURNED, 6818)


def test_the_creator_confirms_no_return_to_themselves(paid: Payout, bob: User, dana: User) -> None:
    forged(dana, paid)
    with pytest.raises(refusals.OwnPayout):
        services.confirm(proposal=Proposal.objects.get(), by=bob)
    assert Proposal.objects.get().state == Proposal.State.OPEN


def by_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now())


def by_right(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)


@pytest.mark.parametrize("way", [by_account, by_right])
def test_nobody_confirms_by_what_was_just_given(
    paid: Payout, dana: User, gina: User, settings: Settings, way: Callable[[User], None]
) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    User.objects.filter(pk=gina.pk).update(date_joined=long_ago)
    RightsChange.objects.update(at=long_ago)
    forged(dana, paid)
    way(gina)
    with pytest.raises(ApproverTooNew):
        services.confirm(proposal=Proposal.objects.get(), by=User.objects.get(pk=gina.pk))
    settings.APPROVER_REST_HOURS = 24
    young = timezone.now() - timedelta(hours=23)
    User.objects.filter(pk=gina.pk).update(date_joined=young)
    RightsChange.objects.update(at=young)
    with pytest.raises(ApproverTooNew):
        services.confirm(proposal=Proposal.objects.get(), by=User.objects.get(pk=gina.pk))
    assert fresh(paid).state == Payout.State.SETTLED


def test_a_reason_is_asked_for(paid: Payout, bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    for reason in ("", "  ", "\u200b", "x" * 201):
        with pytest.raises(refusals.ReasonMissing):
            services.propose_not_executed(batch=batch, by=dana, reason=reason)
    assert not Proposal.objects.exists()


def void(batch: Batch, dana: User, gina: User) -> Proposal:
    proposal = services.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")
    return services.confirm(proposal=proposal, by=gina)


def test_a_file_that_was_never_executed(
    bob: User, carol: User, dana: User, erin: User, gina: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    bank_files.download(batch=batch)
    emails.send_due()
    with pytest.raises(refusals.OwnProposal):
        void(batch, dana, dana)
    services.confirm(proposal=Proposal.objects.get(), by=gina)
    batch.refresh_from_db()
    assert batch.state == Batch.State.VOID
    assert eur("payout_in_transit:bank_file") == eur("bank") == 0
    assert (eur("cash", bob), eur("cash", carol)) == (6818, 1364)
    assert emails.send_due() == 0  # nothing for creators to do
    assert "We'll send it again." in timeline.in_a_sentence(fresh(one))
    for csv in (False, True):
        with pytest.raises(WrongState):
            bank_files.download(batch=batch, csv=csv)
    automatic.send_again()
    automatic.check_requested()
    again = Payout.objects.for_batch("EUR")
    assert {payout.pays_again for payout in again} == {one, two}
    answered(dana, sent(dana, erin, *again))
    assert eur("bank") == -(6818 + 1364)
    books_hold()


def test_a_file_that_was_executed_after_all_is_noticed(
    bob: User, dana: User, erin: User, gina: User
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    void(batch, dana, gina)
    automatic.send_again()
    automatic.check_requested()
    row = (
        '<Ntry><Amt Ccy="EUR">68.18</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><Btch><PmtInfId>'
        f"{message_id(batch.public_id.hex)}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    assert read(dana, camt(row)) == ["contradicts"]
    assert not Payout.objects.for_batch("EUR").exists()
    with pytest.raises(refusals.NothingReady):
        bank_files.build_batch(by=dana)


def test_a_file_of_which_something_was_paid_was_executed(
    bob: User, carol: User, dana: User, erin: User, gina: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    proposal = services.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")
    read(dana, camt(entry("68.18", one.end_to_end_id)))
    with pytest.raises(refusals.BatchAnswered):
        services.confirm(proposal=proposal, by=gina)
    with pytest.raises(refusals.BatchAnswered):
        services.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")
    assert fresh(two).state == Payout.State.SENT


def test_what_the_bank_rejected_before_stays_so(
    bob: User, carol: User, dana: User, erin: User, gina: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    read(dana, report(message_id(batch.public_id.hex), payment(one.end_to_end_id)))
    void(batch, dana, gina)
    assert fresh(one).return_reason == "the account number is wrong (AC01)"
    assert fresh(two).return_cause == "ours"
    assert eur("payout_in_transit:bank_file") == 0
    books_hold()


@pytest.mark.parametrize("state", ["built", "discarded", "closed"])
def test_only_a_file_on_its_way_was_never_executed(
    bob: User, dana: User, erin: User, state: str
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout) if state == "closed" else built(dana, payout)
    if state == "closed":
        answered(dana, batch)
    if state == "discarded":
        bank_files.discard(batch=batch)
    with pytest.raises((WrongState, refusals.BatchAnswered)):
        services.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")


def test_it_is_proposed_once(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    services.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")
    with pytest.raises(refusals.AlreadyProposed):
        services.propose_not_executed(batch=batch, by=erin, reason="The portal refused it")


def test_money_waits_for_details_that_work(bob: User, dana: User, erin: User, gina: User) -> None:
    payout = ready(bob)
    void(sent(dana, erin, payout), dana, gina)
    bank_account(bob, holder="Bob H. Harbour")
    automatic.send_again()
    assert Payout.objects.get(pays_again=payout).method.holder == "Bob H. Harbour"


def test_the_database_wants_two_people_too(
    paid: Payout, bob: User, dana: User, erin: User, gina: User
) -> None:
    batch = sent(dana, erin, ready(bob))
    forged(erin, paid)
    proposal = Proposal.objects.get()
    now = {"state": "confirmed", "decided_at": timezone.now()}
    asked = Proposal.objects.filter(pk=proposal.pk)
    line = StatementLine.objects.get(reference="FORGED")
    with pytest.raises(IntegrityError, match="proposal_needs_two_people"), transaction.atomic():
        asked.update(decided_by=erin, **now)
    services.reject(proposal=proposal, by=dana)
    other = services.propose_for_line(line=line, kind=Kind.RETURN, by=dana, reason="It is real")
    asked = Proposal.objects.filter(pk=other.pk)
    uploader = "proposal_not_confirmed_by_uploader"
    with pytest.raises(IntegrityError, match=uploader), transaction.atomic():
        asked.update(decided_by=erin, **now)
    for wrong in ({"proposed_by": gina}, {"uploaded_by": None}, {"reason": "Another"}):
        with pytest.raises(IntegrityError, match="proposal_is_kept"), transaction.atomic():
            asked.update(**wrong)
    with pytest.raises(IntegrityError, match="proposal_is_kept"), transaction.atomic():
        asked.delete()
    steps: list[tuple[Any, dict[str, Any]]] = [
        (Payout.objects.filter(pk=paid.pk), {"state": "returned"}),
        (Payout.objects.filter(pk=paid.pk), {"state": "returned", "decision": other}),
        (Batch.objects.filter(pk=batch.pk), {"state": "void"}),
        (Batch.objects.filter(pk=batch.pk), {"state": "void", "decision": other}),
    ]
    for rows, change in steps:
        with pytest.raises(IntegrityError, match="step_needs_two_people"), transaction.atomic():
            rows.update(**change)
    services.confirm(proposal=other, by=gina)
    with pytest.raises(IntegrityError, match="proposal_is_kept"), transaction.atomic():
        asked.update(state="open", decided_by=None, decided_at=None)


def test_a_decision_is_good_for_one_step(paid: Payout, dana: User, erin: User) -> None:
    forged(dana, paid)
    services.confirm(proposal=Proposal.objects.get(), by=erin)
    with pytest.raises(IntegrityError, match="step_needs_two_people"), transaction.atomic():
        Payout.objects.filter(pk=paid.pk).update(state="settled")
