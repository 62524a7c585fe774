"""A test bank for the sandbox: the camt.053 that a bank would send after a fan's transfer."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone

from foundation.bank_files import reader
from foundation.money import sub_unit
from wallet.models import BankTransfer, TransferStatement
from wallet.transfers import intake, refusals

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True)
class Sent:
    """A transfer as its payer entered it."""

    amount_minor: int
    currency: str
    words: str
    name: str
    iban: str
    booked_on: date | None = None


def send(sent: Sent) -> TransferStatement:
    """Let money arrive: the statement that says so is read like every other. Raises
    `SandboxBankOnly`, and what the reader refuses.
    """
    name = uuid.uuid4().hex[:12].upper()
    return _read(_statement(name, _entry(name, sent)))


def take_back(transfer: BankTransfer, iban: str) -> TransferStatement:
    """Let the bank take money back: a statement says so. Raises `SandboxBankOnly`."""
    gone = Sent(transfer.amount_minor, transfer.currency, transfer.words, transfer.payer_name, iban)
    back = _entry(transfer.bank_reference, gone, back=True)
    return _read(_statement(uuid.uuid4().hex[:12].upper(), back))


def _read(content: bytes) -> TransferStatement:
    if not settings.SANDBOX:
        raise refusals.SandboxBankOnly
    statement = reader.read(BytesIO(content))
    sha256 = hashlib.sha256(content).hexdigest()
    return intake.take(statement=statement, sha256=sha256, by=None)[0]


def _statement(name: str, entry: str) -> bytes:
    now, bank = timezone.now(), settings.BANK_ACCOUNT
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>SANDBOX-{name}</MsgId><CreDtTm>{now:%Y-%m-%dT%H:%M:%SZ}</CreDtTm></GrpHdr>
    <Stmt>
      <Id>SANDBOX-{name}</Id>
      <CreDtTm>{now:%Y-%m-%dT%H:%M:%SZ}</CreDtTm>
      <Acct><Id><IBAN>{escape(bank["iban"])}</IBAN></Id></Acct>
{entry}    </Stmt>
  </BkToCstmrStmt>
</Document>
""".encode()


def _entry(reference: str, sent: Sent, *, back: bool = False) -> str:
    amount = Decimal(sent.amount_minor) / sub_unit(sent.currency)
    money = f'<Amt Ccy="{sent.currency}">{amount:.2f}</Amt>'
    mark = "<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>" if back else ""
    account = f"<DbtrAcct><Id><IBAN>{escape(sent.iban)}</IBAN></Id></DbtrAcct>" if sent.iban else ""
    return f"""      <Ntry>
        {money}{mark or "<CdtDbtInd>CRDT</CdtDbtInd>"}<Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>{sent.booked_on or timezone.localdate()}</Dt></BookgDt>
        <AcctSvcrRef>{escape(reference)}</AcctSvcrRef>
        <NtryDtls><TxDtls>
          <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{money}
          <RltdPties><Dbtr><Pty><Nm>{escape(sent.name)}</Nm></Pty></Dbtr>{account}</RltdPties>
          <RmtInf><Ustrd>{escape(sent.words)}</Ustrd></RmtInf>
        </TxDtls></NtryDtls>
      </Ntry>
"""
