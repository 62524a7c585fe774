"""A creator reads one currency, theirs, and it adds up: on every page, in every CSV.

Gifts by fans of five currencies, named and anonymous, some undone, at rates that changed on any day
before; read from the pages and the files as they are shown.
"""

import csv
import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Creator, User
from conftest import give_coins, person
from gifts.earnings import statement
from gifts.earnings.release import release_creator
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from live.streams.services import go_live
from payouts.requests.services import request_payout
from payouts.tests.builders import bank_account, give_diamonds
from studio.tests.shown import AMOUNT, Page, amount
from testing.browsers import signed_in
from wallet.models import FxRate
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db

SIGNS = {"DE": "€", "JP": "¥", "US": "$", "ID": "IDR", "GB": "£"}
CURRENCIES = {"DE": "EUR", "JP": "JPY", "US": "USD", "ID": "IDR", "GB": "GBP"}
SENDS = st.fixed_dictionaries(
    {
        "fan": st.sampled_from(sorted(SIGNS)),
        "gift": st.sampled_from(["pebble", "good-bean", "moss-frog", "drift-lamp", "brass-snail"]),
        "days_ago": st.integers(0, 45),
        "anonymous": st.booleans(),
        "undone": st.booleans(),
    }
)
RATES = st.tuples(
    st.sampled_from(["EUR", "JPY", "IDR", "GBP"]),
    st.floats(0.5, 1.9),  # times the rate of the default economy
    st.integers(1, 50),
)


@pytest.fixture
def fans(db: None) -> dict[str, User]:
    """A fan in each country, who paid at its prices."""
    joined = timezone.now() - timedelta(days=100)
    fans = {code: person(f"fan_{code.lower()}", country=code, date_joined=joined) for code in SIGNS}
    for fan in fans.values():
        paid(fan, 1_000)
        give_coins(fan, 100_000)
    return fans


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a statement have more than one page."""
    monkeypatch.setattr(statement, "page_of", partial(statement.page_of, size=4))


def creator_of(country: str, sends: list[dict[str, Any]], fans: dict[str, User]) -> User:
    """Return a new creator who got these gifts, some of them released."""
    creator = person(f"c{uuid.uuid4().hex[:12]}", country=country, is_creator=True)
    Creator.objects.create(user=creator, trust=Creator.Trust.TRUSTED)
    stream = go_live(creator=creator, title="Any night")
    now = timezone.now()
    Stream.objects.filter(pk=stream.pk).update(started_at=now - timedelta(days=60))
    for send in sends:
        at = now - timedelta(days=send["days_ago"], hours=1)
        gift = send_gift(
            fan=fans[send["fan"]],
            stream=stream,
            gift=send["gift"],
            key=uuid.uuid4(),
            anonymous=send["anonymous"],
            confirmed=True,
            sent_at=None if send["undone"] else at,
        ).gift
        if send["undone"]:
            undo_gift(fan=fans[send["fan"]], key=gift.public_id)
    release_creator(creator.pk)
    return creator


def page_at(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def statement_pages(client: Client) -> Iterator[Page]:
    """Yield every page of the statement."""
    address = reverse("studio:earnings")
    while True:
        html = client.get(address).content.decode()
        yield Page(html)
        onward = re.search(r'rel="next" href="\?before=(\d+)"', html)
        if not onward:
            return
        address = f"{reverse('studio:earnings')}?before={onward[1]}"


def rows_of(client: Client, name: str) -> list[dict[str, str]]:
    text = client.get(reverse(name)).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def check_statement(client: Client, sign: str) -> Decimal:
    """Check that parts sum to their line, and lines to their foot; return all that was earned."""
    earned = Decimal(0)
    words = ""
    for page in statement_pages(client):
        (table,) = page.tables
        assert page.currencies() == {sign}
        lines = []
        for row in table.rows:
            _time, _gift, _from, coins, *money, _release = row
            price, tax, platform, net = (amount(cell).value for cell in money)
            assert tax + platform + net == price, row
            lines.append([Decimal(coins.replace(",", "")), price, tax, platform, net])
        _words, *feet, _nothing = table.foot
        shown = [amount(cell).value for cell in feet]
        assert shown == [sum(column) for column in zip(*lines, strict=True)]
        earned += shown[-1]
        words = page.words
    assert after(words, "Earned") == earned
    return earned


def after(words: str, label: str) -> Decimal:
    """Return the first amount behind a label."""
    found = AMOUNT.search(words.split(label, maxsplit=1)[1])
    assert found
    return amount(found[0]).value


def check_home(client: Client, sign: str) -> Decimal:
    """Check that the days add up, and the calendar; return what is shown as available."""
    page = page_at(client, reverse("studio:home"))
    assert page.currencies() == {sign}
    if page.tables:
        (table,) = page.tables
        days = [[amount(cell).value for cell in row[1:]] for row in table.rows]
        foot = [amount(cell).value for cell in table.foot[1:]]
        assert foot == [sum(column) for column in zip(*days, strict=True)]
        assert after(page.words, "30 days") == foot[-1]
        assert after(page.words, "Today") == days[-1][-1]
    calendar = page.words.split("Release calendar")[1].split("Latest supporters")[0]
    waiting = [amount(found[0]).value for found in AMOUNT.finditer(calendar) if found["before"]]
    assert after(page.words, "On hold") == sum(waiting)
    return after(page.words, "Available")


def check_files(client: Client, currency: str, earned: Decimal) -> None:
    """Check that the CSVs say the same."""
    gifts, days = rows_of(client, "studio:statement_csv"), rows_of(client, "studio:daily_csv")
    assert {row["currency"] for row in gifts + days} == {currency}
    for row in gifts:
        parts = (row["tax"] or "0", row["our_share_and_fee"], row["you_get"])
        assert sum(map(Decimal, parts)) == Decimal(row["fan_paid"])
    for rows in (gifts, days):
        assert sum(Decimal(row["you_get"]) for row in rows) == earned


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    country=st.sampled_from(["DE", "JP", "US", "ID"]),
    sends=st.lists(SENDS, min_size=1, max_size=10),
    rates=st.lists(RATES, max_size=6),
)
def test_one_currency_that_adds_up_on_every_page_and_in_every_file(
    fans: dict[str, User],
    country: str,
    sends: list[dict[str, Any]],
    rates: list[tuple[str, float, int]],
) -> None:
    cache.clear()
    FxRate.objects.filter(source="generated").delete()
    for at, (code, factor, days_ago) in enumerate(rates):
        FxRate.objects.create(
            currency=code,
            per_usd=(FxRate.current(code).per_usd * Decimal(factor)).quantize(Decimal("1e-8")),
            valid_from=timezone.now() - timedelta(days=days_ago, minutes=at),
            source="generated",
        )
    client = signed_in(creator_of(country, sends, fans))
    earned = check_statement(client, SIGNS[country])
    check_files(client, CURRENCIES[country], earned)
    available = check_home(client, SIGNS[country])
    payouts = page_at(client, reverse("studio:payouts"))
    assert payouts.currencies() <= {SIGNS[country]}
    assert after(payouts.words, "worth ") == available
    console = page_at(client, reverse("studio:console"))
    assert console.currencies() == {SIGNS[country]}


@pytest.mark.parametrize("country", ["DE", "JP", "US", "ID"])
def test_a_payout_is_read_in_the_creators_currency_and_the_banks_is_a_detail(country: str) -> None:
    creator = person("cora", country=country, is_creator=True)
    Creator.objects.create(user=creator)
    bank_account(creator)
    give_diamonds(creator, 10_000)
    client = signed_in(creator)
    home = page_at(client, reverse("studio:home")).words
    quote = page_at(client, reverse("studio:payout_quote") + "?diamonds=10000")
    worth = re.search(r"You get\s+(\S+)", quote.words)
    assert worth
    assert worth[1] in home
    payout = request_payout(creator=creator, diamonds=10_000, key=uuid.uuid4())
    FxRate.objects.create(currency="JPY", per_usd=Decimal(1), valid_from=timezone.now())
    for name in ("studio:payouts", "studio:payouts_panel"):
        page = page_at(client, reverse(name))
        assert page.currencies() == {SIGNS[country]}
        assert worth[1] in page.words
    page = page_at(client, reverse("studio:payout", args=[payout.public_id]))
    assert page.currencies() == {SIGNS[country]}
    assert f"Payout of {worth[1]}" in page.words
    html = client.get(reverse("studio:payout", args=[payout.public_id])).content.decode()
    assert "€68.18" in html
    told = client.get("/api/v1/payouts/").json()["results"][0]
    assert (told["amount_minor"], told["currency"]) == (6_818, "EUR")
    assert told["worth"]["currency"] == CURRENCIES[country]
