"""The bank's own balances against the ledger's: what differs stands until it is explained."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Window
from django.db.models.functions import Lag

import ledger
from foundation.money import Money, money
from payouts.models import BankBalance, Proposal

Kind = Proposal.Kind


@dataclass(frozen=True)
class Difference:
    """A closing balance beside what the ledger and the explanations come to."""

    balance: BankBalance
    ledger_minor: int
    explained_minor: int

    @property
    def minor(self) -> int:
        """What is not explained yet."""
        return self.balance.closing_minor - self.ledger_minor - self.explained_minor

    @property
    def amount(self) -> Money:
        """What is not explained yet."""
        return money(self.minor, self.balance.currency)

    @property
    def decimal(self) -> str:
        """What is not explained yet, as a person types it."""
        return str(self.amount.amount)

    @property
    def in_ledger(self) -> Money:
        """What the ledger's bank account holds."""
        return money(self.ledger_minor, self.balance.currency)

    @property
    def explained(self) -> Money:
        """What two people have explained besides."""
        return money(self.explained_minor, self.balance.currency)


def newest() -> list[Difference]:
    """Return the newest closing balance of each currency beside the ledger."""
    last = BankBalance.objects.filter(currency=OuterRef("currency")).order_by("-closes_on", "-pk")
    found = BankBalance.objects.filter(pk=Subquery(last.values("pk")[:1]))
    return [_beside(one) for one in found.select_related("statement").order_by("currency")]


def _beside(balance: BankBalance) -> Difference:
    notes = Proposal.objects.confirmed().filter(kind=Kind.DIFFERENCE, currency=balance.currency)
    return Difference(
        balance,
        ledger.balance("bank", balance.currency),
        notes.aggregate(sum=Sum("amount_minor"))["sum"] or 0,
    )


def unexplained() -> list[Difference]:
    """Return the newest balances that differ from the ledger."""
    return [difference for difference in newest() if difference.minor]


def gaps() -> QuerySet[BankBalance]:
    """Return the balances that do not open where the statement before closed, without those that
    two people have explained: a statement is missing, or one is not the bank's.
    """
    before = Window(
        Lag("closing_minor"),
        partition_by=[F("statement__iban_masked"), F("currency")],
        order_by=[F("closes_on").asc(), F("pk").asc()],
    )
    chained = BankBalance.objects.annotate(before_minor=before)
    apart = chained.filter(opening_minor__isnull=False, before_minor__isnull=False)
    explained = Proposal.objects.confirmed().filter(kind=Kind.GAP, balance__isnull=False)
    return apart.filter(~Q(opening_minor=F("before_minor"))).exclude(
        pk__in=explained.values("balance")
    )


def open_questions() -> tuple[int, datetime | None]:
    """Return how many balances wait for an explanation, and since when."""
    asked = [one.balance.statement.uploaded_at for one in unexplained()]
    asked += gaps().select_related("statement").values_list("statement__uploaded_at", flat=True)
    return len(asked), min(asked, default=None)
