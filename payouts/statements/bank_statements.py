"""The bank's answer, booked row by row: settled, returned, or left alone with the reason. All of a
file or nothing.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

import ledger
from accounts.models import User
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import encryption, iban
from payouts.models import BankStatement, Payout, PayoutMethod, StatementLine
from payouts.rails.bank_file.reader import read
from payouts.rails.bank_file.rows import Row, Statement
from payouts.statements.findings import decide
from payouts.statements.matching import batch_named, locked, unfolded
from payouts.wakeup import wake_worker

Outcome = StatementLine.Outcome


def read_statement(*, content: bytes, by: User) -> tuple[BankStatement, bool]:
    """Book a camt.053 file and return its report; for a file taken before, the first report and
    `False`.
    """
    statement = read(content)
    _for_us(statement)
    sha256 = encryption.digest(content)
    try:
        return _book(statement, sha256=sha256, by=by), True
    except IntegrityError:  # the same bytes, now or at the same moment by another person
        first = BankStatement.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return first, False


def _for_us(statement: Statement) -> None:
    if statement.answers:
        if batch_named(statement.answers) is None:
            raise refusals.StatusOfOtherFile(file=statement.answers[:35])
    elif statement.iban != settings.BANK_ACCOUNT["iban"].replace(" ", ""):
        known = iban.masked(statement.iban) if len(statement.iban) > 8 else "?"
        raise refusals.StatementOtherAccount(iban=known)


@transaction.atomic
def _book(statement: Statement, *, sha256: str, by: User) -> BankStatement:
    # First of all the row with the unique hash: a second upload of the same bytes waits here, then
    # fails.
    report = BankStatement.objects.create(
        sha256=sha256,
        statement_id=statement.statement_id,
        iban_masked=iban.masked(settings.BANK_ACCOUNT["iban"]),
        uploaded_by=by,
    )
    rows = [one for row in statement.rows for one in unfolded(row)]
    payouts = locked(rows)
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


def _take(report: BankStatement, row: Row, payout: Payout | None) -> None:
    """Decide on a row, book it if it settles or returns a payout, and write the report's line."""
    finding = decide(row, payout)
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


def _settle(payout: Payout, row: Row) -> None:
    """Book that the money has left our bank account."""
    transit = f"payout_in_transit:{payout.method.rail}"
    _post(payout, "settled", from_kind=transit, to_kind="bank")
    payout.move(
        Payout.State.SETTLED,
        notify=True,
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
        notify=True,
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
