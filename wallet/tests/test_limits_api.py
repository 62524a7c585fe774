"""All that bounds a fan's spending, asked and told in one place: pages, API, and the database."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import SpendingLimit, User
from accounts.pauses import take_pause
from conftest import api_key
from wallet.limits.spending import set_limit
from wallet.models import SpendingPolicy
from wallet.tests.stage import order

pytestmark = pytest.mark.django_db
LIMITS, PAUSE = "/api/v1/wallet/limits/", "/api/v1/wallet/pause/"


def program(fan: User) -> Client:
    return Client(headers={"Authorization": f"Token {api_key(fan)}"})


def put(client: Client, **wish: Any) -> Any:
    return client.put(LIMITS, wish, content_type="application/json")


def test_a_program_reads_what_the_page_shows(carol: User) -> None:
    order(carol, 300)
    told = program(carol).get(LIMITS).json()
    assert told["used"] == {"day": 300, "week": 300, "month": 300}
    assert told["site"] == {"day": 5_000, "week": 200_000, "month": 500_000}
    assert (told["left"], told["own"], told["paused_until"]) == (4_700, [], None)


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_the_sites_limit_of_each_span_holds_for_everybody(carol: User, span: str) -> None:
    User.objects.filter(pk=carol.pk).update(date_joined=timezone.now() - timedelta(days=90))
    SpendingPolicy.objects.update(**{f"{span}_usd": 5})
    key = {"key": str(uuid.uuid4()), "method": "card", "coins": 600}
    answer = program(carol).post("/api/v1/purchases/", key, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "over_limit")


def test_a_lower_limit_holds_at_once_and_a_higher_one_waits(carol: User, bob: User) -> None:
    client = program(carol)
    assert put(client, span="week", coins=500).json()["left"] == 500
    higher = put(client, span="week", coins=900).json()
    [own] = higher["own"]
    assert (own["coins"], own["next_coins"], higher["left"]) == (500, 900, 500)
    assert put(client, span="week", coins=None).json()["own"][0]["coins"] == 500
    one = put(client, span="month", coins=50, creator=f"@{bob.handle}").json()["own"]
    assert {each["creator"] for each in one} == {None, bob.handle}
    assert put(client, span="year", coins=1).status_code == 400
    assert put(client, span="day", coins=-1).status_code == 400
    assert put(client, span="day", coins=1, creator="nobody_here").status_code == 404


def test_a_pause_over_the_api_is_kept_and_only_made_longer(carol: User) -> None:
    client = program(carol)
    taken = client.post(PAUSE, {"length": "week"}, content_type="application/json")
    assert taken.status_code == 201 and taken.json()["left"] == 0
    again = client.post(PAUSE, {"length": "day"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "pause_runs")


def test_in_a_pause_a_program_is_led_to_no_pay_page(carol: User) -> None:
    waiting = order(carol, 300)
    take_pause(user=carol, length="day")
    client = program(carol)
    found = client.get(f"/api/v1/purchases/{waiting.public_id}/").json()
    assert found["pay_url"] is None
    wish = {"key": str(waiting.key), "method": "card", "coins": 300}
    again = client.post("/api/v1/purchases/", wish, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (403, "spending_paused")


def test_nobody_raises_a_limit_at_once(carol: User) -> None:
    limit = set_limit(user=carol, span="day", coins=300)
    mine = SpendingLimit.objects.filter(pk=limit.pk)
    for higher in (301, None):
        with pytest.raises(IntegrityError, match="after its wait"), transaction.atomic():
            mine.update(coins=higher)
    mine.update(coins=200)
    mine.update(next_coins=900, next_at=timezone.now() - timedelta(seconds=1))
    set_limit(user=carol, span="day", coins=800)
    limit.refresh_from_db()
    assert limit.in_force == 800
