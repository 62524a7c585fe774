"""What a bank writes: camt.053 by hand, and what became of it."""

from accounts.models import User
from payouts import statements
from payouts.checks import CHECKS
from payouts.models import BankStatement

OURS = "DE89370400440532013000"


def entry(
    amount: str, end_to_end_id: str, *, credit: bool = False, ref: str = "R1", extra: str = ""
) -> str:
    """One entry of a camt.053.001.08."""
    mark = "CRDT" if credit else "DBIT"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end_id}"
        f'</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt>{extra}</TxDtls></NtryDtls></Ntry>'
    )


def camt(*entries: str, iban: str = OURS, version: str = "08", ident: str = "STMT-1") -> bytes:
    """A camt.053 of these entries."""
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>M</MsgId></GrpHdr><Stmt><Id>{ident}</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def outcomes(report: BankStatement) -> list[str]:
    return [line.outcome for line in report.lines.all()]


def read(by: User, content: bytes) -> list[str]:
    return outcomes(statements.read_statement(content=content, by=by)[0])


def books_hold() -> None:
    assert [breach for check in CHECKS for breach in check()] == []
