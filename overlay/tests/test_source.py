"""The page that OBS opens: only the secret opens it, and its address does not leak."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import person
from live.feed.tokens import read
from live.models import Event, Stream
from overlay import goals, services
from overlay.models import Overlay
from overlay.tests.builders import gift

pytestmark = pytest.mark.django_db
WIDGETS = ["alerts", "goal", "supporters", "ticker"]


@pytest.fixture
def token(bob: User) -> str:
    return services.overlay_of(bob).token


def state(client: Client, token: str) -> dict[str, object]:
    answer: dict[str, object] = client.get(reverse("overlay:state", args=[token])).json()
    return answer


@pytest.mark.parametrize("widget", ["", *WIDGETS])
def test_the_secret_opens_it_without_a_session(client: Client, token: str, widget: str) -> None:
    name = "overlay:widget" if widget else "overlay:page"
    page = client.get(reverse(name, args=[token, widget] if widget else [token]))
    assert page.status_code == 200
    assert page.cookies == {}
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["page", "state", "played"])
def test_any_other_secret_opens_nothing(client: Client, token: str, name: str) -> None:
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), "x"):
        address = reverse(f"overlay:{name}", args=[wrong])
        body = json.dumps({"to": 1, "done": []})
        ask = client.post(address, body, "text/plain") if name == "played" else client.get(address)
        assert ask.status_code == 404
        assert "Bob" not in ask.content.decode()


def test_an_old_address_shows_the_mark_and_no_page_of_ours(
    client: Client, bob: User, token: str
) -> None:
    services.rotate(creator=bob)
    page = client.get(reverse("overlay:page", args=[token]))
    assert page.status_code == 404
    assert 'data-state="gone"' in page.content.decode()
    assert "<header" not in page.content.decode()
    answer = client.get(reverse("overlay:state", args=[token]))
    assert (answer.status_code, answer.json()["code"]) == (404, "overlay_gone")


def test_an_unknown_part_is_not_there(client: Client, token: str) -> None:
    assert client.get(reverse("overlay:widget", args=[token, "chat"])).status_code == 404


def test_a_closed_account_has_no_overlay(client: Client, bob: User, token: str) -> None:
    bob.is_active = False
    bob.save()
    assert client.get(reverse("overlay:state", args=[token])).status_code == 404


def test_off_air_it_waits_and_on_air_it_hears(client: Client, bob: User, token: str) -> None:
    assert state(client, token)["stream"] is None
    from live.streams.services import go_live

    stream = go_live(creator=bob, title="Night")
    shown = state(client, token)["stream"]
    assert isinstance(shown, dict)
    assert shown["id"] == str(stream.public_id)
    stream_id = read(shown["url"].partition("token=")[2], str(stream.public_id))
    assert (stream_id.stream_id, stream_id.role) == (stream.pk, "overlay")


def test_an_overlay_that_never_played_begins_with_what_comes_now(
    client: Client, alice: User, stream: Stream, token: str
) -> None:
    gift(alice, stream)
    newest = Event.objects.get().pk
    assert state(client, token)["played"] == {"to": newest, "done": []}
    services.note_played(token=token, to=newest, done=[])
    gift(alice, stream)
    assert state(client, token)["played"] == {"to": newest, "done": []}


def test_a_private_supporter_is_on_no_list(
    client: Client, alice: User, stream: Stream, token: str
) -> None:
    gift(alice, stream, anonymous=True)
    shown = state(client, token)
    assert shown["supporters"] == []
    assert "Alice" not in json.dumps(shown)


def test_settings_goal_and_test_are_in_the_state(client: Client, bob: User, token: str) -> None:
    services.change_settings(creator=bob, changes={"muted": ["pebble"], "least_coins": 7})
    goals.set_goal(creator=bob, title="A lamp", unit="gifts", target=5)
    services.send_test(creator=bob, gift="pebble")
    shown = state(client, token)
    assert shown["settings"]["muted"] == ["pebble"]  # type: ignore[index]
    assert shown["settings"]["least_coins"] == 7  # type: ignore[index]
    assert shown["goal"]["title"] == "A lamp"  # type: ignore[index]
    assert shown["test"]["gift"] == "pebble"  # type: ignore[index]


def test_the_studios_own_look_is_no_open_overlay(client: Client, bob: User, token: str) -> None:
    client.get(reverse("overlay:state", args=[token]), {"preview": "1"})
    assert Overlay.objects.get().seen_at is None
    state(client, token)
    assert Overlay.objects.get().seen_at is not None


def test_played_is_kept(client: Client, alice: User, stream: Stream, token: str) -> None:
    gift(alice, stream)
    newest = Event.objects.get().pk
    body = json.dumps({"to": newest, "done": []})
    answer = client.post(reverse("overlay:played", args=[token]), body, "text/plain")
    assert answer.status_code == 204
    assert Overlay.objects.get().played_to == newest


@pytest.mark.parametrize(
    "body",
    ["", "[]", "1", '{"to": 1}', '{"to": "1", "done": []}', '{"to": -1, "done": []}',
     '{"to": true, "done": []}', '{"to": 1, "done": [1.5]}', '{"to": 1, "done": 5}',
     '{"to": 99999999999999999999, "done": []}', "[" * 9_000],
)  # fmt: skip
def test_what_no_overlay_says_is_not_kept(client: Client, token: str, body: str) -> None:
    answer = client.post(reverse("overlay:played", args=[token]), body, "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert Overlay.objects.get().played_to is None


def test_one_creators_secret_shows_nothing_of_another(client: Client, token: str) -> None:
    other = person("tomas", is_creator=True)
    goals.set_goal(creator=other, title="Flour for a year", unit="coins", target=5)
    assert "Flour" not in json.dumps(state(client, token))
