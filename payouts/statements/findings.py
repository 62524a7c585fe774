"""Findings: the meaning of a statement's row for the payout that it names."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.bank_files.reasons import Cause
from foundation.bank_files.rows import Row
from payouts.models import Batch, Payout, StatementLine

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


@dataclass(frozen=True)
class Known:
    """What stands before a row is decided: its batch, and what earlier files booked."""

    batch: Batch | None = None  # of which the row, or the report it stands in, speaks
    earlier: Collection[tuple[str, str]] = ()  # outcome and the bank's reference
    pending: bool = False  # a return of it waits for a second person

    def booked(self, row: Row, outcome: "StatementLine.Outcome") -> bool:
        """Return whether an earlier file had this very transaction: the same reference, or none to
        compare. Two rows of one file are two transactions.
        """
        references = {reference for found, reference in self.earlier if found == outcome}
        return bool(references) and (not row.reference or bool(references & {row.reference, ""}))


def decide(row: Row, payout: Payout | None, known: Known) -> Finding:
    """Return the finding of a row; only a row that fits in every point moves money."""
    if payout is None:
        return _decide_nameless(row, known.batch)
    if not row.booked:
        return Finding(Outcome.UNKNOWN, row.reason or _("The bank hasn't booked this yet."))
    if note := _does_not_fit(row, payout):
        return Finding(Outcome.CONTRADICTS, note)
    if row.rejected:
        return _decide_rejection(row, payout, known)
    return _decide_return(row, payout, known) if row.credit else _decide_debit(row, payout, known)


def _does_not_fit(row: Row, payout: Payout) -> str:
    """Return what a row says that cannot be of this payout; nothing if it may be."""
    if row.amount_minor is not None and not row.pays(payout.amount_minor, payout.currency):
        return _("The payout amount is %(ours)s.") % {"ours": payout.amount}
    if row.amount_minor is None and not row.rejected:
        return _("The bank gives one sum for several payments, and ours don't add up to it.")
    if row.reversal and not row.credit:
        return _("The bank takes a booking back with this debit.")
    if payout.state in NOT_LEFT:
        return _("The payout hasn't been sent: %(state)s.") % {"state": payout.get_state_display()}
    return ""


def _decide_rejection(row: Row, payout: Payout, known: Known) -> Finding:
    if known.batch is None or payout.batch_id != known.batch.pk:
        return Finding(Outcome.CONTRADICTS, _("The payout is in another bank file."))
    if row.cause is Cause.DUPLICATE:  # says nothing of the first, which the bank may well execute
        return Finding(Outcome.DUPLICATE, row.reason)
    if payout.state == Payout.State.SENT:
        return Finding(Outcome.RETURNED, row.reason)
    if payout.state == Payout.State.RETURNED:
        return Finding(Outcome.REPEATED)
    return Finding(Outcome.CONTRADICTS, _("The bank statement says it was paid."))


def _decide_nameless(row: Row, batch: Batch | None) -> Finding:
    """A row without a payout: not ours, or a whole file of ours in another sum than it had."""
    if batch is None or row.rejected:
        unread = _("Can't be read: %(what)s.") % {"what": row.fault} if row.fault else ""
        return Finding(Outcome.UNKNOWN, unread or row.reason)
    return Finding(
        Outcome.CONTRADICTS, _("The bank file total is %(ours)s.") % {"ours": batch.total}
    )


def _decide_debit(row: Row, payout: Payout, known: Known) -> Finding:
    if payout.state == Payout.State.SENT:
        return Finding(Outcome.SETTLED)
    if known.booked(row, Outcome.SETTLED):
        return Finding(Outcome.REPEATED)
    if payout.state == Payout.State.SETTLED:
        earlier = {"reference": payout.provider_reference}
        return Finding(
            Outcome.CONTRADICTS, _("The bank already accepted this as %(reference)s.") % earlier
        )
    return Finding(
        Outcome.CONTRADICTS, _("The bank already returned this, and now it has paid it.")
    )


def _decide_return(row: Row, payout: Payout, known: Known) -> Finding:
    """A payout that was paid comes back by two people: a file says it, another person looks."""
    if payout.state == Payout.State.SENT:
        return Finding(Outcome.RETURNED, row.reason)
    if known.booked(row, Outcome.WAITING if known.pending else Outcome.RETURNED):
        return Finding(Outcome.REPEATED)
    if payout.state == Payout.State.SETTLED and not known.pending:
        return Finding(Outcome.WAITING, row.reason)
    return Finding(
        Outcome.CONTRADICTS, _("The bank already returned this under another reference.")
    )
