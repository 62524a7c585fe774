"""A month of a shop that is paid through Stripe: 50 fans of five regions and currencies, gifts,
refunds of all three kinds, disputes won and lost, fees and payouts. Receipts, credit notes,
statements, Stripe's balance and the ledger agree to the cent.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Sum
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from foundation.money import money
from giftplatform.tests.stripe_stage import agree, finish, hear, nobody_asks, work
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from stripe_standin.server import Standin
from wallet import checks
from wallet.coins.balance import coin_balance
from wallet.documents import issuing
from wallet.documents.content import in_words
from wallet.models import Dispute, DisputeStep, Document, Purchase, Refund
from wallet.refunds import requests
from wallet.statements import months
from wallet.statements.content import content_of
from wallet.tests.stripe.stage import charge, order, stripe_site

FANS = 50
COUNTRIES = {"DE": "EUR", "US": "USD", "JP": "JPY", "BR": "BRL", "ID": "IDR"}
# What comes in rupiah is paid out in euro: Stripe converts each line at the rate of its moment.
RATE = 0.00006


def test_a_month_through_stripe_agrees_to_the_cent(stream: Stream, dana: User) -> None:
    with stripe_site() as standin:
        standin.account.converts["idr"] = ("eur", RATE)
        month = Month(standin, stream, dana)
        month.everybody_buys()
        month.gifts_are_sent()
        month.money_goes_back()
        month.banks_decide()
        month.stripe_pays_out()
        agree(standin)
        seen_all_of_it()
        documents_are_what_rows_are()
        statements_are_what_documents_are(month.fans)
        ledger_is_what_stripe_says(standin)


class Month:
    """The shop, its fans and what they do."""

    def __init__(self, standin: Standin, stream: Stream, staff: User) -> None:
        self.standin = standin
        self.stream = stream
        self.staff = staff
        self.chance = random.Random(9)
        joined = timezone.now() - timedelta(days=90)
        self.fans = [
            person(f"fan{n}", country=list(COUNTRIES)[n // 10], date_joined=joined)
            for n in range(FANS)
        ]
        self.bought: dict[User, Purchase] = {}

    def everybody_buys(self) -> None:
        for number, fan in enumerate(self.fans):
            for turn in range(1 + number % 2):
                coins = self.chance.choice([400, 537, 1_000]) + turn
                purchase = order(fan, coins, "card")
                self.standin.account.pay(
                    purchase.provider_reference, country=fan.country_id or "DE", card=fan.handle
                )
                self.bought[fan] = purchase
        nobody_asks()
        self.hear()

    def hear(self) -> None:
        assert hear(self.standin, Client(), shuffled=True) <= {200}
        work()

    def gifts_are_sent(self) -> None:
        for number, fan in enumerate(self.fans):
            for turn in range(number % 4):
                key = uuid.uuid4()
                send_gift(fan=fan, stream=self.stream, gift="moss-frog", key=key, confirmed=True)
                if turn == 2:
                    undo_gift(fan=fan, key=key)

    def money_goes_back(self) -> None:
        """By the fan, by staff, by the dashboard: more than what is unused, too."""
        for number, purchase in enumerate(self.bought.values()):
            purchase.refresh_from_db()
            if number % 5 == 0:
                requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=137)
            elif number % 5 == 1:
                requests.give_back(
                    purchase=purchase,
                    key=uuid.uuid4(),
                    amount_minor=purchase.total_minor * (1 + number % 2) // 2,
                    by=self.staff,
                    note="Charged for a gift that never played.",
                )
            elif number % 5 == 2:
                of = charge(self.standin, purchase)
                self.standin.account.give_back(of, of["amount"] // 300 * 100, {})
        self.hear()
        finish()

    def banks_decide(self) -> None:
        for number, purchase in enumerate(self.bought.values()):
            if number % 5 > 2:
                self.standin.account.open_dispute(charge(self.standin, purchase))
        self.hear()
        assert Dispute.objects.open().count() == 20
        for number, dispute in enumerate(self.standin.store.all("dispute")):
            self.standin.account.close_dispute(dispute, won=number % 2 == 0)
        self.hear()

    def stripe_pays_out(self) -> None:
        """A day of payouts: all that is there, but for a fee of the account."""
        self.standin.account.charge_fee(700, "eur")
        for currency, minor in self.standin.account.balances().items():
            self.standin.account.pay_out(minor - 100, currency)
        finish()
        assert Document.objects.count() == Purchase.objects.count() + Refund.objects.count()
        assert issuing.issue_due() == 0


def seen_all_of_it() -> None:
    """Fail where a month had not all that it promises."""
    reasons = set(Refund.objects.filter(state="done").values_list("reason", flat=True))
    assert reasons == {"withdrawal", "staff", "provider"}
    assert not Refund.objects.exclude(state="done").exists()
    assert set(Dispute.objects.values_list("state", flat=True)) == {"won", "lost"}
    assert Refund.objects.filter(loss_minor__gt=0).exists()
    assert set(Purchase.objects.values_list("currency", flat=True)) == set(COUNTRIES.values())


def sums(currency: str, kind: str, *fields: str) -> list[int]:
    """Return what all documents of a kind in a currency say."""
    rows = Document.objects.filter(currency=currency, kind=kind)
    return [rows.aggregate(sum=Sum(field))["sum"] or 0 for field in fields]


def lost(currency: str, *fields: str) -> list[int]:
    """Return what lost disputes in a currency took, as they were divided."""
    rows = DisputeStep.objects.filter(dispute__currency=currency, kind="lost")
    return [rows.aggregate(sum=Sum(field))["sum"] or 0 for field in fields]


def documents_are_what_rows_are() -> None:
    for check in (
        checks.numbers_have_no_gaps,
        checks.money_has_its_documents,
        checks.documents_say_what_rows_say,
    ):
        assert list(check()) == []
    for country, currency in COUNTRIES.items():
        parts = ("net_minor", "tax_minor", "loss_minor")
        [net, tax, loss] = sums(currency, "receipt", *parts)
        [net_back, tax_back, loss_back] = sums(currency, "credit_note", *parts)
        [net_lost, tax_lost, own] = lost(currency, *parts)
        assert loss == 0
        assert ledger.balance("unearned", currency) == net - net_back - net_lost
        assert ledger.balance(f"tax:{country}", currency) == tax - tax_back - tax_lost
        assert ledger.balance("refund_loss", currency) == loss_back
        assert ledger.balance("dispute_loss", currency) == own
        assert ledger.balance("disputes_held", currency) == 0


def paid_in(month: months.Month) -> Iterator[tuple[Any, Any, Any]]:
    """Yield what a month's tables of money say at their end: without tax, tax, all."""
    for section in content_of(month, in_words).sections[1:]:
        net, tax, total = section.total[2:]
        yield net, tax, total


def statements_are_what_documents_are(fans: list[User]) -> None:
    """In coins of each fan, in money of the whole shop."""
    shop: dict[str, Decimal] = defaultdict(Decimal)
    for fan in fans:
        mine = [months.month_of(fan, month.first) for month in reversed(months.months_of(fan))]
        assert mine[0].opening == 0
        assert all(one.closing == other.opening for one, other in pairwise(mine))
        assert mine[-1].closing == sum(coin_balance(fan).values())
        bought = fan.purchases.aggregate(coins=Sum("coins"))["coins"]
        kept = SentGift.objects.filter(fan=fan, undone_at=None).aggregate(c=Sum("coins"))["c"] or 0
        assert sum(month.bought for month in mine) == bought
        assert sum(month.sent for month in mine) == kept
        for month in mine:
            for net, tax, total in paid_in(month):
                assert net + tax == total
                shop[total.currency.code] += total.amount
    for currency in COUNTRIES.values():
        [paid] = sums(currency, "receipt", "total_minor")
        [back] = sums(currency, "credit_note", "total_minor")
        assert shop[currency] == money(paid - back, currency).amount


def ledger_is_what_stripe_says(standin: Standin) -> None:
    """Every cent that came in is with a fan, a bank, Stripe's fees, our bank, or still there."""
    lines = standin.store.all("balance_transaction")
    for currency in ("EUR", "USD", "JPY", "BRL"):
        mine = [line for line in lines if line["currency"] == currency.lower()]
        fees = sum(line["fee"] for line in mine)
        fees -= sum(line["amount"] for line in mine if line["type"] == "stripe_fee")
        assert ledger.balance("processor_fees", currency) == fees
        paid_out = -sum(line["amount"] for line in mine if line["type"] == "payout")
        assert ledger.balance("bank", currency) == paid_out
        assert ledger.balance("clearing:stripe", currency) == sum(line["net"] for line in mine)
        [paid] = sums(currency, "receipt", "total_minor")
        [back] = sums(currency, "credit_note", "total_minor")
        [taken] = lost(currency, "amount_minor")
        converted = sum(line["amount"] for line in mine if line["exchange_rate"])
        left = paid - back - taken + converted - fees - paid_out
        assert standin.account.balances()[currency.lower()] == left
    # What was converted left clearing in rupiah and came to it in euro, over `fx`.
    assert ledger.balance("clearing:stripe", "IDR") == 0
    [paid] = sums("IDR", "receipt", "total_minor")
    [back] = sums("IDR", "credit_note", "total_minor")
    [taken] = lost("IDR", "amount_minor")
    assert abs(ledger.balance("fx", "IDR")) == paid - back - taken
    in_euro = sum(line["amount"] for line in lines if line["exchange_rate"])
    assert abs(ledger.balance("fx", "EUR")) == in_euro
