"""The API of live, and what staff can do."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from live.chat import messages
from live.feed import tokens
from live.models import Stream
from live.streams import services

pytestmark = pytest.mark.django_db


def url(stream: Stream, rest: str = "") -> str:
    return f"/api/v1/streams/{stream.public_id}/{rest}"


def test_streams_on_air(client: Client, bob: User, stream: Stream) -> None:
    (found,) = client.get("/api/v1/streams/").json()
    assert found["public_id"] == str(stream.public_id)
    assert (found["creator"], found["state"], found["viewers"]) == ("bob", "on_air", 0)
    assert client.get(url(stream)).json() == found
    services.end(creator=bob, stream=stream)
    assert client.get("/api/v1/streams/").json() == []
    assert client.get(url(stream)).json()["state"] == "ended"


def test_events_and_the_address_of_the_stream(client: Client, alice: User, stream: Stream) -> None:
    first = messages.say(user=alice, stream=stream, text="One")
    answer = client.get(url(stream, "events/")).json()
    assert [event["payload"]["text"] for event in answer["events"]] == ["One"]
    token = answer["url"].partition("token=")[2]
    assert tokens.read(token, str(stream.public_id)).stream_id == stream.pk
    assert client.get(url(stream, f"events/?after={first.pk}")).json()["events"] == []
    refused = client.get(url(stream, "events/?after=x"))
    assert (refused.status_code, refused.json()["code"]) == (400, "check_input")


def test_chat_needs_a_signed_in_person_and_keeps_the_rules(
    client: Client, alice: User, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes longer than a second from one message to the next.
    monkeypatch.setattr("live.chat.messages.SECONDS_BETWEEN_MESSAGES", 600)
    cache.clear()
    said = {"text": "Hello"}
    assert client.post(url(stream, "chat/"), said, "application/json").status_code in {401, 403}
    client.force_login(alice)
    answer = client.post(url(stream, "chat/"), said, "application/json")
    assert (answer.status_code, answer.json()["payload"]["text"]) == (201, "Hello")
    answer = client.post(url(stream, "chat/"), said, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_fast")
    answer = client.post(url(stream, "chat/"), {"text": "a" * 201}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "message_too_long")
    assert stream.events.count() == 1


def test_an_ended_stream_is_gone_for_chat_as_for_gifts(
    client: Client, alice: User, bob: User, stream: Stream
) -> None:
    services.end(creator=bob, stream=stream)
    client.force_login(alice)
    said = client.post(url(stream, "chat/"), {"text": "Hello"}, "application/json")
    gift = {"gift": "moss-frog", "key": str(uuid.uuid4())}
    sent = client.post(url(stream, "gifts/"), gift, "application/json")
    for answer in (said, sent):
        assert (answer.status_code, answer.json()["code"]) == (410, "stream_ended")


def test_staff_end_a_stream_and_rewrite_nothing(
    client: Client, dana: User, alice: User, stream: Stream
) -> None:
    messages.say(user=alice, stream=stream, text="Hello")
    client.force_login(dana)
    assert client.get(reverse("admin:live_stream_changelist")).status_code == 200
    event = stream.events.get()
    assert client.get(reverse("admin:live_event_change", args=[event.pk])).status_code == 200
    assert client.post(reverse("admin:live_event_change", args=[event.pk]), {}).status_code == 403
    assert client.get(reverse("admin:live_event_add")).status_code == 403
    assert client.get(reverse("admin:live_stream_add")).status_code == 403
    client.post(
        reverse("admin:live_stream_change", args=[stream.pk]),
        {"title": stream.title, "stop": "on", "reason": "Not this."},
    )
    stream.refresh_from_db()
    assert stream.state == Stream.State.ENDED
    assert stream.events.filter(kind="ended").count() == 1
