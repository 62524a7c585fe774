"""The bank's answer, booked row by row: settled, returned, or left alone with the reason. All of a
file or nothing.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import encryption, iban
from payouts.models import BankStatement, Batch, Payout, StatementLine
from payouts.rails.bank_file.camt053 import our_account
from payouts.rails.bank_file.reader import read
from payouts.rails.bank_file.rows import Row, Statement
from payouts.statements.booking import Booking
from payouts.statements.findings import Finding, Known, decide
from payouts.statements.matching import Named, batches_named, locked, unfolded
from payouts.wakeup import wake_worker

Outcome = StatementLine.Outcome


def read_statement(*, content: bytes, by: User) -> tuple[BankStatement, bool]:
    """Book a camt.053 file and return its report; for a file taken before, the first report and
    `False`.
    """
    statement = read(content)
    answered = _for_us(statement)
    sha256 = encryption.digest(content)
    try:
        return _book(statement, answered, sha256=sha256, by=by), True
    except IntegrityError:  # the same bytes, now or at the same moment by another person
        first = BankStatement.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return first, False


def _for_us(statement: Statement) -> Batch | None:
    """Return the batch that a status report answers. Raises `StatusOfOtherFile`,
    `StatementOtherAccount`.
    """
    if statement.answers:
        batch = batches_named([statement.answers]).get(statement.answers.casefold())
        if batch is None:
            raise refusals.StatusOfOtherFile(file=statement.answers[:35])
        return batch
    if statement.iban != our_account():
        raise refusals.StatementOtherAccount(iban=_masked(statement.iban))
    return None


def _masked(number: str) -> str:
    return iban.masked(number) if len(number) > 8 else "?"


@transaction.atomic
def _book(statement: Statement, answered: Batch | None, *, sha256: str, by: User) -> BankStatement:
    # First of all the row with the unique hash: a second upload of the same bytes waits here, then
    # fails.
    others = ", ".join(_masked(number) for number in statement.left_out)
    left_out = _("Left out, of other accounts: %(ibans)s") % {"ibans": others} if others else ""
    report = BankStatement.objects.create(
        sha256=sha256,
        statement_id=statement.statement_id,
        iban_masked=iban.masked(settings.BANK_ACCOUNT["iban"]),
        uploaded_by=by,
        left_out=left_out[:200],
    )
    named = locked(statement.rows)
    rows = unfolded(statement.rows, named)
    _ours_are_whole(rows, named)
    booking = Booking(report, list(named.payouts.values()))
    earlier = _earlier(named)

    def in_order(row: Row) -> tuple[bool, int, int]:
        # A return can stand above its debit on the page; the debit happened first. What goes back
        # is booked in the ledger's order of accounts, or two files could wait for each other.
        return row.credit, booking.cash_of(named.payout(row)), row.number

    contradicted: dict[int, str] = {}
    for row in sorted(rows, key=in_order):
        payout, batch = named.payout(row), answered or named.batch(row)
        known = Known(batch, earlier.get(payout.pk, ()) if payout else ())
        finding = decide(row, payout, known)
        _take(booking, row, payout, finding)
        if finding.outcome == Outcome.CONTRADICTS:
            touched = [payout] if payout else named.of_batch(batch) if batch else []
            contradicted.update({one.pk: finding.note for one in touched})
    _hold(booking, named, contradicted)
    booking.write()
    bank_files.close_answered({p.batch_id for p in named.payouts.values() if p.batch_id})
    wake_worker()
    return report


def _ours_are_whole(rows: Iterable[Row], named: Named) -> None:
    """Refuse a file in which a row that names our ids cannot be read; others may be as they
    like.
    """
    for row in rows:
        if row.fault and (named.payout(row) or named.batch(row)):
            raise refusals.StatementIncomplete(row=row.number, what=row.fault)


def _earlier(named: Named) -> dict[int, set[tuple[str, str]]]:
    """Return what earlier files booked of each payout."""
    found: dict[int, set[tuple[str, str]]] = {}
    booked = StatementLine.objects.filter(outcome__in=[Outcome.SETTLED, Outcome.RETURNED])
    ids = [payout.pk for payout in named.payouts.values()]
    lines = booked.filter(payout__in=ids).values_list("payout", "outcome", "reference")
    for payout, outcome, reference in lines:
        if payout is not None:
            found.setdefault(payout, set()).add((outcome, reference))
    return found


def _take(booking: Booking, row: Row, payout: Payout | None, finding: Finding) -> None:
    """Book a row that settles or returns a payout, and write the report's line."""
    if payout and finding.outcome == Outcome.SETTLED:
        booking.settle(payout, row)
    if payout and finding.outcome == Outcome.RETURNED:
        booking.give_back(payout, row)
    if payout and finding.outcome == Outcome.DUPLICATE and payout.state == Payout.State.SENT:
        booking.tell(
            payout,
            _("The bank refused a duplicate of this: %(reason)s. Wait for its statement.")
            % {"reason": row.reason},
        )
    booking.line(row, payout, finding)


def _hold(booking: Booking, named: Named, contradicted: dict[int, str]) -> None:
    """Mark the payouts that contradictions touch, and all that pay the same money."""
    payouts = {payout.pk: payout for payout in named.payouts.values()}
    again = {p.pays_again_id: p.pk for p in payouts.values() if p.pays_again_id}
    marked: dict[int, str] = {}
    waiting = list(contradicted.items())
    while waiting:
        pk, reason = waiting.pop()
        if pk in payouts and pk not in marked:
            marked[pk] = reason
            near = (payouts[pk].pays_again_id, again.get(pk))
            waiting.extend((other, reason) for other in near if other)
    for pk, reason in marked.items():
        booking.hold(payouts[pk], reason)
