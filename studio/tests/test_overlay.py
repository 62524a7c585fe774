"""The studio's page of the overlay and the controls of alerts, with and without scripts."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from live.models import Stream
from overlay import goals, services
from overlay.models import Overlay
from overlay.tests.builders import gift, published
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
CONTROLS = ["pause_alerts", "resume_alerts", "skip_alert", "replay_alerts", "test_alert"]
HX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def save(client: Client, **fields: Any) -> int:
    whole: dict[str, Any] = {
        "alerts-least_coins": 1,
        "alerts-voice_language": "en",
        "alerts-volume": 70,
        "alerts-show_goal": "on",
    }
    return client.post(reverse("studio:overlay"), whole | fields).status_code


@pytest.mark.parametrize("name", ["overlay", "alerts"])
def test_it_is_for_people_who_signed_in(client: Client, name: str) -> None:
    assert client.get(reverse(f"studio:{name}")).status_code == 302


@pytest.mark.parametrize("name", [*CONTROLS, "rotate_overlay", "goal"])
def test_controls_are_posted_by_who_signed_in(client: Client, bob: User, name: str) -> None:
    assert client.post(reverse(f"studio:{name}")).status_code == 302
    assert signed_in(bob).get(reverse(f"studio:{name}")).status_code == 405
    assert not Overlay.objects.exists()


def test_a_fan_is_invited_and_controls_nothing(carol: User, stream: Stream) -> None:
    client = signed_in(carol)
    assert "Become a creator" in client.get(reverse("studio:overlay")).content.decode()
    for name in CONTROLS:
        answer = client.post(reverse(f"studio:{name}"), {"gift": "pebble"})
        assert (answer.status_code, answer["X-Error-Code"]) == (403, "not_a_creator")
    client.post(reverse("studio:rotate_overlay"))
    client.post(reverse("studio:goal"), {"do": "end"})
    assert not Overlay.objects.exists()
    assert published("alerts") == []


def test_the_page_offers_the_addresses_to_copy(bob: User) -> None:
    page = signed_in(bob).get(reverse("studio:overlay")).content.decode()
    token = Overlay.objects.get().token
    offered = re.findall(r'data-copy="([^"]+)"', page)
    assert [
        f"http://testserver/overlay/{token}/",
        f"http://testserver/overlay/{token}/alerts/",
    ] == (offered[:2])
    assert len(offered) == 5


def test_nobody_elses_address_is_on_the_page(bob: User, carol: User) -> None:
    carol.is_creator = True
    carol.save()
    token = services.overlay_of(bob).token
    assert token not in signed_in(carol).get(reverse("studio:overlay")).content.decode()


def test_settings_are_saved(bob: User, stream: Stream) -> None:
    fields: dict[str, Any] = {
        "alerts-least_coins": 50,
        "alerts-speak_from_coins": 500,
        "alerts-sound": "on",
    }
    assert save(signed_in(bob), **fields) == 302
    settings = services.settings_of(bob)
    assert (settings.least_coins, settings.speak_from_coins, settings.sound) == (50, 500, True)
    assert (settings.show_messages, settings.show_goal, settings.show_ticker) == (
        False, True, False,
    )  # fmt: skip
    assert published("settings") == [{}]


@pytest.mark.parametrize(
    "fields",
    [{"alerts-least_coins": 0}, {"alerts-volume": 101}, {"alerts-voice_language": "xx"},
     {"alerts-least_coins": "9" * 4_000}, {"alerts-muted": "77777"}],
)  # fmt: skip
def test_settings_that_cannot_be_are_shown_again(bob: User, fields: dict[str, Any]) -> None:
    assert save(signed_in(bob), **fields) == 422
    assert services.settings_of(bob).least_coins == 1


def test_a_new_address_ends_the_old_one(client: Client, bob: User) -> None:
    before = services.overlay_of(bob).token
    assert signed_in(bob).post(reverse("studio:rotate_overlay")).status_code == 302
    assert client.get(reverse("overlay:page", args=[before])).status_code == 404
    assert (
        client.get(reverse("overlay:page", args=[Overlay.objects.get().token])).status_code == 200
    )


def test_a_lost_key_of_the_site_leaves_overlays_running(
    client: Client, bob: User, settings: object
) -> None:
    token = services.overlay_of(bob).token
    settings.FIELD_KEY = "another key altogether, long enough"  # type: ignore[attr-defined]
    page = signed_in(bob).get(reverse("studio:overlay")).content.decode()
    assert "can no longer be shown" in page
    assert client.get(reverse("overlay:state", args=[token])).status_code == 200


def test_a_goal_is_set_and_ended(bob: User) -> None:
    client = signed_in(bob)
    fields = {"goal-title": "A lamp", "goal-target": 5, "goal-unit": "gifts"}
    assert client.post(reverse("studio:goal"), fields).status_code == 302
    goal = goals.running(bob)
    assert goal is not None
    assert (goal.title, goal.unit) == ("A lamp", "gifts")
    assert client.post(reverse("studio:goal"), {"do": "end"}).status_code == 302
    assert goals.running(bob) is None
    assert client.post(reverse("studio:goal"), {"do": "end"}, **HX).status_code == 409


@pytest.mark.parametrize("ends_at", ["2020-01-01T00:00", "9999-12-31T23:59", "soon"])
def test_a_goal_that_cannot_end_is_shown_again(bob: User, ends_at: str) -> None:
    fields = {"goal-title": "A lamp", "goal-target": 5, "goal-unit": "gifts"}
    for zone in ("Pacific/Kiritimati", "", "nowhere"):
        whole = fields | {"goal-ends_at": ends_at, "goal-zone": zone}
        assert signed_in(bob).post(reverse("studio:goal"), whole).status_code == 422
    assert goals.running(bob) is None


def test_controls_work_as_plain_forms(alice: User, bob: User, stream: Stream) -> None:
    gift(alice, stream)
    client = signed_in(bob)
    for name in CONTROLS:
        fields = (
            {"from": "overlay", "gift": "pebble"} if name == "test_alert" else {"from": "overlay"}
        )
        answer = client.post(reverse(f"studio:{name}"), fields)
        page, _, choice = answer["Location"].partition("?")
        assert (answer.status_code, page) == (302, reverse("studio:overlay"))
        assert choice == ("gift=pebble" if name == "test_alert" else "")
    again = client.get(f"{reverse('studio:overlay')}?{choice}").content.decode()
    assert '<option value="pebble" selected>' in again
    assert [alert["do"] for alert in published("alerts")] == ["pause", "resume", "skip", "replay"]
    assert client.post(reverse("studio:pause_alerts")).headers["Location"] == reverse(
        "studio:console"
    )


def test_controls_answer_scripts_with_the_queue(alice: User, bob: User, stream: Stream) -> None:
    client = signed_in(bob)
    services.overlay_of(bob)
    services.note_played(token=Overlay.objects.get().token, to=0, done=[])
    sent = gift(alice, stream, message="For the fox song")
    queue = client.get(reverse("studio:alerts")).content.decode()
    assert "Moss Frog" in queue
    assert str(sent.public_id) in queue
    answer = client.post(reverse("studio:pause_alerts"), **HX).content.decode()
    assert "Resume" in answer
    assert client.post(reverse("studio:replay_alerts"), {"last": "many"}, **HX).status_code == 422
    assert client.post(reverse("studio:skip_alert"), {"gift": "no key"}, **HX).status_code == 200
    assert published("alerts")[-1]["id"] is None


def test_the_console_shows_the_queue(bob: User, stream: Stream) -> None:
    page = signed_in(bob).get(reverse("studio:console")).content.decode()
    assert 'id="alert-queue"' in page
