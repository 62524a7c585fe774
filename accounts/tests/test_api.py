"""The API of accounts."""

import pytest
from django.test import Client

from accounts.models import User
from conftest import api_key

pytestmark = pytest.mark.django_db


def key_of(user: User) -> dict[str, str]:
    return {"authorization": f"Token {api_key(user)}"}


def test_me_is_me(client: Client, carol: User) -> None:
    answer = client.get("/api/v1/me/", headers=key_of(carol)).json()
    assert answer == {
        "public_id": str(carol.public_id),
        "email": "carol@example.com",
        "handle": "carol",
        "display_name": "Carol",
        "country": "DE",
        "region": carol.region.code,
        "currency": "EUR",
        "confirm_from_coins": None,
        "private_supporter": False,
        "is_creator": False,
    }


def test_me_can_be_changed(client: Client, carol: User) -> None:
    answer = client.patch(
        "/api/v1/me/",
        {"handle": "Caro", "country": "JP"},
        content_type="application/json",
        headers=key_of(carol),
    ).json()
    assert (answer["handle"], answer["display_name"], answer["currency"]) == (
        "caro",
        "Carol",
        "JPY",
    )


def test_how_my_gifts_leave_can_be_changed_one_at_a_time(client: Client, carol: User) -> None:
    def change(**wish: object) -> dict[str, object]:
        answer = client.patch(
            "/api/v1/me/", wish, content_type="application/json", headers=key_of_once
        )
        me: dict[str, object] = answer.json()
        return me

    key_of_once = key_of(carol)
    assert change(confirm_from_coins=40)["private_supporter"] is False
    me = change(private_supporter=True)
    assert (me["confirm_from_coins"], me["private_supporter"]) == (40, True)
    assert change(confirm_from_coins=0)["code"] == "check_input"
    assert change(confirm_from_coins=None)["confirm_from_coins"] is None


@pytest.mark.parametrize(
    ("wish", "status", "code", "field"),
    [
        ({"handle": "bob"}, 400, "check_input", "handle"),
        ({"handle": "no spaces"}, 400, "check_input", "handle"),
        ({"country": "ZZ"}, 400, "check_input", "country"),
    ],
)
def test_what_cannot_be_is_a_problem_with_its_field(
    client: Client, carol: User, bob: User, wish: dict[str, str], status: int, code: str, field: str
) -> None:
    response = client.patch(
        "/api/v1/me/", wish, content_type="application/json", headers=key_of(carol)
    )
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code)
    assert field in problem["fields"]
    carol.refresh_from_db()
    assert (carol.handle, carol.country_id) == ("carol", "DE")


def test_a_move_that_is_refused_leaves_the_rest_as_it_was(client: Client, carol: User) -> None:
    from datetime import date

    today = date.today()
    User.objects.filter(pk=carol.pk).update(
        date_of_birth=today.replace(year=today.year - 19, day=1)
    )
    response = client.patch(
        "/api/v1/me/",
        {"display_name": "Changed", "country": "JP"},
        content_type="application/json",
        headers=key_of(carol),
    )
    assert (response.status_code, response.json()["code"]) == (403, "too_young")
    carol.refresh_from_db()
    assert carol.display_name == "Carol"


def test_what_is_not_ours_to_change_stays(client: Client, carol: User) -> None:
    client.patch(
        "/api/v1/me/",
        {"is_creator": True, "is_staff": True, "email": "x@example.com"},
        content_type="application/json",
        headers=key_of(carol),
    )
    carol.refresh_from_db()
    assert (carol.is_creator, carol.is_staff, carol.email) == (False, False, "carol@example.com")


def test_nobody_is_nobody(client: Client) -> None:
    assert client.get("/api/v1/me/").status_code in {401, 403}


def test_regions_are_public(client: Client) -> None:
    regions = client.get("/api/v1/regions/").json()
    assert {"code", "name", "currency", "tax_mode", "countries"} == set(regions[0])
    assert any("DE" in region["countries"] for region in regions)
