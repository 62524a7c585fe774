"""From diamonds to a bank account, with everything that banks and people do in between."""

from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

import ledger
from accounts.models import User
from foundation.errors import WrongState
from giftplatform.tests.journal.money_in import pick
from giftplatform.tests.journal.world import DAY, Batch, Creator, Payout, World, worth_in_cents
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import Proposal
from payouts.proposals import services as proposals
from payouts.rails.bank_file import sample
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic, services
from payouts.statements import bank_statements
from payouts.tests.bank import payment, report

IBAN = "DE89370400440532013000"
FEWEST_DIAMONDS = 14  # ten cents, as the stage sets it
DAY_LIMIT_MICRO_USD = 1_000_000_000
WAITING = {"requested", "ready"}


class MoneyOut(RuleBasedStateMachine):
    """Rules of paying out."""

    world: World
    staff: ClassVar[tuple[User, User]]

    def of_state(self, *states: str) -> list[Payout]:
        """Return the payouts that stand there."""
        return [payout for payout in self.world.payouts if payout.state in states]

    def open_batches(self, *states: str) -> list[Batch]:
        """Return the batches that stand there."""
        return [batch for batch in self.world.batches if batch.state in states]

    @rule(who=pick, share=st.sampled_from([1, 10, 50, 100, 101]))
    def a_payout_is_requested(self, who: int, share: int) -> None:
        creator = self.world.creators[who % len(self.world.creators)]
        diamonds, key = creator.available * share // 100, uuid4()
        if expected := self.refused(creator, diamonds):
            with pytest.raises(expected):
                services.request_payout(creator=creator.user, diamonds=diamonds, key=key)
            return
        rows = [
            services.request_payout(creator=creator.user, diamonds=diamonds, key=key) for _ in "12"
        ]
        assert rows[0].pk == rows[1].pk
        amount = worth_in_cents(diamonds)
        assert rows[0].amount_minor == amount
        payout = Payout(rows[0], creator, key, diamonds, amount, at=self.world.now)
        self.under_way(payout)
        with pytest.raises(ledger.KeyReused):
            services.request_payout(creator=creator.user, diamonds=diamonds + 1, key=key)

    def refused(self, creator: Creator, diamonds: int) -> type[Exception] | None:
        """Return why the request must be refused, or nothing."""
        recent = [
            payout.diamonds
            for payout in creator.payouts
            if payout.state != "cancelled" and payout.at > self.world.now - DAY
        ]
        if creator.locked:
            return refusals.MethodLocked
        if diamonds < FEWEST_DIAMONDS:
            return refusals.BelowMinimum
        if diamonds > creator.available:
            return refusals.NotEnoughDiamonds
        if (sum(recent) + diamonds) * 7_500 > DAY_LIMIT_MICRO_USD:
            return refusals.AboveDayLimit
        return None

    @precondition(lambda self: self.of_state("requested", "ready", "batched", "sent"))
    @rule(which=pick)
    def a_payout_is_called_off(self, which: int) -> None:
        under_way = self.of_state("requested", "ready", "batched", "sent")
        payout = under_way[which % len(under_way)]
        payout.row.refresh_from_db()
        if payout.state not in WAITING:
            with pytest.raises(WrongState):
                services.cancel(payout=payout.row, by=payout.creator.user)
            return
        services.cancel(payout=payout.row, by=payout.creator.user)
        payout.state = "cancelled"

    @precondition(lambda self: self.of_state("requested"))
    @rule()
    def requests_are_checked(self) -> None:
        automatic.check_requested()
        for payout in self.of_state("requested"):
            payout.row.refresh_from_db()
            if not payout.stale:
                assert payout.row.state == "ready", payout.row.needs_attention
                payout.state = "ready"

    @precondition(lambda self: self.of_state("ready"))
    @rule()
    def a_batch_is_built(self) -> None:
        leaving = [p for p in self.of_state("ready") if not p.stale]
        if not leaving:
            with pytest.raises(refusals.NothingReady):
                bank_files.build_batch(by=self.staff[0])
            return
        batch = Batch(bank_files.build_batch(by=self.staff[0]), self.staff[0], leaving)
        for payout in leaving:
            payout.state, payout.batch = "batched", batch
        self.world.batches.append(batch)

    @precondition(lambda self: self.open_batches("built"))
    @rule(which=pick)
    def a_batch_is_approved(self, which: int) -> None:
        built = self.open_batches("built")
        batch = built[which % len(built)]
        with pytest.raises(refusals.NeedsTwoPeople):
            bank_files.approve(batch=batch.row, by=self.staff[0])
        if any(payout.stale for payout in batch.payouts):
            with pytest.raises(refusals.BatchStale):
                bank_files.approve(batch=batch.row, by=self.staff[1])
            return
        bank_files.approve(batch=batch.row, by=self.staff[1])
        with pytest.raises(WrongState):
            bank_files.approve(batch=batch.row, by=self.staff[1])
        first, second = (bank_files.download(batch=batch.row) for _ in "12")
        assert first == second
        batch.state = "approved"
        for payout in batch.payouts:
            payout.state = "sent"

    @precondition(lambda self: self.of_state("requested", "ready"))
    @rule(which=pick, back=st.lists(pick, max_size=2), answers=st.booleans())
    def money_leaves_and_the_bank_answers(self, which: int, back: list[int], answers: bool) -> None:
        """Go the whole way at once, so that runs of few steps come to its end too."""
        self.requests_are_checked()
        if self.of_state("ready"):
            self.a_batch_is_built()
        if self.open_batches("built"):
            self.a_batch_is_approved(which)
        if answers and self.open_batches("approved"):
            self.the_bank_answers(which, back)

    @precondition(lambda self: self.open_batches("built"))
    @rule(which=pick)
    def a_batch_is_taken_apart(self, which: int) -> None:
        built = self.open_batches("built")
        batch = built[which % len(built)]
        bank_files.discard(batch=batch.row)
        batch.state = "discarded"
        for payout in batch.payouts:
            payout.state, payout.batch = "ready", None
            payout.details = payout.creator.details

    @precondition(lambda self: self.open_batches("approved"))
    @rule(which=pick, back=st.lists(pick, max_size=2))
    def the_bank_answers(self, which: int, back: list[int]) -> None:
        sent = self.open_batches("approved")
        batch = sent[which % len(sent)]
        returned = list({batch.payouts[n % len(batch.payouts)] for n in back})
        for payout in batch.payouts:
            payout.row.refresh_from_db()
        content = sample.statement_for(batch.row, returned=[payout.row for payout in returned])
        _report, fresh = bank_statements.read_statement(content=content, by=self.staff[0])
        assert fresh != (content in batch.statements)
        batch.statements.append(content)
        for proposal in Proposal.objects.open():
            with pytest.raises(refusals.OwnProposal):
                proposals.confirm(proposal=proposal, by=self.staff[0])
            proposals.confirm(proposal=proposal, by=self.staff[1])
        for payout in batch.payouts:
            payout.state = "settled" if payout.state == "sent" else payout.state
        for payout in returned:
            if payout.state == "settled":
                payout.state = "returned"
                payout.creator.locked |= payout.details == payout.creator.details

    @precondition(lambda self: self.of_state("sent"))
    @rule(which=pick)
    def the_bank_rejects_one_before_it_leaves(self, which: int) -> None:
        sent = self.of_state("sent")
        payout = sent[which % len(sent)]
        assert payout.batch
        about = message_id(payout.batch.row.public_id.hex)
        content = report(about, payment(payout.row.end_to_end_id))
        for fresh in (True, False):
            assert bank_statements.read_statement(content=content, by=self.staff[0])[1] == fresh
        payout.state = "returned"
        payout.creator.locked |= payout.details == payout.creator.details

    @precondition(lambda self: any(batch.statements for batch in self.world.batches))
    @rule(which=pick)
    def a_statement_is_uploaded_again(self, which: int) -> None:
        contents = [content for batch in self.world.batches for content in batch.statements]
        content = contents[which % len(contents)]
        _report, fresh = bank_statements.read_statement(content=content, by=self.staff[1])
        assert not fresh

    @precondition(lambda self: any(creator.locked for creator in self.world.creators))
    @rule()
    def bank_details_are_entered_again(self) -> None:
        for creator in self.world.creators:
            if creator.locked:
                bank_accounts.add_method(creator=creator.user, holder="Somebody", iban=IBAN)
                creator.enter_details()

    @precondition(lambda self: self.of_state("returned"))
    @rule(which=pick)
    def returned_money_is_sent_again(self, which: int) -> None:
        returned = self.of_state("returned")
        first = returned[which % len(returned)]
        creator, key = first.creator, uuid4()
        again = [p for p in creator.payouts if p.again is first and p.state != "cancelled"]
        expected = (
            refusals.MethodLocked
            if creator.locked
            else refusals.AlreadyPaidAgain
            if again
            else None
        )
        if expected:
            with pytest.raises(expected):
                services.pay_again(creator=creator.user, payout=first.row, key=key)
            return
        rows = [services.pay_again(creator=creator.user, payout=first.row, key=key) for _ in "12"]
        assert rows[0].pk == rows[1].pk
        self.under_way(
            Payout(rows[0], creator, key, 0, first.amount, at=self.world.now, again=first)
        )

    def under_way(self, payout: Payout) -> None:
        """Note a payout that goes to the details in use now."""
        payout.details = payout.creator.details
        payout.creator.payouts.append(payout)
