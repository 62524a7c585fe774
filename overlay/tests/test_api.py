"""The API does what the studio does, with the same rules."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from live.models import Stream
from overlay import goals, services
from overlay.models import Overlay
from overlay.tests.builders import gift, published
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.mark.parametrize("path", ["overlay", "alerts", "goal"])
def test_it_is_for_creators(client: Client, carol: User, path: str) -> None:
    assert client.get(f"/api/v1/me/{path}/").status_code == 401
    answer = signed_in(carol).get(f"/api/v1/me/{path}/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_creator")


def test_the_address_is_read_and_changed(client: Client, bob: User) -> None:
    mine = signed_in(bob)
    before = mine.get("/api/v1/me/overlay/").json()
    assert before["url"] == f"http://testserver/overlay/{Overlay.objects.get().token}/"
    assert before["goal_url"] == before["url"] + "goal/"
    after = mine.post("/api/v1/me/overlay/").json()
    assert after["url"] != before["url"]
    assert client.get(before["url"]).status_code == 404
    assert client.get(after["url"]).status_code == 200


def test_settings_are_changed_in_part(bob: User, stream: Stream) -> None:
    body = {"least_coins": 20, "muted": ["pebble"], "speak_from_coins": None}
    answer = signed_in(bob).patch("/api/v1/me/alerts/", body, JSON).json()
    assert (answer["least_coins"], answer["muted"], answer["volume"]) == (20, ["pebble"], 70)
    assert published("settings") == [{}]


@pytest.mark.parametrize(
    "body", [{"least_coins": 0}, {"volume": 300}, {"muted": ["x"]}, {"thank_from_coins": 10**9}]
)
def test_settings_out_of_bounds_are_refused(bob: User, body: dict[str, Any]) -> None:
    answer = signed_in(bob).patch("/api/v1/me/alerts/", body, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "check_input")
    assert list(answer.json()["fields"]) == list(body)
    answer = signed_in(bob).patch("/api/v1/me/alerts/", {"voice_language": "xx"}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "voice_language")


def test_alerts_are_steered(alice: User, bob: User, stream: Stream) -> None:
    mine = signed_in(bob)
    gift(alice, stream)
    orders: list[dict[str, Any]] = [
        {"do": "pause"},
        {"do": "resume"},
        {"do": "skip"},
        {"do": "replay", "last": 1},
    ]
    for order in orders:
        assert mine.post("/api/v1/me/alerts/", order, JSON).status_code == 200
    assert [alert["do"] for alert in published("alerts")] == [order["do"] for order in orders]
    mine.post("/api/v1/me/alerts/", {"do": "test", "gift": "pebble"}, JSON)
    assert published("test")[0]["gift"] == "pebble"
    answer = mine.post("/api/v1/me/alerts/", {"do": "replay", "last": 99}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "replay_count")


def test_what_waits_is_counted(alice: User, bob: User, stream: Stream) -> None:
    services.note_played(token=services.overlay_of(bob).token, to=0, done=[])
    gift(alice, stream)
    assert signed_in(bob).get("/api/v1/me/alerts/").json()["waiting"] == 1


def test_a_goal_is_set_read_and_ended(alice: User, bob: User, stream: Stream) -> None:
    mine = signed_in(bob)
    assert mine.get("/api/v1/me/goal/").json()["code"] == "no_goal"
    body = {"title": "A lamp", "target": 20}
    assert mine.put("/api/v1/me/goal/", body, JSON).json()["unit"] == "coins"
    gift(alice, stream)
    assert mine.get("/api/v1/me/goal/").json()["counted"] == 25
    ended = mine.delete("/api/v1/me/goal/").json()
    assert (ended["reached"], ended["counted"]) == (True, 25)
    assert goals.running(bob) is None
    answer = mine.put("/api/v1/me/goal/", {"title": "A lamp", "target": 0}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "goal_target")
