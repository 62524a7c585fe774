"""The tray in a replay's room: where a press goes, and what its answer brings."""

import json
import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.suspension import suspend
from gifts.models import SentGift
from gifts.tests.on_replay import moment_of, over
from gifts.tests.tray.pages import HTMX, tray
from live.models import Stream
from live.streams.after_end import take_gifts

pytestmark = pytest.mark.django_db


def press(client: Client, stream: Stream, **more: Any) -> Any:
    fields = {"gift": "moss-frog", "key": str(uuid.uuid4())} | more
    return client.post(reverse("gifts:send", args=[stream.public_id]), fields, headers=HTMX)


def told(page: str) -> dict[str, Any]:
    found = re.search(r'data-told="([^"]+)"', page)
    assert found
    gift: dict[str, Any] = json.loads(unescape(found[1]))
    return gift


def test_the_tray_of_a_replay_is_open_while_it_takes_gifts(as_alice: Client, bob: User) -> None:
    stream = over(bob)
    assert stream.ended_at
    page = tray(as_alice, stream)
    assert 'data-slug="moss-frog"' in page
    assert f'name="moment" value="{stream.ended_at.isoformat()}"' in page
    take_gifts(creator_id=bob.pk, until={})
    assert "This stream has ended" in tray(as_alice, stream)
    suspend(bob)
    assert "This stream has ended" in tray(as_alice, over(bob))


def test_a_live_tray_knows_no_moment(as_alice: Client, stream: Stream) -> None:
    assert 'name="moment"' not in tray(as_alice, stream)
    assert "data-told" not in press(as_alice, stream).content.decode()


def test_the_answer_brings_what_the_sender_sees(as_alice: Client, bob: User) -> None:
    stream, key = over(bob), str(uuid.uuid4())
    seen = moment_of(stream, 42.25)
    answer = press(as_alice, stream, key=key, moment=seen.isoformat(), message="Again!")
    assert answer.status_code == 201
    assert SentGift.objects.get().moment == seen
    gift = told(answer.content.decode())
    assert (gift["id"], gift["message"], gift["from"]) == (key, "Again!", "Alice")
    assert gift["event_id"] == stream.events.get().pk
    # A press whose answer was lost shows it all the same.
    again = press(as_alice, stream, key=key, moment=seen.isoformat(), message="Again!")
    assert told(again.content.decode()) == gift


def test_a_moment_that_is_none_is_said_to_be(as_alice: Client, bob: User) -> None:
    answer = press(as_alice, over(bob), moment="yesterday")
    assert (answer.status_code, answer["X-Error-Code"]) == (422, "check_input")
    assert not SentGift.objects.exists()


def test_presses_that_go_together_bring_each_their_own(as_alice: Client, bob: User) -> None:
    stream = over(bob)
    fields = {"presses": "2"}
    for place in range(2):
        fields |= {
            f"{place}-gift": "pebble",
            f"{place}-key": str(uuid.uuid4()),
            f"{place}-moment": moment_of(stream, 10 + place).isoformat(),
        }
    page = as_alice.post(reverse("gifts:send_batch", args=[stream.public_id]), fields).text
    assert page.count("data-told") == 2
    keys = [str(key) for key in SentGift.objects.values_list("public_id", flat=True)]
    undone = as_alice.post(reverse("gifts:undo_batch"), {"key": keys}).text
    assert set(keys) == set(re.search(r'data-undone="([^"]+)"', undone)[1].split())  # type: ignore[index]


def test_without_scripts_it_goes_to_the_end_also_when_it_is_asked_about(
    as_alice: Client, bob: User
) -> None:
    stream = over(bob)
    url = reverse("gifts:send", args=[stream.public_id])
    moment = re.search(r'name="moment" value="([^"]+)"', tray(as_alice, stream))[1]  # type: ignore[index]
    fields = {"gift": "tide-hello", "key": str(uuid.uuid4()), "moment": moment}
    asked = as_alice.post(url, fields).text
    again = re.search(r'name="moment" value="([^"]+)"', asked)[1]  # type: ignore[index]
    page = as_alice.post(url, {**fields, "moment": again, "confirmed": "1"}, follow=True).text
    assert "sent for" in page
    assert SentGift.objects.get().moment == stream.ended_at
