"""The bank's answer, booked row by row: settled, returned, or left alone with the reason. All of a
file or nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.bank_files import refusals as unread
from foundation.bank_files.camt053 import our_account
from foundation.bank_files.reader import PIECE, read
from foundation.bank_files.rows import Row, Statement
from foundation.jobs import take_time
from foundation.many import among
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import iban
from payouts.models import BankStatement, Batch, Payout, Proposal, StatementLine
from payouts.statements.booking import AT_ONCE, Answer, Booking, parts
from payouts.statements.findings import Finding, Known, decide
from payouts.statements.matching import (
    Named,
    batches_named,
    family,
    in_order,
    locked,
    payouts_named,
    unfolded,
)
from payouts.statements.reports import Report
from payouts.wakeup import wake_worker
from wallet.transfers import intake

Outcome = StatementLine.Outcome


def read_statement(*, content: bytes | BinaryIO, by: User) -> tuple[BankStatement, bool]:
    """Book a camt.053 file and return its report; for a file taken before, the first report and
    `False`.
    """
    file = BytesIO(content) if isinstance(content, bytes) else content
    statement = read(file)
    answered = _for_us(statement)
    sha256 = fingerprint(file)
    if not statement.answers:
        # First what fans paid, which takes each booking once by itself: if the rest fails, the file
        # comes again.
        take_transfers(statement, sha256=sha256, by=by)
    try:
        return _book(statement, answered, sha256=sha256, by=by), True
    except IntegrityError:  # the same bytes, now or at the same moment by another person
        first = BankStatement.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return first, False


def fingerprint(file: BinaryIO) -> str:
    """Return the SHA-256 of a file of any size."""
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def take_transfers(statement: Statement, *, sha256: str, by: User) -> None:
    """Let the wallet keep what fans paid: all rows that are about no payout of ours."""
    if not intake.is_offered():
        return
    rows, named = statement.rows, Named({})
    if references := [one for row in rows for one in row.batch_references]:
        named = Named(batches_named(references))
    ours = {row.number for row in rows if named.batch(row)}
    for some in parts(rows):
        known = payouts_named(some)
        ours |= {row.number for row in some if row.payment in known}
    intake.take(statement=statement, sha256=sha256, by=by, others=ours)


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
    if len(statement.rows) > AT_ONCE:
        take_time(minutes=10)
    # First of all the row with the unique hash: a second upload of the same bytes waits here, then
    # fails.
    others = ", ".join(_masked(number) for number in statement.left_out)
    left_out = _("Left out, of other accounts: %(ibans)s") % {"ibans": others} if others else ""
    taken = BankStatement.objects.create(
        sha256=sha256,
        statement_id=statement.statement_id,
        iban_masked=iban.masked(settings.BANK_ACCOUNT["iban"]),
        uploaded_by=by,
        left_out=left_out[:200],
    )
    named = locked(statement.rows)
    _ours_are_whole(statement.rows, named)
    found = _Findings(Booking([]), Report(taken), named, answered)
    for rows in parts(in_order(unfolded(statement.rows, named))):
        found.book(rows)
    found.hold()
    found.booking.write()
    found.report.write_balances(statement.balances)
    bank_files.close_answered(found.batches)
    wake_worker()
    return taken


def _ours_are_whole(rows: list[Row], named: Named) -> None:
    """Refuse a file in which a row that names our ids cannot be read; others may be as they
    like.
    """
    for faulty in parts([row for row in rows if row.fault]):
        payouts = payouts_named(faulty)
        for row in faulty:
            if row.payment in payouts or named.batch(row):
                raise unread.StatementIncomplete(row=row.number, what=row.fault)


@dataclass
class _Findings:
    """A file on its way into the books, part by part: each is written before the next is read, so
    that many rows take no more memory than few.
    """

    booking: Booking
    report: Report
    named: Named
    answered: Batch | None
    batches: set[int] = field(default_factory=set)
    contradicted: dict[int, str] = field(default_factory=dict)

    def book(self, rows: Sequence[Row]) -> None:
        """Book the next rows. Raises `WrongState`."""
        payouts = payouts_named(rows)
        ids = [payout.pk for payout in payouts.values()]
        earlier, pending = self._earlier(ids), _pending(ids)
        self.booking.about(payouts.values())
        self.batches.update(p.batch_id for p in payouts.values() if p.batch_id)
        for row in rows:
            payout, batch = payouts.get(row.payment), self.answered or self.named.batch(row)
            pk = payout.pk if payout else 0
            finding = decide(row, payout, Known(batch, earlier.get(pk, ()), pk in pending))
            _take(self.booking, row, payout, finding)
            self.report.line(row, payout, batch, finding)
            if finding.outcome == Outcome.WAITING:
                pending.add(pk)
            if finding.outcome == Outcome.CONTRADICTS:
                self._contradict(payout, batch, finding.note)
        self.booking.write_part()
        self.report.write_part()

    def hold(self) -> None:
        """Mark the payouts that contradictions touch, and all that pay the same money."""
        before = family(self.contradicted)

        def first(pk: int) -> int:
            """Return the payout whose money this one pays, through however many returns."""
            while earlier := before[pk]:
                pk = earlier
            return pk

        reasons = {first(pk): reason for pk, reason in self.contradicted.items()}
        for ids in parts(list(before)):
            payouts = Payout.objects.filter(pk__in=ids).order_by("pk")
            self.booking.about(payouts)
            for payout in payouts:
                self.booking.hold(payout, reasons[first(payout.pk)])
            self.booking.write_part()

    def _contradict(self, payout: Payout | None, batch: Batch | None, note: str) -> None:
        touched = [payout.pk] if payout else []
        if batch and not payout:
            touched = list(batch.payouts.values_list("pk", flat=True))
        self.contradicted.update(dict.fromkeys(touched, note))

    def _earlier(self, payouts: list[int]) -> dict[int, set[tuple[str, str]]]:
        """Return what earlier files booked of each payout, or proposed to book."""
        found: dict[int, set[tuple[str, str]]] = {}
        outcomes = [Outcome.SETTLED, Outcome.RETURNED, Outcome.WAITING]
        booked = StatementLine.objects.filter(outcome__in=outcomes)
        earlier = booked.exclude(statement=self.report.statement)
        lines = earlier.filter(payout__in=among(payouts, "bigint"))
        for payout, outcome, reference in lines.values_list("payout", "outcome", "reference"):
            if payout is not None:
                found.setdefault(payout, set()).add((outcome, reference))
        return found


def _pending(payouts: list[int]) -> set[int]:
    """Return the payouts of which a return waits for a second person."""
    returns = Proposal.objects.open().filter(kind=Proposal.Kind.RETURN)
    asked = returns.filter(payout__in=among(payouts, "bigint"))
    return {pk for pk in asked.values_list("payout_id", flat=True) if pk}


def _take(booking: Booking, row: Row, payout: Payout | None, finding: Finding) -> None:
    """Book a row that settles or returns a payout, and note one that was refused as a
    duplicate.
    """
    answer = Answer(row.reference or row.payment, row.reason, row.cause, row.rejected)
    if payout and finding.outcome == Outcome.SETTLED:
        booking.settle(payout, answer)
    if payout and finding.outcome == Outcome.RETURNED:
        booking.give_back(payout, answer)
    if payout and finding.outcome == Outcome.DUPLICATE and payout.state == Payout.State.SENT:
        booking.tell(
            payout,
            _("The bank refused a duplicate of this: %(reason)s. Wait for its statement.")
            % {"reason": row.reason},
        )
