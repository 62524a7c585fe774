"""What was sent to a stream stands at its place in the replay, and shows nothing it should not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from live.models import Moderator
from live.moderation import blocks, hiding
from video.models import Replay
from video.replays import events
from video.tests.replays.stage import replayed, sent

pytestmark = pytest.mark.django_db


def told(replay: Replay, since: float = 0) -> list[tuple[float, str, str]]:
    """Return the second, the kind and the name of what a window shows."""
    found = events.window(replay, since).moments
    return [
        (round(at, 3), event.kind, event.payload.get("from") or event.payload.get("to") or "")
        for at, event in found
    ]


def test_an_event_stands_where_it_was_sent(bob: User) -> None:
    replay = replayed(bob, (0, 120))
    for second in (1.5, 29, 31, 119):
        sent(replay, second)
    assert told(replay) == [(1.5, "chat", "Alice"), (29, "chat", "Alice")]
    assert told(replay, 30) == [(31, "chat", "Alice")]
    assert told(replay, 90) == [(119, "chat", "Alice")]
    assert told(replay, 500) == []
    assert events.window(replay, 100).until == 120


def test_what_came_in_a_cut_stands_where_the_picture_comes_back(bob: User) -> None:
    replay = replayed(bob, (0, 10), (40, 20))
    for second in (-70, -5, 9, 25, 41, 61, 95):
        sent(replay, second, id=str(second))
    # A minute before the first picture is another time, and so is one after the last.
    assert [at for at, *_rest in told(replay)] == [0, 9, 10, 11, 30]


def test_too_many_for_one_window_come_in_the_next(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST", 3)
    replay = replayed(bob, (0, 120))
    ids = {sent(replay, 1 + number / 10).pk for number in range(10)}
    found, since = set(), 0.0
    while since < 30:
        window = events.window(replay, since)
        assert len(window.moments) <= 3
        assert window.until > since
        found |= {event.pk for _at, event in window.moments}
        since = window.until
    assert found == ids


def test_places_are_found_among_very_many_events(bob: User) -> None:
    replay = replayed(bob, (0, 1_000))
    for second in range(0, 1_000, 2):
        sent(replay, second)
    assert [at for at, *_rest in told(replay, 700)] == list(range(700, 730, 2))


def test_a_gift_that_was_undone_is_not_there(bob: User) -> None:
    replay = replayed(bob)
    sent(replay, 1, "gift", id="kept")
    sent(replay, 2, "gift", id="gone")
    sent(replay, 35, "undo", id="gone")
    assert [e.payload["id"] for _at, e in events.window(replay, 0).moments] == ["kept"]


def test_a_hidden_message_is_not_there(bob: User) -> None:
    replay = replayed(bob)
    hiding.hide_line(by=bob, line=sent(replay, 3))
    assert told(replay) == []


def test_a_blocked_person_says_nothing_and_has_no_name(bob: User, alice: User) -> None:
    replay = replayed(bob)
    sent(replay, 1)
    sent(replay, 2, "gift", message="Hello")
    sent(replay, 3, "thanks", id="gift-2", to="Alice", by="Bob", name="Pebble")
    blocks.block(creator=bob, user=alice)
    assert told(replay) == [(2, "gift", ""), (3, "thanks", "")]
    gift = events.window(replay, 0).moments[0].event.payload
    assert (gift["from"], gift["handle"], gift["message"]) == (None, "", "")


def test_a_block_by_an_anonymous_gift_tells_nobody_whose_it_was(bob: User, alice: User) -> None:
    from datetime import UTC, datetime
    from uuid import uuid4

    replay = replayed(bob)
    sent(replay, 1)
    blocks.block_anonymous(creator=bob, user=alice, gift=uuid4(), gift_at=datetime.now(UTC))
    assert told(replay) == [(1, "chat", "Alice")]


def test_a_closed_account_is_its_handle_and_a_private_one_on_no_sign(
    bob: User, alice: User
) -> None:
    replay = replayed(bob)
    sent(replay, 1)
    sent(replay, 2, "gift")
    User.objects.filter(pk=alice.pk).update(private_supporter=True)
    assert events.window(replay, 0).moments[1].event.payload["private"] is True
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert told(replay) == [(1, "chat", "alice"), (2, "gift", "alice")]


@pytest.mark.parametrize("at", ["nan", "inf", "-1", "x", "1e400", "9" * 400, "", "700000", "0x1"])
def test_what_is_no_place_is_refused(client: Client, bob: User, at: str) -> None:
    replay = replayed(bob)
    answer = client.get(f"/api/v1/streams/{replay.stream.public_id}/replay/events/", {"at": at})
    assert answer.status_code == 422
    assert answer.json()["code"] == "not_a_position"


def test_the_api_tells_what_was_sent(client: Client, bob: User) -> None:
    replay = replayed(bob)
    line = sent(replay, 4)
    answer = client.get(f"/api/v1/streams/{replay.stream.public_id}/replay/events/?at=0")
    said = answer.json()
    assert said["until"] == 30
    assert said["events"] == [
        {
            "at": 4.0,
            "id": line.pk,
            "kind": "chat",
            "payload": {"from": "Alice", "handle": "alice", "text": "Hello"},
        }
    ]


def test_moderators_hide_in_a_replay_too(bob: User, alice: User) -> None:
    replay = replayed(bob)
    Moderator.objects.create(creator=bob, user=alice)
    hiding.hide_line(by=alice, line=sent(replay, 3, handle="carol"))
    assert told(replay) == []


def test_many_thanks_cost_as_much_as_one(bob: User, alice: User) -> None:
    """A window is asked for by everybody, and searches no stream once for each thanks."""
    replay = replayed(bob)

    def thank(number: int) -> None:
        sent(replay, 1 + number / 100, "gift", id=f"g{number}")
        sent(replay, 2 + number / 100, "thanks", id=f"g{number}", to="Alice", by="Bob")

    thank(0)
    with CaptureQueriesContext(connection) as one:
        events.window(replay, 0)
    for number in range(1, 20):
        thank(number)
    blocks.block(creator=bob, user=alice)
    with CaptureQueriesContext(connection) as twenty:
        found = events.window(replay, 0).moments
    assert {e.payload["to"] for _at, e in found if e.kind == "thanks"} == {None}
    assert len(twenty) <= len(one) + 10  # places are found by halving: a few more rows, a few more
