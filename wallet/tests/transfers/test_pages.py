"""What a fan sees of an order by transfer: account, reference, code, rules; and the test bank."""

import re
import string
import uuid
from html import unescape
from itertools import product

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from environ import Env
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from conftest import api_key, person
from wallet.models import BankTransfer, Purchase
from wallet.providers.bank_transfer.reference import is_valid, reference_of, references_in
from wallet.tests import stage
from wallet.tests.transfers.stage import came, days_later, fresh, order, work
from wallet.transfers import review

pytestmark = pytest.mark.django_db
State = Purchase.State


def page_of(client: Client, purchase: Purchase) -> str:
    address = reverse("wallet:order", args=[purchase.public_id])
    return client.get(address).content.decode()


def test_the_order_says_where_to_send_the_money(client: Client, alice: User) -> None:
    client.force_login(alice)
    purchase = order(alice)
    page = page_of(client, purchase)
    reference = purchase.provider_reference
    assert f'data-copy="{reference}"' in page
    assert re.sub(r"(.{4})(?=.)", r"\1 ", reference) in page
    assert "DE89 3704 0044 0532 0130 00" in page
    assert str(purchase.total) in page
    assert "<svg" in page.partition("transfer__code")[2]
    assert "style=" not in page.partition("transfer__code")[2].partition("</svg>")[0]


def test_the_page_follows_what_came(client: Client, alice: User) -> None:
    client.force_login(alice)
    purchase = order(alice)
    came(purchase, 400)
    page = page_of(client, purchase)
    assert "Part of your money came in" in page
    assert f"€{(purchase.total_minor - 400) / 100:.2f}" in page
    came(purchase, purchase.total_minor)
    page = page_of(client, purchase)
    assert "Your coins are here" in page
    assert "€4.00 goes back to you" in page
    assert "transfer__lines" not in page


def following(page: str) -> str:
    """Return the address by which a page asks whether something moved."""
    found = re.search(r'hx-get="([^"]+/progress/[^"]+)"', page)
    assert found
    # The page has been open for longer than the first seconds, in which it is drawn anew anyway.
    return re.sub(r"began=\d+", "began=0", unescape(found[1]))


def test_a_page_that_is_open_follows_each_transfer(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(alice)
    purchase = order(alice)
    page = page_of(client, purchase)
    for minor, words in ((400, "€4.00 came in"), (300, "€7.00 came in"), (100, "€8.00 came in")):
        address = following(page)
        assert client.get(address).status_code == 204
        came(purchase, minor)
        answer = client.get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert words in page
        assert f"€{(purchase.total_minor - int(words[1:].split('.')[0]) * 100) / 100:.2f}" in page
    address = following(page)
    monkeypatch.setattr("wallet.transfers.matching.is_large", lambda _transfer: True)
    came(purchase, 200)  # waits for a second person
    page = client.get(address).content.decode()
    assert "We're checking your transfer" in unescape(page)
    assert client.get(following(page)).status_code == 204
    transfer = BankTransfer.objects.latest("pk")
    review.send_to_review(transfer=transfer, by=person("rita", is_staff=True), reason="Look")
    review.give_back(transfer=transfer, by=User.objects.get(handle="rita"), reason="Not his")
    page = client.get(following(page)).content.decode()
    assert "€2.00 goes back to you" in page
    assert client.get(following(page)).status_code == 204


def test_a_page_of_an_order_paid_in_another_way_asks_for_no_transfers(
    client: Client, alice: User
) -> None:
    purchase = stage.order(alice)
    client.force_login(alice)
    address = following(page_of(client, purchase))
    assert "moved=&" in address
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 204
    assert not [one for one in asked.captured_queries if "wallet_banktransfer" in one["sql"]]


def test_after_the_last_day_nobody_is_told_to_send_by_then(client: Client, alice: User) -> None:
    client.force_login(alice)
    purchase = order(alice)
    assert f"Send {purchase.total} by " in page_of(client, purchase)
    days_later(purchase, 15)  # the bank still may report what was sent in time
    page = page_of(client, purchase)
    assert fresh(purchase).is_open and f"Send {purchase.total} by " not in page
    assert "The last day to send it was" in page


def test_it_is_offered_where_currency_and_country_fit(alice: User, settings: Settings) -> None:
    from wallet.providers import registry

    def offered() -> bool:
        found = registry.methods(country=alice.country, amount_minor=500)  # type: ignore[arg-type]
        return "transfer" in {method.slug for _provider, method in found}

    terms = settings.TRANSFERS
    assert offered()
    settings.TRANSFERS = {**terms, "countries": ["FR"]}
    assert not offered()
    settings.TRANSFERS = {**terms, "currency": "CHF"}
    assert not offered()
    settings.TRANSFERS = terms
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "iban": ""}
    assert not offered()


def test_an_account_that_is_none_is_refused(settings: Settings) -> None:
    assert not [one for one in run_checks() if (one.id or "").startswith("wallet.")]
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "iban": "DE00370400440532013000", "name": ""}
    assert {one.id for one in run_checks()} >= {"wallet.E001", "wallet.E002"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRANSFER_CURRENCY", "euro"),
        ("TRANSFER_COUNTRIES", "DE,Austria"),
        ("TRANSFER_DAYS", "0"),
        ("TRANSFER_ALONE_USD", "-1"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    # The project's own module: below all apps stands only what reads the environment.
    from importlib import import_module

    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        import_module("giftplatform.runtime.payments").transfers(Env())


def test_the_api_says_where_to_send_the_money(client: Client, alice: User) -> None:
    key = {"Authorization": f"Token {api_key(alice)}"}
    wish = {"key": str(uuid.uuid4()), "method": "transfer", "coins": 500}
    answer = client.post("/api/v1/purchases/", wish, "application/json", headers=key).json()
    purchase = Purchase.objects.get(public_id=answer["public_id"])
    told = answer["transfer"]
    assert told["reference"] == purchase.provider_reference
    assert told["iban"] == "DE89370400440532013000"
    assert told["amount"]["currency"] == "EUR"
    came(purchase)
    again = client.get(f"/api/v1/purchases/{purchase.public_id}/", headers=key).json()
    assert (again["state"], again["transfer"]) == ("paid", None)


def test_the_test_bank_sends_and_takes_back(client: Client, alice: User) -> None:
    purchase = order(alice)
    bank = reverse("wallet:sandbox_transfer", args=[purchase.provider_reference])
    first = client.get(bank)
    assert purchase.provider_reference[:4] in first.content.decode()
    sent = {"amount": "3.00", "words": purchase.provider_reference, "name": "Al & Co <x>"}
    assert client.post(bank, sent | {"iban": "NL91ABNA0417164300"}).status_code == 302
    work()
    assert BankTransfer.objects.get().payer_name == "Al & Co <x>"
    assert fresh(purchase).state == State.PENDING
    client.post(bank, {"pressed": "back"})
    work()
    assert BankTransfer.objects.get().state == BankTransfer.State.REVERSED
    assert client.post(bank, sent | {"amount": "-1"}).status_code == 422


def test_the_test_bank_does_not_exist_in_live_mode(
    client: Client, alice: User, settings: Settings
) -> None:
    purchase = order(alice)
    settings.SANDBOX = False
    bank = reverse("wallet:sandbox_transfer", args=[purchase.provider_reference])
    assert client.get(bank).status_code == 404
    assert client.post(bank, {"amount": "3.00", "name": "x"}).status_code == 404
    assert not BankTransfer.objects.exists()


WORDS = st.text(alphabet="RF08OI x-/ßé", max_size=20)


@given(st.uuids(), WORDS, WORDS)
def test_a_reference_is_found_in_any_words(order: uuid.UUID, before: str, after: str) -> None:
    reference = reference_of(order)
    assert is_valid(reference)
    assert reference in references_in(f"{before} {reference.lower()} {after}")


@given(st.uuids())
def test_one_wrong_sign_is_noticed(order: uuid.UUID) -> None:
    reference = reference_of(order)
    for place, sign in product(range(len(reference)), string.digits + string.ascii_uppercase):
        typed = reference[:place] + sign + reference[place + 1 :]
        assert references_in(typed) <= {reference}  # itself: where O stands for 0, I for 1
