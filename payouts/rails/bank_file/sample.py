"""A test bank for the sandbox: the camt.053 that a bank would send after a batch."""

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone

from foundation.errors import WrongState
from foundation.money import sub_unit
from payouts import refusals
from payouts.models import BankBalance, Batch, Payout
from payouts.rails.bank_file.pain001 import message_id

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
FIRST_BALANCE = 1_000_000


def statement_for(batch: Batch, *, returned: Sequence[Payout] = ()) -> bytes:
    """Return a statement that debits every payout of the batch that the bank did not refuse before,
    and sends these back. Raises `SandboxOnly`, `WrongState`.
    """
    if not settings.SANDBOX:
        raise refusals.SandboxOnly
    left = batch.payouts.exclude(state=Payout.State.BATCHED)
    payouts = list(left.select_related("method").order_by("pk"))
    if not payouts:
        raise WrongState
    paid = batch.payouts.filter(events__state=Payout.State.SETTLED).values("pk")
    unpaid = set(batch.payouts.filter(state=Payout.State.RETURNED).exclude(pk__in=paid))
    taken = [payout for payout in payouts if payout not in unpaid]
    entries = [_debits(batch, taken)] if taken else []
    entries += [_return(payout, number) for number, payout in enumerate(returned, start=1)]
    now, bank = timezone.now(), settings.BANK_ACCOUNT
    before = _closing(batch.currency)
    # What an earlier statement said stands here again, and moves no more money.
    after = before - sum(one.amount_minor for one in taken if one.state == Payout.State.SENT)
    after += sum(one.amount_minor for one in returned if one.state != Payout.State.RETURNED)
    balances = [
        _balance("OPBD", before, batch.currency),
        _balance("CLBD", after, batch.currency),
    ]
    name = f"SANDBOX-{batch.short_id}-{'R' if returned else 'S'}"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>{name}</MsgId><CreDtTm>{now:%Y-%m-%dT%H:%M:%SZ}</CreDtTm></GrpHdr>
    <Stmt>
      <Id>{name}</Id>
      <CreDtTm>{now:%Y-%m-%dT%H:%M:%SZ}</CreDtTm>
      <Acct><Id><IBAN>{bank["iban"]}</IBAN></Id><Ccy>{batch.currency}</Ccy><Ownr><Nm>{escape(bank["name"])}</Nm></Ownr></Acct>
{"".join([*balances, *entries])}    </Stmt>
  </BkToCstmrStmt>
</Document>
""".encode()


def _closing(currency: str) -> int:
    """Return the balance with which the test bank's newest statement closed."""
    last = BankBalance.objects.filter(currency=currency).order_by("closes_on", "pk").last()
    return last.closing_minor if last else FIRST_BALANCE


def _balance(kind: str, minor: int, currency: str) -> str:
    mark = "CRDT" if minor >= 0 else "DBIT"
    return f"""      <Bal>
        <Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>
        {_amount(abs(minor), currency)}<CdtDbtInd>{mark}</CdtDbtInd>
        <Dt><Dt>{timezone.now():%Y-%m-%d}</Dt></Dt>
      </Bal>
"""


def _debits(batch: Batch, payouts: Sequence[Payout]) -> str:
    """Return the entry by which the bank took the whole file, with each payment in it."""
    total = _amount(sum(payout.amount_minor for payout in payouts), batch.currency)
    details = "".join(_payment(payout, "DBIT") for payout in payouts)
    return f"""      <Ntry>
        <NtryRef>{batch.short_id}</NtryRef>{total}<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <AcctSvcrRef>BANK-{batch.short_id}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>
          <Btch><PmtInfId>{message_id(batch.public_id.hex)}</PmtInfId><NbOfTxs>{len(payouts)}</NbOfTxs></Btch>
{details}        </NtryDtls>
      </Ntry>
"""


def _return(payout: Payout, number: int) -> str:
    """Return the entry by which a payment came back: the account is closed."""
    amount = _amount(payout.amount_minor, payout.currency)
    return f"""      <Ntry>
        <NtryRef>{payout.short_id}-{number}</NtryRef>{amount}
        <CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts>
        <AcctSvcrRef>BANK-{payout.short_id}-RET</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>
{_payment(payout, "CRDT", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")}        </NtryDtls>
      </Ntry>
"""


def _payment(payout: Payout, direction: str, back: str = "") -> str:
    reference = f"BANK-{payout.short_id}{'-RET' if back else ''}"
    refs = f"<AcctSvcrRef>{reference}</AcctSvcrRef><EndToEndId>{payout.end_to_end_id}</EndToEndId>"
    amount = _amount(payout.amount_minor, payout.currency)
    name = escape(payout.method.holder)
    return f"""          <TxDtls>
            <Refs>{refs}</Refs>{amount}<CdtDbtInd>{direction}</CdtDbtInd>
            <RltdPties><Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr></RltdPties>{back}
          </TxDtls>
"""


def _amount(amount_minor: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{Decimal(amount_minor) / sub_unit(currency):.2f}</Amt>'
