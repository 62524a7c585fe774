"""The pages of live, for each kind of visitor, and as plain forms."""

import gzip
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import person
from live.chat import messages
from live.feed import tokens
from live.feed.events import publish
from live.models import Stream
from live.moderation.hiding import hide_line
from live.streams import figures, services
from live.streams.lines import LINES, opening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def room(stream: Stream, name: str = "room") -> str:
    return reverse(f"live:{name}", args=[stream.public_id])


def gift(stream: Stream, **more: object) -> dict[str, object]:
    payload = {
        **{"id": "g1", "gift": "pebble", "name": "Pebble", "art": "gifts/art/pebble.svg"},
        **{"coins": 1, "quantity": 1, "message": "", "combo": None},
        **{"from": "Alice", "handle": "alice"},
        **more,
    }
    publish(stream_id=stream.pk, kind="gift", payload=payload)
    return payload


def test_home_shows_live_and_scheduled_streams(client: Client, bob: User, stream: Stream) -> None:
    services.schedule(
        creator=bob, title="Tea at noon", scheduled_for=timezone.now() + timedelta(days=1)
    )
    gift(stream)
    page = client.get("/").content.decode()
    assert "Bob plays at night" in page
    assert "Tea at noon" in page
    assert "1 supporter" in page
    assert room(stream) in page


def test_home_without_anybody(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "There are no live streams right now." in page
    assert "step-buy.svg" in page


def test_steps_are_for_visitors_only(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "step-buy.svg" not in client.get("/").content.decode()


def test_room_is_public_and_talking_is_not(client: Client, stream: Stream) -> None:
    page = client.get(room(stream))
    assert page.status_code == 200
    assert b"Sign in to chat" in page.content
    answer = client.post(room(stream, "say"), {"text": "Hello"})
    assert answer.status_code == 302
    assert not stream.events.exists()


def test_room_that_is_not(client: Client) -> None:
    assert client.get("/live/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_room_begins_with_what_was_said(client: Client, alice: User, stream: Stream) -> None:
    said = messages.say(user=alice, stream=stream, text="<b>Hello</b>")
    gift(stream, message="For you")
    page = client.get(room(stream)).content.decode()
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert "For you" in page
    newest = stream.events.latest("pk").pk
    assert f'data-after="{newest}"' in page
    assert f'data-event="{said.pk}"' in page


def test_room_of_a_stream_that_ended(client: Client, bob: User, stream: Stream) -> None:
    services.end(creator=bob, stream=stream)
    page = client.get(room(stream)).content.decode()
    assert "This stream has ended." in page
    assert 'data-events-url=""' in page
    assert "<video" not in page


def test_saying_by_plain_form_and_by_script(client: Client, alice: User, stream: Stream) -> None:
    client.force_login(alice)
    answer = client.post(room(stream, "say"), {"text": "Plain"})
    assert (answer.status_code, answer["Location"]) == (302, room(stream))
    cache.clear()
    answer = client.post(room(stream, "say"), {"text": "Fast"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Trigger"] == "said"
    assert [event.payload["text"] for event in stream.events.order_by("pk")] == ["Plain", "Fast"]


def test_refused_message_keeps_its_words(
    client: Client, alice: User, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes longer than a second from one press to the next.
    monkeypatch.setattr("live.chat.messages.SECONDS_BETWEEN_MESSAGES", 600)
    client.force_login(alice)
    client.post(room(stream, "say"), {"text": "One"})
    answer = client.post(room(stream, "say"), {"text": "Two"})
    assert answer.status_code == 429
    assert b"one message per second." in answer.content
    assert b'value="Two"' in answer.content
    answer = client.post(room(stream, "say"), {"text": "Two"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Error-Code"]) == (429, "too_fast")


def test_token_for_a_page_that_waited_too_long(client: Client, stream: Stream) -> None:
    answer = client.get(room(stream, "token"))
    url = answer.json()["url"]
    token = url.partition("token=")[2]
    assert tokens.read(token, str(stream.public_id)) == (stream.pk, "room", False)
    assert answer["Cache-Control"] == "no-store"


def test_opening_leaves_out_what_was_taken_back_and_joins_combos(stream: Stream) -> None:
    gift(stream, id="a", combo="c", quantity=1, coins=1)
    gift(stream, id="b", combo="c", quantity=2, coins=2)
    gift(stream, id="u")
    publish(stream_id=stream.pk, kind="undo", payload={"id": "u", "coins": 1})
    begun = opening(stream)
    assert [(line.payload["quantity"], line.payload["coins"]) for line in begun.lines] == [(3, 3)]
    assert begun.lines[0].payload["ids"] == "a b"
    assert begun.after == stream.events.latest("pk").pk
    assert len(begun.seen) == 4


def test_a_line_of_chat_outlives_any_number_of_gifts(alice: User, stream: Stream) -> None:
    said = messages.say(user=alice, stream=stream, text="Still here")
    hidden = messages.say(user=person("carla"), stream=stream, text="Gone")
    hide_line(by=stream.creator, line=hidden)
    for number in range(150):
        gift(stream, id=str(number))
    begun = opening(stream)
    assert [line.pk for line in begun.lines if line.kind == "chat"] == [said.pk]
    assert begun.lines[0].pk == said.pk
    assert len(begun.lines) == 1 + LINES


def test_a_combo_is_of_one_sender(stream: Stream) -> None:
    gift(stream, id="a", combo="c")
    gift(stream, id="b", combo="c", handle=None, **{"from": None})
    assert [line.payload["ids"] for line in opening(stream).lines] == ["a", "b"]


def test_a_combo_is_for_one_person(stream: Stream) -> None:
    gift(stream, id="a", combo="c")
    gift(stream, id="b", combo="c", to="Nora", to_handle="nora")
    assert [line.payload["ids"] for line in opening(stream).lines] == ["a", "b"]


def test_a_gift_outlives_any_number_of_captions(stream: Stream) -> None:
    gift(stream, id="a")
    for number in range(LINES * 4):
        publish(stream_id=stream.pk, kind="caption", payload={"text": str(number), "at": ""})
    begun = opening(stream)
    assert [line.payload["id"] for line in begun.lines] == ["a"]
    assert begun.after == stream.events.latest("pk").pk


def test_who_turned_private_is_in_no_picture(alice: User, bob: User, stream: Stream) -> None:
    gift(stream, id="a")
    gift(stream, id="b", handle="bob", **{"from": "Bob"})
    User.objects.filter(pk=alice.pk).update(private_supporter=True)
    assert [line.payload["private"] for line in opening(stream).lines] == [True, False]


def test_a_quiet_room_knows_what_the_stream_will_replay(stream: Stream) -> None:
    gift(stream, id="long ago")
    gift(stream, id="last")
    gift(stream, id="last but for a second")
    stream.events.update(created_at=timezone.now() - timedelta(hours=1))
    stream.events.filter(payload__id="long ago").update(
        created_at=timezone.now() - timedelta(hours=2)
    )
    seen = stream.events.filter(pk__in=opening(stream).seen)
    assert {event.payload["id"] for event in seen} == {"last", "last but for a second"}


def test_supporters_are_counted_in_the_newest_events_only(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "COUNT_BACK", 3)
    gift(stream, id="a", handle="early", **{"from": "Early"})
    gift(stream, id="b", coins=9)
    publish(stream_id=stream.pk, kind="chat", payload={"text": "hi"})
    gift(stream, id="c", coins=1, handle=None, **{"from": None})
    (found,) = figures.with_figures([stream])
    assert found.supporters_now == 2  # a person without a name counts


def test_a_stream_without_gifts_has_no_supporters(stream: Stream) -> None:
    (found,) = figures.with_figures([stream])
    assert found.supporters_now == 0


def test_follow_and_unfollow(client: Client, alice: User, bob: User, stream: Stream) -> None:
    client.force_login(alice)
    url = reverse("live:follow", args=["bob"])
    answer = client.post(url, {"follow": "1", "room": stream.public_id})
    assert answer["Location"] == room(stream)
    assert alice.follows.count() == 1
    answer = client.post(url, {"follow": "0"}, headers={"HX-Request": "true"})
    assert b"Follow" in answer.content
    assert alice.follows.count() == 0
    assert client.post(reverse("live:follow", args=["alice"]), {"follow": "1"}).status_code == 404


def test_creator_goes_live_and_ends(client: Client, bob: User) -> None:
    client.force_login(bob)
    page = client.get(reverse("studio:go_live"))
    assert page.status_code == 200
    facts = {"title": "Night guitar", "poster": "", "when": "now"}
    assert client.post(reverse("studio:go_live"), facts).status_code == 302
    stream = Stream.objects.get()
    assert (stream.title, stream.poster, stream.is_on_air) == ("Night guitar", "", True)
    again = client.post(reverse("studio:go_live"), facts)
    assert again.status_code == 422
    assert b"already live." in again.content
    client.post(reverse("studio:end", args=[stream.public_id]))
    stream.refresh_from_db()
    assert stream.state == Stream.State.ENDED


def test_creator_announces_in_their_own_zone(client: Client, bob: User) -> None:
    client.force_login(bob)
    facts = {"title": "Tea", "when": "later"}
    assert client.post(reverse("studio:go_live"), facts).status_code == 422
    today = timezone.now().date()
    summer = today.year + (today >= date(today.year, 7, 1))  # a day in July to come
    facts |= {"scheduled_for": f"{summer}-07-01T20:00", "zone": "Europe/Berlin"}
    assert client.post(reverse("studio:go_live"), facts).status_code == 302
    at = Stream.objects.get().scheduled_for
    assert at is not None
    assert at.isoformat() == f"{summer}-07-01T18:00:00+00:00"
    assert b"Tea" in client.get(reverse("studio:go_live")).content


def test_studio_pages_are_for_their_creator(
    client: Client, carol: User, bob: User, stream: Stream
) -> None:
    assert client.get(reverse("studio:go_live")).status_code == 302
    client.force_login(carol)
    assert client.get(reverse("studio:go_live"))["X-Error-Code"] == "not_a_creator"
    assert client.post(reverse("studio:end", args=[stream.public_id])).status_code == 404
    assert client.get(reverse("studio:end", args=[stream.public_id])).status_code == 405
    stream.refresh_from_db()
    assert stream.is_on_air


def test_no_page_asks_per_line(
    client: Client, stream: Stream, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        gift(stream, id=f"g{number}", handle=f"fan{number}")
    # Six of them ask what a coin costs the reader, the last what the creator collects for.
    with django_assert_max_num_queries(24):  # type: ignore[operator]  # pytest-django's fixture
        client.get(room(stream))


def test_a_page_travels_compressed(client: Client) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    whole = client.get("/").content
    assert len(answer.content) < len(whole) / 2
    assert b"<title>Live now" in gzip.decompress(answer.content)
