"""A month of a shop: 50 fans of six countries, whose papers agree with the ledger to the cent."""

import io
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from pypdf import PdfReader

import ledger
from accounts.models import User
from conftest import person
from foundation.money import money
from foundation.pdf import drawable
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from wallet import checks
from wallet.coins.balance import coin_balance
from wallet.documents import emails, issuing
from wallet.documents.content import in_words
from wallet.models import Document, Purchase, Refund
from wallet.statements import months
from wallet.statements.content import content_of, pdf_of
from wallet.statements.months import Month
from wallet.tests.stage import paid, refunded

FANS = 50
COUNTRIES = ("DE", "US", "JP", "BR", "GB", "ID")
CURRENCIES = {"EUR", "USD", "JPY", "BRL", "GBP", "IDR"}


def a_month(stream: Stream) -> list[User]:
    """Return the shop's fans after a month: all bought, most sent gifts, some undid one, some got
    a refund.
    """
    chance = random.Random(7)
    joined = timezone.now() - timedelta(days=90)
    fans = [
        person(f"fan{n}", country=COUNTRIES[n % len(COUNTRIES)], date_joined=joined)
        for n in range(FANS)
    ]
    for number, fan in enumerate(fans):
        bought = [paid(fan, chance.choice([100, 137, 300, 501])) for _ in range(1 + number % 3)]
        for turn in range(number % 4):
            sent = send_gift(
                fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4(), confirmed=True
            )
            if turn == 2:
                undo_gift(fan=fan, key=sent.gift.public_id)
        if number % 3 == 0:
            refunded(bought[-1], chance.randint(1, coin_balance(fan)["coins"] // 2))
            refunded(bought[-1], 1)
    assert issuing.issue_due() == Purchase.objects.count() + Refund.objects.count()
    return fans


def statements(fan: User) -> list[Month]:
    """Return a fan's months, each whole; the tests may begin in one and end in the next."""
    return [months.month_of(fan, month.first) for month in reversed(months.months_of(fan))]


def paid_in(month: Month) -> Iterator[tuple[Any, Any, Any]]:
    """Yield what a month's tables of money say at their end: without tax, tax, all."""
    for section in content_of(month, in_words).sections[1:]:
        net, tax, total = section.total[2:]
        yield net, tax, total


def signed(kind: str, field: str, **where: object) -> int:
    rows = Document.objects.filter(kind=kind, **where)
    return Document.SIGN[kind] * (rows.aggregate(sum=Sum(field))["sum"] or 0)


def test_a_month_of_a_shop_agrees_to_the_cent(stream: Stream, mailoutbox: Any) -> None:
    fans = a_month(stream)
    documents_agree_with_the_ledger()
    statements_agree_with_the_ledger(fans)
    the_books_are_whole()
    emails_and_files_say_so(fans[:6], mailoutbox)
    statements_have_each_document_and_each_sum(fans[:6])


def documents_agree_with_the_ledger() -> None:
    """Of each currency and of each country's tax."""
    assert set(Document.objects.values_list("currency", flat=True)) == CURRENCIES
    for currency in CURRENCIES:
        net, total = (
            sum(signed(kind, field, currency=currency) for kind in ("receipt", "credit_note"))
            for field in ("net_minor", "total_minor")
        )
        assert ledger.balance("unearned", currency) == net
        assert abs(ledger.balance("clearing:sandbox", currency)) == total
    for country in COUNTRIES:
        currency = Document.objects.filter(country_code=country)[0].currency
        tax = sum(signed(k, "tax_minor", country_code=country) for k in ("receipt", "credit_note"))
        assert ledger.balance(f"tax:{country}", currency) == tax


def statements_agree_with_the_ledger(fans: list[User]) -> None:
    """In coins of each fan, and in money of the whole shop."""
    shop: Counter[str] = Counter()
    for fan in fans:
        mine = statements(fan)
        assert mine[0].opening == 0
        assert all(one.closing == next_.opening for one, next_ in pairwise(mine))
        assert mine[-1].closing == sum(coin_balance(fan).values())
        bought = fan.purchases.aggregate(coins=Sum("coins"))["coins"]
        kept = SentGift.objects.filter(fan=fan, undone_at=None).aggregate(c=Sum("coins"))["c"] or 0
        assert sum(month.bought for month in mine) == bought
        assert sum(month.sent for month in mine) == kept
        back = Refund.objects.filter(purchase__user=fan).aggregate(c=Sum("coins"))["c"] or 0
        assert sum(month.coins("coins_refunded", came=False) for month in mine) == back
        for month in mine:
            for net, tax, total in paid_in(month):
                assert net + tax == total
                shop[total.currency.code] += total.amount
    for currency in CURRENCIES:
        cleared = money(abs(ledger.balance("clearing:sandbox", currency)), currency)
        assert shop[currency] == cleared.amount


def the_books_are_whole() -> None:
    for check in (
        checks.numbers_have_no_gaps,
        checks.money_has_its_documents,
        checks.documents_say_what_rows_say,
    ):
        assert list(check()) == []


def emails_and_files_say_so(fans: list[User], mailoutbox: Any) -> None:
    some = Document.objects.filter(purchase__user__in=fans)
    Document.objects.exclude(pk__in=some.values("pk")).update(due_at=None)
    assert emails.send_due() == some.count() == len(mailoutbox)
    for document in some:
        [sent] = [each for each in mailoutbox if each.subject.endswith(document.label)]
        assert f"Total: {document.total}" in sent.body
        assert drawable(str(document.total)) in said(sent.attachments[0][1])


def said(file: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def statements_have_each_document_and_each_sum(fans: list[User]) -> None:
    for fan in fans:
        for month in statements(fan):
            text = said(pdf_of(month))
            for _net, _tax, total in paid_in(month):
                assert drawable(str(total)) in text
            for document in month.documents:
                assert document.label in text
            assert pdf_of(month) == pdf_of(month)
