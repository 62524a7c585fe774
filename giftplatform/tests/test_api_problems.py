"""Every error of the API has one form and the site's own messages."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from wallet.coins import balance

pytestmark = pytest.mark.django_db
JSON = "application/json"
BUY = "/api/v1/purchases/"
KEY = str(uuid.uuid4())
# Pieces of the sentences that Django and its REST framework would answer with.
THEIRS = (
    *("A valid", "a valid", "Must be", "may not be", "Ensure", "Invalid token", "Invalid data"),
    *("credentials", "Method", "media type", "parse error", "CSRF F"),
)


def told(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return a refusal after looking at its form and its words."""
    body: dict[str, Any] = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) == {"type", "status", "code", "detail", "fields"}
    sentences = [body["detail"], *(one for many in body["fields"].values() for one in many)]
    for sentence in sentences:
        assert sentence.endswith((".", "?"))
        assert not [word for word in THEIRS if word in sentence], sentence
    return body


@pytest.fixture
def browser(carol: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(carol)
    return client


@pytest.mark.parametrize(
    ("method", "address", "body", "kind", "status", "code"),
    [
        ("get", "/api/v1/nothing/", None, JSON, 404, "not_found"),
        ("get", f"{BUY}{uuid.UUID(int=7)}/", None, JSON, 404, "not_found"),
        ("put", "/api/v1/wallet/", {}, JSON, 405, "method_not_allowed"),
        ("post", BUY, "{", JSON, 400, "parse_error"),
        ("post", BUY, "key=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("post", BUY, [], JSON, 400, "check_input"),
        ("post", BUY, "x" * 1_000_001, JSON, 400, "input_too_long"),
    ],
)
def test_what_is_no_call_of_ours(
    browser: Client, method: str, address: str, body: Any, kind: str, status: int, code: str
) -> None:
    told(getattr(browser, method)(address, body, content_type=kind), status, code)


def test_a_visitor_a_wrong_key_and_a_form_of_another_site(browser: Client) -> None:
    told(Client().get("/api/v1/wallet/"), 401, "not_authenticated")
    wrong = Client().get("/api/v1/wallet/", headers={"Authorization": "Token nobody"})
    told(wrong, 401, "authentication_failed")
    other = Client(enforce_csrf_checks=True)
    other.cookies = browser.cookies
    told(other.post(BUY, {}, content_type=JSON), 403, "permission_denied")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"key": "x", "method": ""},
        {"key": None, "method": "m" * 25, "coins": "many"},
        {"key": KEY, "method": ["card"], "coins": 1.5, "bundle": "9" * 2_000},
    ],
)
def test_every_field_has_our_messages(browser: Client, wish: dict[str, Any]) -> None:
    body = told(browser.post(BUY, wish, content_type=JSON), 400, "check_input")
    assert body["fields"]


def test_an_error_looks_like_a_refusal_and_reveals_nothing(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "KINDS", ("no such kind",))
    body = told(browser.get("/api/v1/wallet/"), 500, "fault")
    assert "no such kind" not in str(body)


def test_a_fault_of_a_page_is_still_a_page(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "KINDS", ("no such kind",))
    answer = browser.get("/wallet/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert browser.get("/nothing/")["Content-Type"] == "text/html; charset=utf-8"


def test_money_has_the_digits_of_its_currency(browser: Client) -> None:
    rates = {
        code: browser.get("/api/v1/rates/", {"country": code}).json()["bundles"][0]
        for code in ("DE", "JP", "ID", "US")
    }
    digits = {code: len(offer["net"]["amount"].partition(".")[2]) for code, offer in rates.items()}
    assert digits == {"DE": 2, "JP": 0, "ID": 0, "US": 2}
    frog = next(g for g in browser.get("/api/v1/gifts/").json() if g["slug"] == "moss-frog")
    assert frog["price"] == {"amount": "0.2898", "currency": "EUR"}
    assert frog["creator_gets"] == {"amount": "0.1704375", "currency": "EUR"}
    assert browser.get("/api/v1/wallet/").json()["worth"] == {"amount": "0.00", "currency": "EUR"}
