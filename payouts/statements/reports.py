"""A file's report: a line per row, the balances, and the returns that wait for a second person."""

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.bank_files.rows import Balance, Row
from foundation.many import copy_rows
from payouts.models import BankBalance, BankStatement, Batch, Payout, Proposal, StatementLine
from payouts.statements.findings import Finding

Outcome = StatementLine.Outcome
BOOKED = {Outcome.SETTLED, Outcome.RETURNED, Outcome.WAITING}
LINE = (
    *("statement_id", "number", "reference", "end_to_end_id", "amount_minor", "currency"),
    *("credit", "charge_minor", "cause", "outcome", "note", "payout_id", "batch_id"),
)


class Report:
    """The lines of one file, gathered and written many at a time."""

    def __init__(self, statement: BankStatement) -> None:
        self.statement = statement
        self.lines: list[tuple[object, ...]] = []
        self.waiting = False

    def line(self, row: Row, payout: Payout | None, batch: Batch | None, finding: Finding) -> None:
        """Put a row into the report."""
        unread = row.amount_minor is None and payout is None
        amount = payout.amount_minor if payout and row.amount_minor is None else row.amount_minor
        moved = row.booked and not row.rejected
        booked = payout is not None and finding.outcome in BOOKED
        self.waiting |= finding.outcome == Outcome.WAITING
        self.lines.append(
            (
                self.statement.pk,
                row.number,
                row.reference,
                row.end_to_end_id,
                amount or 0,
                "" if unread else row.currency or (payout.currency if payout else ""),
                row.credit if moved else None,
                row.charge_on(payout.amount_minor) if payout and booked else 0,
                str(row.cause) if row.credit or row.rejected else "",
                str(finding.outcome),
                finding.note[:200],
                payout.pk if payout else None,
                batch.pk if batch and not payout else None,
            )
        )

    def write_part(self) -> None:
        """Write the lines gathered so far, and propose what waits."""
        copy_rows(StatementLine, LINE, self.lines)
        if self.waiting:
            self._propose()
        self.lines.clear()
        self.waiting = False

    def write_balances(self, balances: tuple[Balance, ...]) -> None:
        """Write what the account held."""
        BankBalance.objects.bulk_create(
            BankBalance(
                statement=self.statement,
                currency=balance.currency,
                opening_minor=balance.opening_minor,
                closing_minor=balance.closing_minor,
                closes_on=balance.closes_on or timezone.localdate(),
            )
            for balance in balances
        )

    def _propose(self) -> None:
        """Propose the returns that wait; who uploaded the file confirms none of them."""
        by = self.statement.uploaded_by
        waiting = self.statement.lines.filter(outcome=Outcome.WAITING, proposals__isnull=True)
        Proposal.objects.bulk_create(
            Proposal(
                kind=Proposal.Kind.RETURN,
                reason=line.note or _("no reason was given"),
                line=line,
                payout_id=line.payout_id,
                currency=line.currency,
                proposed_by=by,
                uploaded_by=by,
            )
            for line in waiting.order_by("pk")
        )
