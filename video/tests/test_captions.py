"""Captions: whose they are, where they stand, what bounds them, and when they go."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import cast

import pytest
from django.utils import timezone

from accounts.models import User
from live.chat.words import Filtered, block_word
from live.models import Event, Stream
from live.streams import services as streams
from video import broadcasts, captions
from video.ingest import spoken as hearing
from video.ingest.intake import Intake
from video.models import Broadcast, Replay
from video.replays import events, services
from video.tests.replays.stage import BEGAN, replayed, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(bob: User) -> Broadcast:
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.BROWSER)
    return broadcasts.show(broadcast=broadcast, width=1280, height=720)


def said() -> list[str]:
    return [one.payload["text"] for one in Event.objects.filter(kind="caption").order_by("pk")]


def test_a_line_belongs_to_the_moment_at_which_it_was_spoken(live: Broadcast) -> None:
    event = captions.say(broadcast=live, text="Good  evening\u200b", ago_s=2.0)
    assert event and event.stream == live.stream
    assert event.payload["text"] == "Good evening"
    ago = timezone.now() - datetime.fromisoformat(event.payload["at"])
    assert timedelta(seconds=2) <= ago < timedelta(seconds=10)


@pytest.mark.parametrize(("ago_s", "least", "most"), [(-50.0, 0, 5), (9e9, 15, 20)])
def test_a_clock_that_is_wrong_moves_no_line_far(
    live: Broadcast, ago_s: float, least: int, most: int
) -> None:
    event = captions.say(broadcast=live, text="Hello", ago_s=ago_s)
    assert event
    ago = (timezone.now() - datetime.fromisoformat(event.payload["at"])).total_seconds()
    assert least <= ago < most


def test_a_line_is_short_and_is_something(live: Broadcast) -> None:
    captions.say(broadcast=live, text="word " * 1_000, ago_s=0)
    assert len(said()[0]) <= captions.LONGEST
    assert captions.say(broadcast=live, text=" \u200b ", ago_s=0) is None


@pytest.mark.parametrize("ago", ["1" + "0" * 400, "NaN", "Infinity", "-1e308", '"1"', "null"])
def test_a_time_that_is_none_is_no_line_and_breaks_nothing(ago: str) -> None:
    assert hearing._line(f'{{"caption": "Hello", "ago_ms": {ago}}}') is None
    assert hearing._line('{"caption": "Hello", "ago_ms": 1500}') == ("Hello", 1.5)


def test_blocked_words_are_in_no_caption(live: Broadcast, bob: User) -> None:
    block_word(creator=bob, word="seagull")
    with pytest.raises(Filtered):
        captions.say(broadcast=live, text="a Seagull sings", ago_s=0)
    assert said() == []


def test_only_what_is_live_has_captions(live: Broadcast, bob: User) -> None:
    broadcasts.lose(broadcast=live)
    assert captions.say(broadcast=live, text="Hello", ago_s=0) is None
    stream = live.stream
    assert stream
    streams.end(creator=bob, stream=stream)
    assert captions.say(broadcast=live, text="Hello", ago_s=0) is None
    waiting = broadcasts.connect(creator=bob, source=Broadcast.Source.BROWSER)
    assert captions.say(broadcast=waiting, text="Hello", ago_s=0) is None


def spoken(replay: Replay, second: float, text: str = "Hello", late: float = 1.0) -> Event:
    at = (BEGAN + timedelta(seconds=second)).isoformat()
    return sent(replay, second + late, "caption", text=text, at=at)


def test_in_a_replay_a_line_stands_where_it_was_spoken(bob: User) -> None:
    replay = replayed(bob, (0, 120))
    spoken(replay, 20)
    spoken(replay, 29.5, "Late")
    assert [(one.at, one.event.payload["text"]) for one in events.window(replay, 0).moments] == [
        (20, "Hello")
    ]
    assert [(one.at, one.event.kind) for one in events.window(replay, 30).moments] == [
        (29.5, "caption")
    ]


def test_many_lines_come_to_an_end(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", 2)
    replay = replayed(bob, (0, 120))
    ids = {spoken(replay, 10 + number / 10, late=5).pk for number in range(7)}
    found, since, asked = set(), 0.0, 0
    while since < 30 and asked < 20:
        window = events.window(replay, since)
        found |= {event.pk for _at, event in window.moments}
        since, asked = window.until, asked + 1
    assert found == ids


def test_captions_go_with_their_replay(bob: User) -> None:
    kept, deleted, taken = (replayed(bob, title=name) for name in ("a", "b", "c"))
    for replay in (kept, deleted, taken):
        spoken(replay, 5, replay.stream.title)
        sent(replay, 6)
    services.delete(replay=deleted)
    services.take_down(taken, by=bob, reason="It was not hers.")
    captions.forget()
    assert said() == ["a"]
    assert Event.objects.filter(kind="chat").count() == 3


def test_captions_of_a_stream_without_a_replay_go_when_it_is_over(
    live: Broadcast, bob: User
) -> None:
    captions.say(broadcast=live, text="Hello", ago_s=0)
    captions.forget()
    assert said() == ["Hello"]
    stream = live.stream
    assert stream
    Replay.objects.all().delete()
    Stream.objects.filter(pk=stream.pk).update(state="ended", ended_at=timezone.now())
    captions.forget()
    assert said() == []


def test_a_page_that_talks_too_fast_is_held_up_before_the_queue_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hearing, "MOST_A_SECOND", 0.25)  # two at once, then one in 4 s

    async def waiting() -> int:
        heard = hearing.Spoken(cast(Intake, None))  # which it asks when it says one
        for number in range(4):
            heard.take(json.dumps({"caption": f"Line {number}"}))
        heard.close()
        return heard._waiting.qsize()

    assert asyncio.run(waiting()) == 2
