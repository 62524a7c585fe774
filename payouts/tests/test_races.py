"""Two at once, each with its control: the same test with the guard removed finds the race."""

import uuid
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.db.models import QuerySet

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import DomainError, WrongState
from ledger import checks
from payouts import emails
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import BankStatement, Batch, Payout, PayoutEvent, Proposal, StatementLine
from payouts.proposals import services as proposals
from payouts.rails.bank_file.sample import statement_for
from payouts.requests import automatic, quotes, services
from payouts.statements import bank_statements, booking
from payouts.tests.builders import (
    answered,
    bank_account,
    built,
    eur,
    give_diamonds,
    ready,
    requested,
    sent,
)
from testing import threads
from testing.threads import meet_after

Patch = pytest.MonkeyPatch
together = partial(threads.together, returned=(DomainError, IntegrityError))


def no_row_locks(patch: Patch) -> None:
    patch.setattr(QuerySet, "select_for_update", lambda self, **options: self._chain())


def no_compare_and_set(patch: Patch) -> None:
    """Steps without a check: what `move` would be without its condition."""

    def payout_moves(
        self: Payout, to: str, *, note: str = "", notify: bool = False, **to_set: Any
    ) -> None:
        Payout.objects.filter(pk=self.pk).update(state=to, **to_set)
        PayoutEvent.objects.create(payout=self, state=to, note=note)
        self.refresh_from_db()

    def batch_moves(self: Batch, to: str, **to_set: Any) -> None:
        Batch.objects.filter(pk=self.pk).update(state=to, **to_set)

    patch.setattr(Payout, "move", payout_moves)
    patch.setattr(booking, "WRITE", booking.WRITE.replace(" AND p.state = c.before", ""))
    patch.setattr(Batch, "move", batch_moves)


@pytest.fixture
def bob(committed: None) -> User:
    return person("bob", is_creator=True)


@pytest.fixture
def staff(committed: None) -> list[User]:
    return [person(name, is_staff=True, is_superuser=True) for name in ("dana", "erin", "gina")]


def books_hold() -> bool:
    return not checks.run()


def ask_for_700_dollars_twice(bob: User, patch: Patch) -> list[Any]:
    bank_account(bob)
    give_diamonds(bob, 200_000)
    meet_after(patch, services, "_within_limits")
    return together(
        lambda n: services.request_payout(creator=bob, diamonds=93_334, key=uuid.uuid4())
    )


def test_two_requests_stay_within_one_day(bob: User, monkeypatch: Patch) -> None:
    answers = ask_for_700_dollars_twice(bob, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["AboveDayLimit", "Payout"]
    assert Payout.objects.count() == 1
    assert books_hold()


def test_control_without_the_creators_lock_two_requests_break_the_day(
    bob: User, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(bank_accounts, "lock_creator", lambda creator: None)
    answers = ask_for_700_dollars_twice(bob, monkeypatch)
    assert [type(answer) for answer in answers] == [Payout, Payout]
    assert quotes.day_left_micro_usd(bob) == 0


def ask_for_the_same_diamonds(bob: User, patch: Patch) -> list[Any]:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    meet_after(patch, services, "_within_limits")
    return together(
        lambda n: services.request_payout(creator=bob, diamonds=5_000, key=uuid.uuid4())
    )


def test_the_same_diamonds_are_paid_once(bob: User, monkeypatch: Patch) -> None:
    answers = ask_for_the_same_diamonds(bob, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotEnoughDiamonds", "Payout"]
    assert eur("cash", bob) == 3409
    assert books_hold()


def test_the_ledger_pays_them_once_even_without_the_lock(bob: User, monkeypatch: Patch) -> None:
    monkeypatch.setattr(bank_accounts, "lock_creator", lambda creator: None)
    answers = ask_for_the_same_diamonds(bob, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotEnough", "Payout"]
    assert (Payout.objects.count(), eur("cash", bob)) == (1, 3409)
    assert books_hold()


def test_control_without_the_ledgers_guard_they_are_paid_twice(
    bob: User, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(bank_accounts, "lock_creator", lambda creator: None)
    monkeypatch.setattr(services, "_convert", lambda payout: None)
    answers = ask_for_the_same_diamonds(bob, monkeypatch)
    assert [type(answer) for answer in answers] == [Payout, Payout]


def press_twice(bob: User, patch: Patch) -> list[Any]:
    bank_account(bob)
    give_diamonds(bob, 10_000)
    key = uuid.uuid4()
    meet_after(patch, services, "_within_limits")
    return together(lambda n: services.request_payout(creator=bob, diamonds=5_000, key=key))


def test_one_key_is_one_payout(bob: User, monkeypatch: Patch) -> None:
    first, second = press_twice(bob, monkeypatch)
    assert first == second
    assert eur("cash", bob) == 3409


def test_control_without_the_lock_the_second_request_hits_the_constraint(
    bob: User, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(bank_accounts, "lock_creator", lambda creator: None)
    answers = press_twice(bob, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "Payout"]


def approve_twice(bob: User, staff: list[User], patch: Patch) -> list[Any]:
    dana, *approvers = staff
    batch = built(dana, ready(bob))
    meet_after(patch, bank_files, "_files")
    return together(lambda n: bank_files.approve(batch=batch, by=approvers[n]))


def test_two_approvals_are_one(bob: User, staff: list[User], monkeypatch: Patch) -> None:
    answers = approve_twice(bob, staff, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["Batch", "WrongState"]
    assert PayoutEvent.objects.filter(state="sent").count() == 1
    assert eur("payout_in_transit:bank_file") == 6818
    assert books_hold()


def test_compare_and_set_refuses_the_second_approval_without_the_lock(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    no_row_locks(monkeypatch)
    answers = approve_twice(bob, staff, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["Batch", "WrongState"]


def test_control_without_both_guards_the_second_approval_gets_to_the_database(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    no_row_locks(monkeypatch)
    no_compare_and_set(monkeypatch)
    answers = approve_twice(bob, staff, monkeypatch)
    # A posting's key remembers who let the file go; a second later its bytes would be others.
    assert {type(answer) for answer in answers} in (
        {Batch, ledger.KeyReused},
        {Batch, IntegrityError},
    )
    assert PayoutEvent.objects.filter(state="sent").count() == 1
    assert eur("payout_in_transit:bank_file") == 6818


def hand_in_twice(bob: User, staff: list[User], patch: Patch) -> list[Any]:
    dana, erin, _gina = staff
    content = statement_for(sent(dana, erin, ready(bob)))
    meet_after(patch, bank_statements, "decide")
    return together(lambda n: bank_statements.read_statement(content=content, by=staff[n]))


def test_the_same_statement_at_once_is_booked_once(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    answers = hand_in_twice(bob, staff, monkeypatch)
    assert {report.pk for report, _new in answers} == {BankStatement.objects.get().pk}
    assert sorted(new for _report, new in answers) == [False, True]
    assert StatementLine.objects.count() == 1
    assert eur("bank") == -6818
    assert books_hold()


def test_control_without_the_unique_hash_there_are_two_reports_of_one_booking(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    monkeypatch.setattr(bank_statements, "fingerprint", lambda file: uuid.uuid4().hex)
    hand_in_twice(bob, staff, monkeypatch)
    assert BankStatement.objects.count() == 2
    outcomes = StatementLine.objects.values_list("outcome", flat=True)
    assert sorted(outcomes) == ["repeated", "settled"]
    assert eur("bank") == -6818


def test_control_without_hash_and_locks_the_same_row_is_taken_twice(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    monkeypatch.setattr(bank_statements, "fingerprint", lambda file: uuid.uuid4().hex)
    no_row_locks(monkeypatch)
    no_compare_and_set(monkeypatch)
    hand_in_twice(bob, staff, monkeypatch)
    assert StatementLine.objects.filter(outcome="settled").count() == 2
    assert eur("bank") == -6818  # the posting's key holds even now


def test_two_builders_share_nothing(bob: User, staff: list[User]) -> None:
    ready(bob), ready(bob, 2_000)
    answers = together(lambda n: bank_files.build_batch(by=staff[n]))
    assert sorted(type(answer).__name__ for answer in answers) == ["Batch", "NothingReady"]
    assert Batch.objects.get().payouts.count() == 2


def test_cancelled_or_built_but_not_both(bob: User, staff: list[User]) -> None:
    payout = ready(bob)
    together(
        lambda n: (
            bank_files.build_batch(by=staff[0]) if n else services.cancel(payout=payout, by=bob)
        )
    )
    payout.refresh_from_db()
    cancelled = payout.state == Payout.State.CANCELLED
    assert cancelled != Batch.objects.exists()
    assert eur("cash", bob) == (0 if cancelled else 6818)
    assert books_hold()


def test_sweeps_take_each_request_once(bob: User) -> None:
    for _ in range(6):
        requested(bob, 1_500)
    answers = together(lambda n: automatic.check_requested(), times=4)
    assert sum(answers) == 6
    assert PayoutEvent.objects.filter(state="ready").count() == 6


def test_control_without_row_locks_sweeps_trip_over_each_other(
    bob: User, monkeypatch: Patch
) -> None:
    no_row_locks(monkeypatch)
    requested(bob, 1_500)
    meet_after(monkeypatch, automatic, "_obstacle")
    answers = together(lambda n: automatic.check_requested())
    assert any(isinstance(answer, WrongState) for answer in answers)


def test_emails_are_sent_once(bob: User) -> None:
    bank_account(bob)
    assert sum(together(lambda n: emails.send_due(), times=4)) == 1
    assert len(mail.outbox) == 1


def confirm_twice(bob: User, staff: list[User], patch: Patch) -> list[Any]:
    dana, *others = staff
    payout = ready(bob)
    answered(dana, sent(dana, staff[1], payout), returned=(payout,))
    meet_after(patch, proposals, "_refuse_confirmer")
    proposal = Proposal.objects.get()
    return together(lambda n: proposals.confirm(proposal=proposal, by=others[n]))


def test_two_confirmations_are_one(bob: User, staff: list[User], monkeypatch: Patch) -> None:
    answers = confirm_twice(bob, staff, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["Proposal", "WrongState"]
    assert (eur("cash", bob), eur("bank")) == (6818, 0)
    assert books_hold()


def test_the_trigger_refuses_the_second_confirmation_without_the_lock(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    no_row_locks(monkeypatch)
    answers = confirm_twice(bob, staff, monkeypatch)
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "Proposal"]
    assert (eur("cash", bob), eur("bank")) == (6818, 0)
