"""Orders paid by bank transfer, and the statements that a bank writes about them."""

import hashlib
import uuid
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone

import ledger
from accounts.models import User
from foundation.bank_files import csv_rows, reader
from ledger import sources
from wallet.models import AwaitedTransfer, BankTransfer, Purchase, TransferStatement
from wallet.purchases import buying, settlement
from wallet.reconciliation.transfers import CHECKS
from wallet.transfers import intake, matching

OURS = "DE89370400440532013000"
THEIRS = "NL91ABNA0417164300"
COINS = 1_000


def order(fan: User, coins: int = COINS) -> Purchase:
    """Return an order that waits for its transfer."""
    purchase = buying.buy(user=fan, key=uuid.uuid4(), method="transfer", coins=coins)
    buying.start(purchase)
    return fresh(purchase)


def fresh(purchase: Purchase) -> Purchase:
    """Return an order as it is now."""
    return Purchase.objects.get(pk=purchase.pk)


def days_later(purchase: Purchase, days: int) -> None:
    """Let days pass for an order that waits."""
    awaited = AwaitedTransfer.objects.get(purchase=purchase)
    gone = timedelta(days=days)
    AwaitedTransfer.objects.filter(pk=awaited.pk).update(
        awaited_until=awaited.awaited_until - gone, honoured_until=awaited.honoured_until - gone
    )


def credit(
    minor: int,
    words: str,
    *,
    ref: str = "",
    name: str = "Alice Ahoi",
    iban: str = THEIRS,
    currency: str = "EUR",
    booked: date | None = None,
    debit: bool = False,
    reversal: bool = False,
    extra: str = "",
) -> str:
    """Return an entry of a camt.053: money that came, or that the bank takes back."""
    amount = f'<Amt Ccy="{currency}">{Decimal(minor) / 100:.2f}</Amt>'
    account = f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>" if iban else ""
    reference = f"<AcctSvcrRef>{escape(ref)}</AcctSvcrRef>" if ref else ""
    return (
        f"<Ntry>{amount}<CdtDbtInd>{'DBIT' if debit else 'CRDT'}</CdtDbtInd>"
        f"{'<RvslInd>true</RvslInd>' if reversal else ''}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{booked or timezone.localdate()}</Dt></BookgDt>{reference}<NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount}"
        f"<RltdPties><Dbtr><Pty><Nm>{escape(name)}</Nm></Pty></Dbtr>{account}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(words)}</Ustrd></RmtInf>{extra}</TxDtls></NtryDtls></Ntry>"
    )


def camt(*entries: str, ident: str = "") -> bytes:
    """Return a camt.053 of our account."""
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>M</MsgId></GrpHdr><Stmt><Id>{ident or uuid.uuid4().hex[:12]}</Id><Acct><Id><IBAN>"
        f"{OURS}</IBAN></Id></Acct>{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def take(*entries: str, by: User | None = None, content: bytes = b"") -> TransferStatement:
    """Read a statement through the real reader, and let no worker come."""
    content = content or camt(*entries)
    file = BytesIO(content)
    read = csv_rows.read if csv_rows.is_table(file) else reader.read
    sha256 = hashlib.sha256(content).hexdigest()
    return intake.take(statement=read(file), sha256=sha256, by=by)[0]


def work() -> None:
    """Let the worker do all that is due."""
    BankTransfer.objects.exclude(due_at=None).update(due_at=timezone.now() - timedelta(seconds=1))
    while matching.work_off():
        pass
    matching.give_up_partly_paid()
    Purchase.objects.exclude(due_at=None).update(due_at=timezone.now() - timedelta(seconds=1))
    while settlement.sweep():
        pass


def came(purchase: Purchase, minor: int | None = None, **more: Any) -> BankTransfer:
    """Let an order's money come, all or so much, and be worked off."""
    amount = purchase.total_minor if minor is None else minor
    ref = more.pop("ref", uuid.uuid4().hex[:16])
    by = more.pop("by", None)
    take(credit(amount, more.pop("words", purchase.provider_reference), ref=ref, **more), by=by)
    work()
    return BankTransfer.objects.get(bank_reference=ref)


def paid(fan: User, coins: int = COINS) -> Purchase:
    """Return an order that was paid and credited."""
    purchase = order(fan, coins)
    came(purchase)
    return fresh(purchase)


def coins_of(fan: User) -> int:
    """Return a fan's coins."""
    return ledger.balance("coins", "COIN", fan.pk)


def held(kind: str) -> int:
    """Return what one of the site's accounts holds in euro."""
    return ledger.balance(kind, "EUR")


def books_hold() -> None:
    """Check that postings, rows and statements agree."""
    assert [breach for check in (*CHECKS, *sources.CHECKS) for breach in check()] == []
