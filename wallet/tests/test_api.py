"""The wallet over the API: the same rules, refusals as problem JSON."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from wallet.models import Bundle, Purchase, SandboxPayment
from wallet.tests.stage import order, pack, paid, press

pytestmark = pytest.mark.django_db


def post(client: Client, **body: Any) -> Any:
    wish = {"key": str(uuid.uuid4()), "method": "card"} | body
    return client.post("/api/v1/purchases/", wish, content_type="application/json")


def test_the_wallet_says_what_one_has(carol: User, client: Client) -> None:
    paid(carol)
    client.force_login(carol)
    assert client.get("/api/v1/wallet/").json() == {
        "coins": 1_000,
        "bonus_coins": 0,
        "bonuses": [],
        "coins_held": 0,
        "worth": {"amount": "11.59", "currency": "EUR"},
    }


def test_the_history_goes_page_by_page(carol: User, client: Client) -> None:
    for coins in (100, 300, 500):
        paid(carol, coins)
    client.force_login(carol)
    first = client.get("/api/v1/wallet/history/?limit=2").json()
    assert [(e["words"], e["coins"], e["balance"]) for e in first["entries"]] == [
        ("Bought 500 coins", 500, 900),
        ("Bought 300 coins", 300, 400),
    ]
    second = client.get(f"/api/v1/wallet/history/?limit=2&before={first['next']}").json()
    assert [(e["coins"], e["balance"]) for e in second["entries"]] == [(100, 100)]
    assert second["next"] is None


def test_packs_are_those_of_my_region(carol: User, client: Client) -> None:
    client.force_login(carol)
    offers = client.get("/api/v1/bundles/").json()
    assert [offer["coins"] for offer in offers] == [100, 300, 500, 1_000, 2_500, 5_000, 10_000]
    assert offers[3]["total"] == {"amount": "11.59", "currency": "EUR"}
    assert offers[3]["per_coin"] == {"amount": "0.0116", "currency": "EUR"}


def test_an_order_is_placed_once_and_says_where_to_pay(carol: User, client: Client) -> None:
    client.force_login(carol)
    key = str(uuid.uuid4())
    first, second = (post(client, key=key, bundle=pack(carol).pk) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "/sandbox/pay/" in first.json()["pay_url"]
    purchase = Purchase.objects.get()
    assert client.get(f"/api/v1/purchases/{purchase.public_id}/").json() == first.json()
    press(purchase, SandboxPayment.State.SUCCEEDED)
    assert len(client.get("/api/v1/purchases/").json()) == 1


@pytest.mark.parametrize(
    ("wish", "status", "code", "field"),
    [
        ({"coins": 0}, 422, "coins_out_of_range", "coins"),
        ({"coins": -5}, 422, "coins_out_of_range", "coins"),
        ({"coins": 100_001}, 422, "coins_out_of_range", "coins"),
        ({"coins": 6_000}, 409, "over_limit", "coins"),
        ({"coins": 100, "currency": "USD"}, 422, "unknown_currency", "currency"),
        ({"coins": 100, "currency": "???"}, 422, "unknown_currency", "currency"),
        ({"coins": 100, "method": "cheque"}, 422, "method_unavailable", "method"),
        ({"coins": 1_000, "total_minor": 1}, 409, "price_changed", None),
        ({"bundle": 999_999}, 410, "bundle_gone", "bundle"),
        ({}, 400, "check_input", "coins"),
        ({"coins": 100, "bundle": 1}, 400, "check_input", "coins"),
        ({"coins": "many"}, 400, "check_input", "coins"),
        ({"coins": 100, "key": "1"}, 400, "check_input", "key"),
    ],
)
def test_every_refusal_has_a_code_and_changes_nothing(
    carol: User, client: Client, wish: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    client.force_login(carol)
    answer = post(client, **wish)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["detail"]
    assert list(body["fields"]) == ([field] if field else [])
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("state", ["started", "authenticating", "pending"])
def test_an_order_says_where_to_pay_until_it_is_decided(
    carol: User, client: Client, state: str
) -> None:
    client.force_login(carol)
    placed = post(client, coins=100).json()
    Purchase.objects.update(state=state)
    address = f"/api/v1/purchases/{placed['public_id']}/"
    told = [client.get(address).json(), *client.get("/api/v1/purchases/").json()]
    assert [(one["state"], one["pay_url"]) for one in told] == [(state, placed["pay_url"])] * 2
    assert post(client, key=placed["key"], coins=100).json() == told[0]
    Purchase.objects.update(state="expired")
    assert client.get(address).json()["pay_url"] is None


OTHER: dict[str, dict[str, Any]] = {
    "coins": {"coins": 300},
    "method": {"method": "bank"},
    "price": {"total_minor": 1},
    "currency": {"currency": "USD"},
    "pack": {"coins": None, "bundle": 999_999},
    "smaller pack": {"coins": None, "bundle": "smaller"},
    "pack of another region": {"coins": None, "bundle": "american"},
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_a_key_for_two_things_is_refused(
    carol: User, client: Client, other: dict[str, Any]
) -> None:
    client.force_login(carol)
    smaller = Bundle.objects.get(region=carol.region, coins=300)
    american = Bundle.objects.get(region="us", coins=1_000)
    packs: dict[Any, Any] = {"smaller": smaller.pk, "american": american.pk}
    first = {"key": str(uuid.uuid4()), "coins": 1_000, "total_minor": 1_159, "currency": "EUR"}
    assert post(client, **first).status_code == 201
    assert post(client, **first).status_code == 201
    wish = {name: packs.get(value, value) for name, value in (first | other).items()}
    refused = post(client, **{name: value for name, value in wish.items() if value is not None})
    assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert Purchase.objects.get().coins == 1_000


def test_a_key_stays_the_same_order_when_its_fan_moved(carol: User, client: Client) -> None:
    client.force_login(carol)
    wish = {"key": str(uuid.uuid4()), "coins": 100, "currency": "EUR"}
    placed = post(client, **wish).json()
    User.objects.filter(pk=carol.pk).update(country="US")
    assert post(client, **wish).json() == placed


def test_a_pack_of_another_region_is_refused(carol: User, client: Client) -> None:
    client.force_login(carol)
    american = Bundle.objects.filter(region="us")[0]
    assert post(client, bundle=american.pk).json()["code"] == "bundle_gone"


def test_others_see_nothing_of_my_orders(alice: User, carol: User, client: Client) -> None:
    mine = order(alice)
    client.force_login(carol)
    assert client.get(f"/api/v1/purchases/{mine.public_id}/").status_code == 404
    assert client.get("/api/v1/purchases/").json() == []
    assert client.get("/api/v1/wallet/history/").json()["entries"] == []


@pytest.mark.parametrize("path", ["wallet/", "wallet/history/", "bundles/", "purchases/"])
def test_visitors_are_sent_away(client: Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code in (401, 403)


def test_the_rates_are_public(client: Client) -> None:
    rates = client.get("/api/v1/rates/?country=jp").json()
    assert rates["current"]["creator_share_percent"] == 75
    assert rates["bundles"][3]["total"] == {"amount": "1720", "currency": "JPY"}
