"""Staff make promotions and codes: the sentence before saving, two people, one file, a block."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from wallet.codes import alphabet, batches, printing
from wallet.models import Code, CodeBatch, CodePolicy, Promotion
from wallet.tests.codes import made_batch, new_batch
from wallet.tests.promotions import promotion

pytestmark = pytest.mark.django_db


def moment(name: str, days: int) -> dict[str, str]:
    at = timezone.now() + timedelta(days=days)
    return {f"{name}_0": at.strftime("%Y-%m-%d"), f"{name}_1": at.strftime("%H:%M:%S")}


def promotion_form(**more: Any) -> dict[str, Any]:
    facts = {"name": "Pier", "percent": "10", "bonus_days": "30", "budget_coins": "1000"}
    return facts | {"per_fan_coins": "100"} | moment("starts_at", 0) | more


def batch_form(**more: Any) -> dict[str, Any]:
    facts = {"name": "Pier", "kind": "bonus", "coins": "100", "count": "3", "uses": "1"}
    spans = moment("valid_from", 0) | moment("valid_until", 90)
    return facts | {"bonus_days": "30"} | spans | more


def test_a_promotion_is_read_in_a_sentence_before_it_is_saved(dana: User, client: Client) -> None:
    client.force_login(dana)
    page = client.post("/admin/wallet/promotion/add/", promotion_form(first_purchase="on"))
    said = page.content.decode()
    assert "Who buys coins anywhere for the first time gets 10% of them as bonus coins" in said
    assert "and 1,000 for all, for which creators would be paid $7.50" in said
    assert not Promotion.objects.exists()
    client.post("/admin/wallet/promotion/add/", promotion_form(_confirmed="1"))
    saved = Promotion.objects.get()
    assert (saved.percent, saved.created_by) == (10, dana)


@pytest.mark.parametrize(
    "wrong",
    [
        {"coins": "5"},
        {"percent": ""},
        {"percent": "101"},
        {"per_fan_coins": "1001"},
        {"bonus_days": "0"},
        moment("ends_at", -1),
    ],
)
def test_a_promotion_that_makes_no_sense_is_not_saved(
    dana: User, client: Client, wrong: dict[str, str]
) -> None:
    client.force_login(dana)
    client.post("/admin/wallet/promotion/add/", promotion_form(_confirmed="1") | wrong)
    assert not Promotion.objects.exists()


def test_a_promotion_is_stopped_and_never_changed(dana: User, client: Client) -> None:
    client.force_login(dana)
    running = promotion(percent=10)
    address = f"/admin/wallet/promotion/{running.pk}/"
    assert "Stop it now" in client.get(f"{address}change/").content.decode()
    assert client.post(f"{address}change/", promotion_form()).status_code == 403
    client.post(f"{address}stop/")
    running.refresh_from_db()
    assert not running.is_running
    assert "Stop it now" not in client.get(f"{address}change/").content.decode()


def test_codes_are_proposed_confirmed_and_made_once(dana: User, erin: User, client: Client) -> None:
    CodePolicy.objects.update(alone_usd=1)
    client.force_login(dana)
    client.post("/admin/wallet/codebatch/add/", batch_form())
    batch = CodeBatch.objects.get()
    address = f"/admin/wallet/codebatch/{batch.pk}/"
    page = client.get(f"{address}change/").content.decode()
    assert "another person must confirm it" in page and "Make the codes" not in page
    client.post(f"{address}confirm/")
    client.post(f"{address}make/", {"as": "csv"})
    assert not Code.objects.exists()
    client.force_login(erin)
    client.post(f"{address}confirm/")
    answer = client.post(f"{address}make/", {"as": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [alphabet.read(row["code"]) is not None for row in rows] == [True] * 3
    assert rows[0]["link"].endswith(f"/redeem/?code={rows[0]['code']}")
    assert client.post(f"{address}make/", {"as": "csv"}).status_code == 302
    assert Code.objects.count() == 3
    logged = " ".join(LogEntry.objects.values_list("change_message", flat=True))
    assert not any(row["code"] in logged for row in rows)
    client.post(f"{address}block/")
    batch.refresh_from_db()
    assert (batch.state, batch.blocked_by) == ("blocked", erin)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "prepaid"},
        {"bonus_days": ""},
        {"count": "1001"},
        {"coins": "0"},
        moment("valid_until", -1),
    ],
)
def test_codes_that_make_no_sense_are_not_proposed(
    dana: User, client: Client, wrong: dict[str, str]
) -> None:
    client.force_login(dana)
    answer = client.post("/admin/wallet/codebatch/add/", batch_form() | wrong)
    assert answer.status_code == 200
    assert not CodeBatch.objects.exists()


def test_cards_are_printed_with_money_first_eight_on_a_sheet() -> None:
    made = made_batch(name="Harbour card", coins=1_000, count=9, price_minor=1_159)
    reader = PdfReader(io.BytesIO(printing.cards(made)))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 2
    assert pages[0].count("€11.59, 1,000 coins") == 8
    assert all(alphabet.written(code) in "".join(pages) for code in made.codes)
    assert "SANDBOX" in pages[0]


def test_a_card_takes_the_currency_of_its_region(dana: User) -> None:
    batch = batches.propose(new_batch(price_minor=500, country="JP"), by=dana)
    assert (batch.currency, str(batch.price)) == ("JPY", "¥500")
