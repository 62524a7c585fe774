"""Locks are taken in one order, so that no two transactions wait for each other.

Without its order each of these ends in PostgreSQL's *deadlock detected*: what would be tried once
more elsewhere is not here.
"""

from collections.abc import Callable

import pytest
from django.db.models.functions import Now

import ledger
from accounts.models import User
from conftest import person
from foundation import transactions
from ledger import checks
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import Batch, Payout, PayoutMethod
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic, quotes
from payouts.statements import bank_statements, booking
from payouts.tests.bank import camt, entry, payment, report
from payouts.tests.builders import bank_account, give_diamonds, ready, sent
from testing.threads import Meeting, meet_after, side_by_side, together

Patch = pytest.MonkeyPatch


def meet_at_locks(patch: Patch) -> None:
    """Let the weekly worker, once it has its claim, meet the thread that has locked the creator."""
    meeting = Meeting()
    meet_after(patch, quotes, "most_today", meeting)
    meet_after(patch, bank_accounts, "lock_creator", meeting)


def test_the_weekly_worker_and_its_switch_never_wait_for_each_other(
    bob: User, monkeypatch: Patch
) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    bank_accounts.set_weekly(creator=bob, weekly=True)
    PayoutMethod.objects.update(next_auto_at=Now())
    meet_at_locks(monkeypatch)
    side_by_side(automatic.ask_weekly, lambda: bank_accounts.set_weekly(creator=bob, weekly=False))
    assert not PayoutMethod.objects.get().auto_weekly
    assert Payout.objects.count() <= 1
    assert not checks.run()


@pytest.fixture(autouse=True)
def no_second_try(monkeypatch: Patch) -> None:
    monkeypatch.setattr(transactions, "lost_race", lambda error: False)


@pytest.fixture
def bob(committed: None) -> User:
    return person("bob", is_creator=True)


@pytest.fixture
def staff(committed: None) -> list[User]:
    return [person(name, is_staff=True, is_superuser=True) for name in ("dana", "erin", "gina")]


def two_of_each(bob: User, staff: list[User]) -> tuple[list[Payout], list[Payout]]:
    """Four payouts on their way, of two creators: the bank answers one of each in each file."""
    ann = person("ann", is_creator=True)
    four = [ready(bob), ready(ann), ready(ann), ready(bob)]
    sent(staff[0], staff[1], *four)
    return four[:2], four[2:]


def sent_back(payouts: list[Payout]) -> bytes:
    """A statement on which these payouts come back."""
    rows = (entry("68.18", p.end_to_end_id, credit=True, ref=p.short_id) for p in payouts)
    return camt(*rows)


def rejected(payouts: list[Payout]) -> bytes:
    """A status report that the bank did not take these payouts."""
    batch = Batch.objects.get()
    rows = (payment(p.end_to_end_id, reason="MS03") for p in payouts)
    return report(message_id(batch.public_id.hex), *rows)


@pytest.mark.parametrize("file", [sent_back, rejected])
def test_two_files_that_return_to_the_same_creators_never_wait_for_each_other(
    bob: User, staff: list[User], monkeypatch: Patch, file: Callable[[list[Payout]], bytes]
) -> None:
    pairs = two_of_each(bob, staff)
    monkeypatch.setattr(booking, "AT_ONCE", 1)  # so that they meet between two postings
    meet_after(monkeypatch, ledger, "post")
    files = [file(pair) for pair in pairs]
    together(lambda n: bank_statements.read_statement(content=files[n], by=staff[2]))
    assert set(Payout.objects.values_list("state", flat=True)) == {Payout.State.RETURNED}
    assert not checks.run()


def test_a_batch_closes_when_two_files_answer_its_two_halves_at_once(
    bob: User, staff: list[User], monkeypatch: Patch
) -> None:
    halves = two_of_each(bob, staff)
    ledger.account_id("bank", "EUR")  # opened before, or the second file waits for the first here
    meet_after(monkeypatch, bank_files, "close_answered")
    files = [
        camt(*(entry("68.18", p.end_to_end_id, ref=p.short_id) for p in half)) for half in halves
    ]
    together(lambda n: bank_statements.read_statement(content=files[n], by=staff[2]))
    assert set(Payout.objects.values_list("state", flat=True)) == {Payout.State.SETTLED}
    assert Batch.objects.get().state == Batch.State.CLOSED
