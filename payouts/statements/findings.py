"""Findings: the meaning of a statement's row for the payout that it names."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from payouts.models import Payout, StatementLine
from payouts.rails.bank_file.rows import Row
from payouts.statements.matching import batch_named

Outcome = StatementLine.Outcome

NOT_LEFT = {
    Payout.State.REQUESTED,
    Payout.State.READY,
    Payout.State.BATCHED,
    Payout.State.CANCELLED,
}


@dataclass(frozen=True)
class Finding:
    """The outcome of a row for the payout it names."""

    outcome: "StatementLine.Outcome"
    note: str = ""


def decide(row: Row, payout: Payout | None) -> Finding:
    """Return the finding of a row; only a row that fits in every point moves money."""
    if payout is None:
        return _decide_nameless(row)
    if not row.booked:
        return Finding(Outcome.UNKNOWN, _("The bank hasn't booked this yet."))
    sums = (row.amount_minor, row.currency)
    if row.amount_minor is not None and sums != (payout.amount_minor, payout.currency):
        return Finding(
            Outcome.CONTRADICTS, _("The payout amount is %(ours)s.") % {"ours": payout.amount}
        )
    if payout.state in NOT_LEFT:
        state = {"state": payout.get_state_display()}
        return Finding(Outcome.CONTRADICTS, _("The payout hasn't been sent: %(state)s.") % state)
    if row.rejected:
        return _decide_rejection(row, payout)
    return _decide_return(row, payout) if row.credit else _decide_debit(row, payout)


def _decide_rejection(row: Row, payout: Payout) -> Finding:
    if payout.state == Payout.State.SENT:
        return Finding(Outcome.RETURNED, row.reason)
    if payout.state == Payout.State.RETURNED:
        return Finding(Outcome.REPEATED)
    return Finding(Outcome.CONTRADICTS, _("The bank statement says it was paid."))


def _decide_nameless(row: Row) -> Finding:
    """A row without a payout: not ours, or a whole file of ours in another sum than it had."""
    batch = batch_named(row.batch_reference) if row.batch_reference else None
    if batch is None:
        return Finding(Outcome.UNKNOWN)
    return Finding(
        Outcome.CONTRADICTS, _("The bank file total is %(ours)s.") % {"ours": batch.total}
    )


def _decide_debit(row: Row, payout: Payout) -> Finding:
    if payout.state == Payout.State.SENT:
        return Finding(Outcome.SETTLED)
    if _booked_before(row, payout, Outcome.SETTLED):
        return Finding(Outcome.REPEATED)
    if payout.state == Payout.State.SETTLED:
        earlier = {"reference": payout.provider_reference}
        return Finding(
            Outcome.CONTRADICTS, _("The bank already accepted this as %(reference)s.") % earlier
        )
    return Finding(Outcome.CONTRADICTS, _("The bank already returned this."))


def _decide_return(row: Row, payout: Payout) -> Finding:
    if payout.state in {Payout.State.SENT, Payout.State.SETTLED}:
        return Finding(Outcome.RETURNED, row.reason)
    if _booked_before(row, payout, Outcome.RETURNED):
        return Finding(Outcome.REPEATED)
    return Finding(
        Outcome.CONTRADICTS, _("The bank already returned this under another reference.")
    )


def _booked_before(row: Row, payout: Payout, outcome: "StatementLine.Outcome") -> bool:
    """Return whether an earlier line is this very transaction: the same reference, or none to
    compare.
    """
    lines = payout.statement_lines.filter(outcome=outcome)
    return any(line.reference in {row.reference, ""} or not row.reference for line in lines)
