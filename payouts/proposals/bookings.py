"""What a confirmed proposal books, so that `bank` in the ledger agrees with the bank."""

from collections.abc import Callable, Iterable

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

import ledger
from accounts.models import User
from foundation.bank_files.reasons import Cause
from foundation.errors import WrongState
from ledger.models import Key, Transfer
from payouts import refusals
from payouts.batches import bank_files
from payouts.models import Batch, Payout, Proposal, StatementLine
from payouts.postings import decided_facts
from payouts.statements.booking import Answer, Booking
from payouts.statements.matching import locked_families

Kind = Proposal.Kind
Outcome = StatementLine.Outcome
State = Payout.State
# The postings that a proposal makes besides the steps of payouts, and the account beside `bank`.
POSTINGS = {"bank_charge": "payout_fees", "payout_claim": "payout_claims"}


def book(proposal: Proposal, *, by: User) -> None:
    """Book a proposal that was just confirmed. Raises `DoesNotApply`, `WrongState`, `OwnPayout`,
    `BatchAnswered`, `PayoutInBatch`.
    """
    books: dict[str, Callable[[Proposal, User], None]] = {
        Kind.RETURN: _return,
        Kind.NOT_EXECUTED: _not_executed,
        Kind.CHARGE: _charge,
        Kind.PAID: _happened,
        Kind.PAID_WITH_CHARGE: _happened,
        Kind.WRONG_ROW: _wrong_row,
    }
    if proposal.kind in books:  # an explanation books nothing
        books[proposal.kind](proposal, by)


def charge_of(line: StatementLine) -> int:
    """Return the bank's charge that a row shows: beside a payout, or the row itself."""
    if line.outcome in {Outcome.SETTLED, Outcome.RETURNED}:
        return line.charge_minor
    own = line.outcome == Outcome.UNKNOWN and line.payout_id is None and line.batch_id is None
    return line.amount_minor if own and line.credit is False and line.currency else 0


def claimed_of(payout: Payout) -> int:
    """Return what the bank paid out for a payout beyond its amount and has not given back."""
    asked = Proposal.objects.confirmed().filter(payout=payout)
    keys = [f"proposal:{public_id}" for public_id in asked.values_list("public_id", flat=True)]
    postings = Key.objects.filter(key__in=keys, posting__kind="payout_claim").values("posting")
    moved = Transfer.objects.filter(posting__in=postings)
    out = Sum("amount", filter=Q(to_account__kind="bank"), default=0)
    back = Sum("amount", filter=Q(from_account__kind="bank"), default=0)
    sums = moved.aggregate(out=out, back=back)
    return int(sums["out"] - sums["back"])


def refuse_answered(batch: Batch) -> None:
    """Refuse to call a file never executed that left nothing open, or of which the bank paid
    something.
    """
    if not batch.payouts.filter(state=State.SENT).exists():
        raise WrongState
    if paid := batch.payouts.filter(events__state=State.SETTLED).first():
        raise refusals.BatchAnswered(payout=paid.short_id)


def _return(proposal: Proposal, by: User) -> None:
    line, payouts = _line(proposal), _payouts(proposal, by)
    payout = _named(line, payouts)[0]
    if payout.state != State.SETTLED:
        raise WrongState
    booking = Booking(payouts, proposal)
    covered = _came_back(booking, payout, payouts, line)
    booking.write()
    _take(line, Outcome.RETURNED)
    if not covered:  # whole, as a payout comes back whole: the charge is booked by itself
        _post(proposal, "payout_claim", -(line.amount_minor + line.charge_minor))


def _not_executed(proposal: Proposal, by: User) -> None:
    payouts = _payouts(proposal, by)
    batch = proposal.batch
    if batch is None:
        raise WrongState
    batch = Batch.objects.get(pk=batch.pk)
    refuse_answered(batch)
    booking = Booking(payouts, proposal)
    for payout in payouts:
        if payout.batch_id == batch.pk and payout.state == State.SENT:
            said = _("our bank didn't execute our file")
            booking.give_back(payout, Answer(payout.end_to_end_id, said, Cause.OURS, rejected=True))
    booking.write()
    batch.move(Batch.State.VOID, decision=proposal)


def _charge(proposal: Proposal, by: User) -> None:
    if proposal.line is None or charge_of(proposal.line) != proposal.amount_minor:
        raise WrongState
    _post(proposal, "bank_charge", proposal.amount_minor)


def _happened(proposal: Proposal, by: User) -> None:
    line, payouts = _line(proposal), _payouts(proposal, by)
    _refuse_without_money(line, payouts)
    booking = Booking(payouts, proposal)
    step = _came_back if line.credit else _left
    covered = sum(step(booking, payout, payouts, line) for payout in _named(line, payouts))
    more = covered - line.amount_minor if line.credit else line.amount_minor - covered
    if proposal.kind == Kind.PAID_WITH_CHARGE and not (covered and more > 0):
        raise refusals.DoesNotApply(reason=_("the difference is no charge."))
    _take(line, Outcome.RETURNED if line.credit else Outcome.SETTLED)
    _free(booking, payouts)
    booking.write()
    if more:
        charge = proposal.kind == Kind.PAID_WITH_CHARGE
        _post(proposal, "bank_charge" if charge else "payout_claim", more)
    bank_files.close_answered({p.batch_id for p in payouts if p.batch_id})


def _wrong_row(proposal: Proposal, by: User) -> None:
    line, payouts = _line(proposal), _payouts(proposal, by)
    _take(line, Outcome.DISMISSED)
    booking = Booking(payouts, proposal)
    _free(booking, payouts)
    booking.write()


def _left(booking: Booking, payout: Payout, family: list[Payout], line: StatementLine) -> int:
    """Book that money left for a payout; return how much of the row that explains."""
    if payout.state == State.SENT:
        booking.settle(payout, _answer(line))
        return payout.amount_minor
    if payout.state not in {State.RETURNED, State.REQUESTED, State.READY, State.BATCHED}:
        return 0  # it was paid before, or its diamonds went back: the bank's money is gone
    again = next((p for p in family if p.pays_again_id == payout.pk and _counts(p)), None)
    if State.BATCHED in {payout.state, again and again.state}:
        raise refusals.PayoutInBatch(payout=(again or payout).short_id)
    if again is not None and not again.can_cancel:
        return 0  # the same money left twice
    if again is not None:
        booking.cancel(again)
    booking.settle_from_cash(payout, _answer(line))
    return payout.amount_minor


def _came_back(booking: Booking, payout: Payout, family: list[Payout], line: StatementLine) -> int:
    """Book that a payout came back; return how much of the row that explains."""
    twice = claimed_of(payout) >= payout.amount_minor  # what comes back is the second payment
    if payout.state not in {State.SENT, State.SETTLED} or twice:
        return 0
    booking.give_back(payout, _answer(line))
    return payout.amount_minor


def _counts(payout: Payout) -> bool:
    return payout.state != State.CANCELLED


def _free(booking: Booking, payouts: list[Payout]) -> None:
    """End the hold of payouts of which no contradiction is left."""
    lines = StatementLine.objects.filter(outcome=Outcome.CONTRADICTS)
    batches = {payout.batch_id for payout in payouts if payout.batch_id}
    open_lines = lines.filter(payout__in=payouts) | lines.filter(batch__in=batches)
    if open_lines.exists():
        return
    for payout in payouts:
        if payout.held_reason:
            booking.free(payout)


def _take(line: StatementLine, outcome: "StatementLine.Outcome") -> None:
    """Note what became of a row, and that other files tell of the same transaction."""
    StatementLine.objects.filter(pk=line.pk).update(outcome=outcome)
    if line.payout_id and line.reference and outcome != Outcome.DISMISSED:
        same = StatementLine.objects.filter(
            outcome=Outcome.CONTRADICTS,
            payout=line.payout_id,
            credit=line.credit,
            reference=line.reference,
        )
        same.exclude(statement=line.statement_id).update(outcome=Outcome.REPEATED)


def _line(proposal: Proposal) -> StatementLine:
    """Return the row as it is under the lock of its proposal."""
    line = StatementLine.objects.get(pk=proposal.line_id or 0)
    if line.outcome not in {Outcome.WAITING, Outcome.CONTRADICTS}:
        raise WrongState
    return line


def _payouts(proposal: Proposal, by: User) -> list[Payout]:
    """Return what a proposal is about and all that pay the same money, locked. Raises
    `OwnPayout`.
    """
    wanted = Payout.objects.filter(pk=proposal.payout_id or 0)
    if proposal.payout_id is None:
        wanted = Payout.objects.filter(batch__isnull=False, batch=proposal.batch_id)
    payouts = locked_families(wanted)
    if any(payout.creator_id == by.pk for payout in payouts):
        raise refusals.OwnPayout
    return payouts


def _named(line: StatementLine, payouts: list[Payout]) -> list[Payout]:
    """Return the payouts of which a row speaks: one, or those of a file that it moves."""
    if line.payout_id:
        return [payout for payout in payouts if payout.pk == line.payout_id]
    moves = State.SETTLED if line.credit else State.SENT
    return [p for p in payouts if p.batch_id == line.batch_id and p.state == moves]


def _refuse_without_money(line: StatementLine, payouts: Iterable[Payout]) -> None:
    if line.credit is None:
        raise refusals.DoesNotApply(reason=_("a status report moves no money."))
    if any(payout.currency != line.currency for payout in payouts):
        raise refusals.DoesNotApply(reason=_("the row is in another currency."))


def _answer(line: StatementLine) -> Answer:
    reason = line.note if line.outcome == Outcome.WAITING else ""
    return Answer(line.reference or line.end_to_end_id or "-", reason, line.cause)


def _post(proposal: Proposal, kind: str, amount: int) -> None:
    """Post that the bank holds so much less than our payouts say; below zero, so much more."""
    unit = proposal.currency
    account, bank = ledger.account_id(POSTINGS[kind], unit), ledger.account_id("bank", unit)
    sides = (account, bank) if amount > 0 else (bank, account)
    legs = [ledger.Leg(unit, *sides, abs(amount))]
    key, told = f"proposal:{proposal.public_id}", decided_facts(proposal.pk)
    ledger.post_one(key=key, kind=kind, legs=legs, input=told)
