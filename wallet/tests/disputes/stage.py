"""Disputes for tests: made at the sandbox's bank, heard of through the order's inspection."""

from typing import Any

from django.db import connection

from accounts.models import User
from ledger import checks
from ledger.models import Account
from wallet.models import Dispute, Purchase, SandboxDispute, SandboxPayment
from wallet.providers.sandbox import disputes as bank
from wallet.purchases import settlement
from wallet.tests import stage

State = SandboxDispute.State


def complain(purchase: Purchase, **more: Any) -> SandboxDispute:
    """Let the buyer complain; nobody has told us yet."""
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    return bank.complain(payment, **more)


def heard(theirs: SandboxDispute) -> Dispute:
    """Inspect the order of a dispute, and return what we made of it."""
    purchase = Purchase.objects.get(provider_reference=str(theirs.payment_id))
    settlement.inspect(purchase)
    return Dispute.objects.get(provider_reference=str(theirs.pk))


def disputed(purchase: Purchase, **more: Any) -> Dispute:
    """Let the buyer complain, and hear of it."""
    return heard(complain(purchase, **more))


def decided(dispute: Dispute, to: SandboxDispute.State) -> Dispute:
    """Let the bank decide, and hear of it."""
    theirs = SandboxDispute.objects.get(pk=dispute.provider_reference)
    return heard(bank.move(theirs, to))


def spent_order(fan: User, coins: int = 1_000, spent: int = 400) -> Purchase:
    """Return a paid order of which some coins were spent."""
    purchase = stage.paid(fan, coins)
    if spent:
        stage.spend(fan, spent)
    return purchase


def balances() -> dict[tuple[str, str, str], int]:
    """Return what each account holds, on the credit side; zeros are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, unit, coalesce(owner_id::text, ''), ledger_balance(id)"
            " FROM ledger_account WHERE ledger_balance(id) <> 0"
        )
        return {(kind, unit, owner): minor for kind, unit, owner, minor in cursor.fetchall()}


def audit() -> None:
    """Hold the ledger against every check."""
    assert checks.run() == []
    assert not Account.objects.filter(guarded=True, balance__lt=0).exists()
