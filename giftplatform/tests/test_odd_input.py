"""Input that no person types is answered with a sentence or ignored, never with an error 500."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import User
from live.models import Event, Stream
from payouts.models import Payout
from payouts.tests.builders import bank_account

pytestmark = pytest.mark.django_db
JSON = "application/json"
ENDLESS = "9" * 5_000


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/coins/quote/?pack=custom:many",
        "/coins/quote/?pack=customs",
        "/coins/quote/?pack=custom:-5",
        f"/coins/quote/?coins={ENDLESS}",
        f"/coins/?coins={ENDLESS}",
        "/coins/?country=%00",
        "/rates/?country=%00",
        "/api/v1/rates/?country=%00",
        f"/orders/?page={ENDLESS}",
        f"/wallet/?before={ENDLESS}",
        f"/api/v1/wallet/history/?before={ENDLESS}&limit={ENDLESS}",
    ],
)
def test_an_odd_address_is_no_fault(alice: User, address: str) -> None:
    assert browser(alice).get(address).status_code in {200, 400, 404, 410, 422}


def test_a_page_of_the_statement_before_nothing_is_the_first(bob: User) -> None:
    address = f"{reverse('studio:earnings')}?before={ENDLESS}"
    assert browser(bob).get(address).status_code == 200


def test_an_id_that_none_can_be_is_no_event(client: Client, stream: Stream) -> None:
    address = reverse("api_events", args=[stream.public_id])
    assert client.get(address, {"after": ENDLESS}).status_code == 400


@pytest.mark.parametrize("quantity", [2**31, 2**63, 10**30, -(2**40)])
def test_no_quantity_is_too_large_for_a_sentence(
    alice: User, stream: Stream, quantity: int
) -> None:
    body = {"gift": "moss-frog", "key": str(uuid.uuid4()), "quantity": quantity}
    client = browser(alice)
    told = client.post(reverse("api_send", args=[stream.public_id]), body, JSON)
    assert (told.status_code, told.json()["code"]) == (422, "bad_quantity")
    shown = client.post(reverse("gifts:send", args=[stream.public_id]), body)
    assert (shown.status_code, shown["X-Error-Code"]) == (422, "bad_quantity")
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000


@pytest.mark.parametrize("diamonds", [2**63, 10**40, 10**200])
def test_no_payout_is_too_large_for_a_sentence(bob: User, diamonds: int) -> None:
    bank_account(bob)
    body = f'{{"diamonds": {diamonds}, "key": "{uuid.uuid4()}"}}'
    told = browser(bob).post("/api/v1/payouts/", body, JSON)
    assert (told.status_code, told.json()["code"]) == (409, "insufficient_diamonds")
    form = {"diamonds": diamonds, "key": uuid.uuid4()}
    assert browser(bob).post(reverse("studio:request_payout"), form).status_code == 409
    assert not Payout.objects.exists()


def test_a_sign_that_postgresql_cannot_keep_is_said_in_no_chat(alice: User, stream: Stream) -> None:
    said = browser(alice).post(reverse("live:say", args=[stream.public_id]), {"text": "a\0b"})
    assert (said.status_code, said["X-Error-Code"]) == (400, "unreadable_input")
    assert not Event.objects.filter(kind="chat").exists()


@pytest.mark.parametrize("when", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_no_announced_time_breaks_everybodys_home(bob: User, client: Client, when: str) -> None:
    form = {"title": "Far away", "when": "later"}
    for zone in ("Pacific/Kiritimati", "America/Adak", "nowhere", ""):
        told = {**form, "scheduled_for": when, "zone": zone}
        assert browser(bob).post(reverse("studio:go_live"), told).status_code == 422
    assert not Stream.objects.exists()
    assert client.get("/").status_code == 200


def test_a_body_that_is_nested_for_ever_is_no_json(alice: User) -> None:
    told = browser(alice).post("/api/v1/purchases/", "[" * 20_000, JSON)
    assert (told.status_code, told.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("country", ["", 4, None, ["DE"], {"code": "DE"}])
def test_an_impossible_country_is_refused(alice: User, country: Any) -> None:
    told = browser(alice).patch("/api/v1/me/", {"country": country}, JSON)
    assert (told.status_code, list(told.json()["fields"])) == (400, ["country"])


NO_WAY_BACK = [
    "abc", "", "1", "/\\evil.example", "//evil.example/", "http://evil.example/", "http://[x",
    "javascript:1",
    "http://testserver//evil.example/", "\u202e", "x" * 9_000,
]  # fmt: skip


@pytest.mark.parametrize("back", NO_WAY_BACK)
def test_a_press_leads_back_to_this_site_only(alice: User, bob: User, back: str) -> None:
    address = reverse("studio:block", args=[alice.handle])
    told = browser(bob).post(address, {"block": "1", "next": back})
    assert told.status_code == 302
    assert told["Location"] in {reverse("studio:blocked"), "/%2Fevil.example/"}
    part = Client().get(reverse("studio:home"), headers={"HX-Request": "true", "Referer": back})
    assert part.status_code == 401
    assert "//evil" not in part.content.decode()


@pytest.mark.parametrize("back", ["abc", "http://[x", "//evil.example/"])
def test_a_refused_button_of_staff_leads_back_to_this_site(dana: User, back: str) -> None:
    address = "/admin/payouts/payout/build/"
    told = browser(dana).post(address, headers={"Referer": back})
    assert (told.status_code, told["Location"]) == (302, reverse("admin:index"))
