"""A bank's files written by hand, and the report of what they booked."""

from accounts.models import User
from ledger import sources
from payouts.checks import CHECKS
from payouts.models import BankStatement
from payouts.statements import bank_statements

OURS = "DE89370400440532013000"
STATUS = "urn:iso:std:iso:20022:tech:xsd:pain.002.001"


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


def held(code: str, amount: str, day: str = "2026-03-10", mark: str = "CRDT") -> str:
    """One balance of a statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def outcomes(report: BankStatement) -> list[str]:
    return [line.outcome for line in report.lines.all()]


def read(by: User, content: bytes) -> list[str]:
    return outcomes(bank_statements.read_statement(content=content, by=by)[0])


def books_hold() -> None:
    proofs = [*CHECKS, *sources.CHECKS]
    assert [breach for check in proofs for breach in check()] == []


def report(about: str, *payments: str, group: str = "", version: str = "10") -> bytes:
    """A pain.002 about one of our files."""
    return (
        f'<?xml version="1.0"?><Document xmlns="{STATUS}.{version}"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>BANK-9</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{about}</OrgnlMsgId>{group}"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{''.join(payments)}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def payment(end_to_end_id: str, status: str = "RJCT", reason: str = "AC01") -> str:
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
    )
