"""A file that a person or the bank's program brought: a statement, a status report, or a table."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from accounts.models import User
from foundation.bank_files import csv_rows
from payouts.models import BankStatement
from payouts.statements import bank_statements
from wallet.models import TransferStatement
from wallet.transfers import intake


@dataclass(frozen=True)
class Taken:
    """What became of a file: its report of payouts, what fans paid, and whether it was new."""

    report: BankStatement | None
    transfers: TransferStatement | None
    new: bool


def take(*, content: bytes | BinaryIO, by: User) -> Taken:
    """Read a file and book it on both sides: payouts, and what fans paid. Raises the refusal that
    fits; the same file again changes nothing.

    A table (CSV) names no payouts: of it only what fans paid is read.
    """
    file = BytesIO(content) if isinstance(content, bytes) else content
    if intake.is_offered() and csv_rows.is_table(file):
        statement = csv_rows.read(file)
        sha256 = bank_statements.fingerprint(file)
        transfers, new = intake.take(statement=statement, sha256=sha256, by=by)
        return Taken(None, transfers, new)
    report, new = bank_statements.read_statement(content=file, by=by)
    found = TransferStatement.objects.filter(sha256=report.sha256).first()
    return Taken(report, found, new)
