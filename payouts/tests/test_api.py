"""The API of payouts: the same rules as the pages."""

import uuid
from decimal import Decimal

from django.test import Client

from accounts.models import User
from conftest import api_key
from payouts.models import PayoutMethod
from payouts.tests.browsers import browser, confirmed
from payouts.tests.builders import DUTCH, bank_account, give_diamonds


def test_the_api_asks_and_follows(bob: User, carol: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    client, key = browser(bob), str(uuid.uuid4())

    def ask(diamonds: int) -> object:
        body = {"diamonds": diamonds, "key": key}
        return client.post("/api/v1/payouts/", body, content_type="application/json")

    first, again, other = ask(2_000), ask(2_000), ask(2_001)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)  # type: ignore[attr-defined]
    assert first.json()["public_id"] == again.json()["public_id"]  # type: ignore[attr-defined]
    assert other.json()["code"] == "key_reused"  # type: ignore[attr-defined]
    listed = client.get("/api/v1/payouts/").json()["results"]
    assert [(row["amount_minor"], row["state"]) for row in listed] == [(1364, "requested")]
    assert Decimal(listed[0]["fx_per_usd"]) == Decimal("0.909")
    url = f"/api/v1/payouts/{listed[0]['public_id']}/"
    assert client.get(url).json()["steps"][0]["state"] == "requested"
    User.objects.filter(pk=carol.pk).update(is_creator=True)
    assert browser(carol).get(url).status_code == 404
    assert browser(carol).get("/api/v1/payouts/").json()["results"] == []


def test_the_api_wants_a_key_and_refuses_in_problem_json(bob: User, alice: User) -> None:
    client = browser(bob)
    missing = client.post("/api/v1/payouts/", {"diamonds": 5}, content_type="application/json")
    assert (missing.status_code, list(missing.json()["fields"])) == (400, ["key"])
    body = {"diamonds": 5_000, "key": str(uuid.uuid4())}
    refused = client.post("/api/v1/payouts/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_payout_method")
    assert browser(alice).get("/api/v1/payouts/").json()["code"] == "not_a_creator"
    assert Client().get("/api/v1/payouts/").status_code in {401, 403}


def test_the_api_shows_the_account_masked_and_changes_it_after_the_password(bob: User) -> None:
    url, body = "/api/v1/payout-method/", {"holder": "Bob", "iban": DUTCH}
    refused = browser(bob).put(url, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_required")
    taken = confirmed(bob).put(url, body, content_type="application/json")
    assert taken.json()["iban"] == "NL91 **** 4300"
    assert DUTCH not in taken.content.decode()
    wrong = confirmed(bob).put(
        url, {"holder": "Bob", "iban": "NL92ABNA0417164300"}, content_type="application/json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "iban_checksum")
    assert list(wrong.json()["fields"]) == ["iban"]
    assert browser(bob).get(url).json()["iban"] == "NL91 **** 4300"


def test_a_key_to_the_api_alone_cannot_redirect_money(bob: User) -> None:
    answer = Client(headers={"Authorization": f"Token {api_key(bob)}"}).put(
        "/api/v1/payout-method/", {"holder": "M", "iban": DUTCH}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert not PayoutMethod.objects.exists()
