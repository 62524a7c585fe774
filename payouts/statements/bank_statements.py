"""The bank's answer, booked row by row: settled, returned, or left alone with the reason why. All
of a file or nothing.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

import ledger
from accounts.models import User
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import bank_accounts, encryption
from payouts.models import BankStatement, Batch, Payout, PayoutMethod, StatementLine
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.reader import read
from payouts.rails.bank_file.rows import Row, Statement
from payouts.wakeup import wake_worker

Outcome = StatementLine.Outcome
NOT_LEFT = {
    Payout.State.REQUESTED,
    Payout.State.READY,
    Payout.State.BATCHED,
    Payout.State.CANCELLED,
}


@dataclass(frozen=True)
class Finding:
    """What a row means for the payout it names."""

    outcome: "StatementLine.Outcome"
    note: str = ""


def read_statement(*, content: bytes, by: User) -> tuple[BankStatement, bool]:
    """Book a camt.053 file and return its report; for a file taken before, the first report and
    `False`.
    """
    statement = read(content)
    _for_us(statement)
    sha256 = encryption.digest(content)
    try:
        return _book(statement, sha256=sha256, by=by), True
    except IntegrityError:  # the same bytes, now or at the same moment by somebody else
        first = BankStatement.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return first, False


def _for_us(statement: Statement) -> None:
    if statement.answers:
        if _batch_named(statement.answers) is None:
            raise refusals.StatusOfOtherFile(file=statement.answers[:35])
    elif statement.iban != settings.BANK_ACCOUNT["iban"].replace(" ", ""):
        known = bank_accounts.masked(statement.iban) if len(statement.iban) > 8 else "?"
        raise refusals.StatementOtherAccount(iban=known)


@transaction.atomic
def _book(statement: Statement, *, sha256: str, by: User) -> BankStatement:
    # First of all the row with the unique hash: a second upload of the same bytes waits here, then
    # fails.
    report = BankStatement.objects.create(
        sha256=sha256,
        statement_id=statement.statement_id,
        iban_masked=bank_accounts.masked(settings.BANK_ACCOUNT["iban"]),
        uploaded_by=by,
    )
    rows = [one for row in statement.rows for one in _unfolded(row)]
    payouts = _locked(rows)
    cash = {
        payout.end_to_end_id: ledger.account_id("cash", payout.currency, payout.creator_id)
        for payout in payouts.values()
    }
    # A return can stand above its debit on the page; the debit happened first. What goes back is
    # booked in the ledger's order of accounts, or two files could wait for each other.
    for row in sorted(rows, key=lambda r: (r.credit, cash.get(r.end_to_end_id, 0), r.number)):
        _take(report, row, payouts.get(row.end_to_end_id))
    bank_files.close_answered({p.batch_id for p in payouts.values() if p.batch_id})
    wake_worker()
    return report


def _unfolded(row: Row) -> list[Row]:
    """Return a row per payout where the bank speaks of a whole file of ours in one sum."""
    batch = _batch_named(row.batch_reference) if row.batch_reference else None
    covered = _covered(batch, row) if batch else []
    rows = [
        replace(
            row,
            end_to_end_id=payout.end_to_end_id,
            amount_minor=payout.amount_minor,
            currency=payout.currency,
        )
        for payout in covered
    ]
    return rows or [row]


def _covered(batch: Batch, row: Row) -> list[Payout]:
    """Return the payouts that make the row's sum: all of the file, or those that the bank took;
    none when neither fits.
    """
    payouts = list(batch.payouts.order_by("pk"))
    taken = [payout for payout in payouts if payout.state != Payout.State.RETURNED]
    for some in (payouts, taken):
        total = (sum(payout.amount_minor for payout in some), batch.currency)
        if row.amount_minor is None or total == (row.amount_minor, row.currency):
            return some
    return []


def _batch_named(reference: str) -> Batch | None:
    """Return the batch whose file carries this id."""
    start = reference.removeprefix("SANDBOX-")
    if len(start) < 26 or not start.isalnum():
        return None
    low, high = start.ljust(32, "0"), start.ljust(32, "f")
    try:
        found = Batch.objects.filter(public_id__gte=low, public_id__lte=high).first()
    except (ValueError, TypeError):
        return None
    return found if found and message_id(found.public_id.hex) == reference else None


def _locked(rows: list[Row]) -> dict[str, Payout]:
    """Return the payouts that the rows name, locked in one order, by the id that travels through
    the banks.
    """
    named = [row.end_to_end_id for row in rows if _is_hex(row.end_to_end_id)]
    found = Payout.objects.filter(public_id__in=named).select_related("method", "batch", "creator")
    locked = found.select_for_update(of=("self",)).order_by("pk")
    return {payout.end_to_end_id: payout for payout in locked}


def _is_hex(reference: str) -> bool:
    return len(reference) == 32 and set(reference) <= set("0123456789abcdef")


def _take(report: BankStatement, row: Row, payout: Payout | None) -> None:
    """Decide what a row means, book it if it means something, and write the line of the report."""
    finding = _decide(row, payout)
    if payout and finding.outcome == Outcome.SETTLED:
        _settle(payout, row)
    if payout and finding.outcome == Outcome.RETURNED:
        _give_back(payout, row)
    report.lines.create(
        number=row.number,
        reference=row.reference,
        end_to_end_id=row.end_to_end_id,
        amount_minor=row.amount_minor or (payout.amount_minor if payout else 0),
        currency=row.currency or (payout.currency if payout else "EUR"),
        outcome=finding.outcome,
        note=finding.note[:200],
        payout=payout,
    )


def _decide(row: Row, payout: Payout | None) -> Finding:
    """Return what a row means; only a row that fits in every point moves anything."""
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
    """A row without a payout: a stranger's, or a whole file of ours in another sum than it had."""
    batch = _batch_named(row.batch_reference) if row.batch_reference else None
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


def _settle(payout: Payout, row: Row) -> None:
    """Book that the money has left our bank account."""
    transit = f"payout_in_transit:{payout.method.rail}"
    _post(payout, "settled", from_kind=transit, to_kind="bank")
    payout.move(
        Payout.State.SETTLED,
        tell=True,
        provider_reference=row.reference or row.end_to_end_id,
        needs_attention="",
    )


def _give_back(payout: Payout, row: Row) -> None:
    """Book that the money is the creator's again, and lock the bank details that did not work."""
    reason = row.reason or _("no reason was given")
    if payout.state == Payout.State.SENT:
        ledger.post_one(
            key=f"payout:{payout.public_id}:returned",
            kind="reversal",
            reverses=f"payout:{payout.public_id}:sent",
        )
    else:
        _post(payout, "returned", from_kind="bank", to_kind="cash")
    payout.move(
        Payout.State.RETURNED,
        note=reason,
        tell=True,
        return_reason=reason,
        provider_reference=payout.provider_reference or row.reference or row.end_to_end_id,
        needs_attention="",
    )
    PayoutMethod.objects.filter(pk=payout.method_id).update(
        locked_reason=reason, auto_weekly=False, next_auto_at=None
    )


def _post(payout: Payout, step: str, *, from_kind: str, to_kind: str) -> None:
    currency = payout.currency
    owner = payout.creator_id if to_kind == "cash" else None
    leg = ledger.Leg(
        currency,
        ledger.account_id(from_kind, currency),
        ledger.account_id(to_kind, currency, owner),
        payout.amount_minor,
    )
    ledger.post_one(key=f"payout:{payout.public_id}:{step}", kind=f"payout_{step}", legs=[leg])
