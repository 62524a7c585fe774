"""One person proposes what is booked by hand, with a reason; another confirms or rejects it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.approvers import refuse_new
from accounts.models import User
from foundation.errors import WrongState
from foundation.texts import reason_in
from payouts import refusals
from payouts.approvers import RIGHTS
from payouts.models import BankBalance, Batch, Proposal, StatementLine
from payouts.proposals import bookings
from payouts.wakeup import wake_worker

Kind = Proposal.Kind
Outcome = StatementLine.Outcome
REASON_LENGTH = 200


def propose_for_line(
    *, line: StatementLine, kind: "Proposal.Kind", by: User, reason: str
) -> Proposal:
    """Propose what a row of a statement means. Raises `DoesNotApply`, `AlreadyProposed`,
    `ReasonMissing`.
    """
    _refuse_for_line(line, kind)
    charge = bookings.charge_of(line) if kind == Kind.CHARGE else 0
    return _create(
        Proposal(
            kind=kind,
            line=line,
            payout=line.payout,
            batch=line.batch,
            currency=line.currency or (line.payout.currency if line.payout else ""),
            amount_minor=charge,
            uploaded_by=line.statement.uploaded_by,
        ),
        by=by,
        reason=reason,
    )


def propose_not_executed(*, batch: Batch, by: User, reason: str) -> Proposal:
    """Propose that the bank never executed a file. Raises `WrongState`, `BatchAnswered`,
    `AlreadyProposed`, `ReasonMissing`.
    """
    bookings.refuse_answered(batch)
    proposal = Proposal(kind=Kind.NOT_EXECUTED, batch=batch, currency=batch.currency)
    return _create(proposal, by=by, reason=reason)


def propose_explanation(
    *, balance: BankBalance, by: User, reason: str, amount_minor: int | None = None
) -> Proposal:
    """Propose why the bank's balance differs: by an amount from the ledger, or, without one, from
    the statement before. Raises `AlreadyProposed`, `ReasonMissing`.
    """
    proposal = Proposal(
        kind=Kind.GAP if amount_minor is None else Kind.DIFFERENCE,
        balance=balance,
        currency=balance.currency,
        amount_minor=amount_minor or 0,
        uploaded_by=balance.statement.uploaded_by,
    )
    return _create(proposal, by=by, reason=reason)


@transaction.atomic
def confirm(*, proposal: Proposal, by: User) -> Proposal:
    """Book what another person proposed. Raises `WrongState`, `OwnProposal`, `OwnUpload`,
    `OwnPayout`, `ApproverTooNew`, and what stands in the way of the booking.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state != Proposal.State.OPEN:
        raise WrongState
    _refuse_confirmer(proposal, by)
    _decide(proposal, Proposal.State.CONFIRMED, by)
    bookings.book(proposal, by=by)
    wake_worker()
    return proposal


@transaction.atomic
def reject(*, proposal: Proposal, by: User) -> Proposal:
    """Turn a proposal down; nothing is booked. The proposer may too. Raises `WrongState`."""
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state != Proposal.State.OPEN:
        raise WrongState
    _decide(proposal, Proposal.State.REJECTED, by)
    wake_worker()  # an email may have waited for this
    return proposal


def _create(proposal: Proposal, *, by: User, reason: str) -> Proposal:
    if proposal.kind == Kind.DIFFERENCE and not proposal.amount_minor:
        raise refusals.AmountUnreadable
    if not (said := reason_in(reason, REASON_LENGTH)):
        raise refusals.ReasonMissing
    proposal.reason, proposal.proposed_by = said, by
    try:
        _insert(proposal)
    except IntegrityError as error:
        raise refusals.AlreadyProposed from error
    return proposal


@transaction.atomic
def _insert(proposal: Proposal) -> None:
    proposal.save(force_insert=True)


def _decide(proposal: Proposal, state: "Proposal.State", by: User) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


def _refuse_confirmer(proposal: Proposal, by: User) -> None:
    """Refuse a second person who is the first, or gains by it, or was made for it."""
    if by.pk == proposal.proposed_by_id:
        raise refusals.OwnProposal
    if by.pk == proposal.uploaded_by_id:
        raise refusals.OwnUpload
    refuse_new(by, rights=RIGHTS, since=proposal.proposed_at)


def _refuse_for_line(line: StatementLine, kind: "Proposal.Kind") -> None:
    """Refuse a proposal that cannot be about such a row."""
    if kind == Kind.CHARGE:
        fits = bookings.charge_of(line) > 0
    elif kind == Kind.RETURN:
        fits = line.outcome == Outcome.WAITING
    else:
        fits = kind in Proposal.VERDICTS and line.outcome == Outcome.CONTRADICTS
    if not fits:
        raise refusals.DoesNotApply(reason=_("the row says something else."))
