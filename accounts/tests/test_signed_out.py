"""A session that ends while a page is open: what the page asks for by itself says so."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db

PARTS = ("wallet:balance", "studio:payouts_panel", "wallet:history", "studio:alerts")
COINS = {"HX-Request": "true", "HX-Current-URL": "http://testserver/coins/?pack=3&back=a"}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_page_says_that_the_session_ended(client: Client, part: str) -> None:
    answer = client.get(reverse(part), headers=COINS)
    said = answer.content.decode()
    assert (answer.status_code, answer["X-Error-Code"]) == (401, "signed_out")
    assert "You are signed out." in said
    assert "<form" not in said
    assert f'href="{reverse("account_login")}?next=/coins/%3Fpack%3D3%26back%3Da"' in said


def test_a_page_still_leads_to_the_sign_in_form(client: Client) -> None:
    address = reverse("wallet:wallet")
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{reverse('account_login')}?next={address}",
    )


def test_signing_in_leads_back_to_the_page(client: Client, carol: User) -> None:
    login = f"{reverse('account_login')}?next=/coins/%3Fpack%3D3"
    answer = client.post(login, {"login": carol.email, "password": "harbour-night-7"})
    assert answer["Location"] == "/coins/?pack=3"


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({"Referer": "http://testserver/studio/live/"}, "/studio/live/"),  # asked without htmx
        ({"HX-Current-URL": "https://elsewhere.example/trap/"}, "/"),
        ({"HX-Current-URL": "javascript:alert(1)"}, "/"),
        ({}, "/"),
    ],
)
def test_the_way_back_stays_on_the_site(client: Client, headers: dict[str, str], back: str) -> None:
    answer = client.get(reverse("wallet:balance"), headers={"HX-Request": "true", **headers})
    assert f'?next={back}"' in answer.content.decode()
