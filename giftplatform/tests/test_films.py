"""The demo's films: what is sent, and to whom the room belongs."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from conftest import person
from giftplatform.demo import feed
from giftplatform.demo.films import Film
from giftplatform.demo.programme import FILMS
from giftplatform.management.commands.run import films
from live.models import Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from video import broadcasts
from video.ingest.desk import Desk
from video.ingest.rtmp.chunks import Kind
from video.ingest.rtmp.flv import Tag, kind_of
from video.models import Broadcast
from video.pictures import encoder_of, picture_of, shows_film

CAMERA = Broadcast.Source.BROWSER
MEGABYTE = 1_000_000


@pytest.fixture
def night(bob: User) -> Stream:
    """The stream that the demo's story put on air."""
    return streams.go_live(creator=bob, title="Night guitar, window open")


def shown(broadcast: Broadcast | None) -> Broadcast:
    assert broadcast
    return broadcasts.show(broadcast=broadcast, width=1280, height=720)


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    now = timezone.now() + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: now)


# --- What is sent -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILMS.values())
def test_a_film_goes_on_for_ever_without_a_seam(name: str) -> None:
    film = Film(name)
    assert sum(len(one.payload) for one in (*film.picture, *film.sound)) < 2 * MEGABYTE
    assert [kind_of(one) for one in film.setup] == [Tag.SETUP, Tag.SETUP]
    most = 3 * (len(film.picture) * 4 + len(film.sound))  # three laps of the sound
    sent = list(islice(film.messages(), 2, most))
    times = [one.time_ms for one in sent]
    assert times == sorted(times)
    for kind, step_ms in ((Kind.VIDEO, 33.4), (Kind.AUDIO, 32.0)):
        mine = [one.time_ms for one in sent if one.kind == kind]
        steps = {after - before for before, after in pairwise(mine)}
        assert max(steps) <= step_ms + 1, "also where a lap ends"


@pytest.mark.parametrize("name", FILMS.values())
def test_a_film_has_a_key_frame_every_second(name: str) -> None:
    keys = [one.time_ms for one in Film(name).picture if kind_of(one) is Tag.KEY]
    assert len(keys) == 10
    assert all(abs(at - keys[0] - 1_000 * number) <= 1 for number, at in enumerate(keys))


def test_only_a_sandbox_shows_films(settings: Settings) -> None:
    settings.DEMO_FILMS = True
    assert films() == {"films": ["manage.py", "show_films"]}
    settings.DEMO_FILMS = False
    assert films() == {}


# --- Whose room it is ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_film_is_shown_in_the_room_that_is_on_air(bob: User, night: Stream) -> None:
    film = shown(feed.connect(handle="bob"))
    assert (film.stream, picture_of(night).state) == (night, "live")
    assert shows_film(bob)
    assert encoder_of(bob).last is None, "it is no encoder of the creator's"
    assert not film.recorded, "a replay of it would fill the disk, day and night"


@pytest.mark.django_db
def test_a_film_comes_back_into_its_room(bob: User, night: Stream) -> None:
    broadcasts.lose(broadcast=shown(feed.connect(handle="bob")))
    assert shown(feed.connect(handle="bob")).stream == night


@pytest.mark.django_db
def test_a_film_yields_to_a_camera_until_its_stream_is_over(
    bob: User, night: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = shown(feed.connect(handle="bob"))
    camera = broadcasts.connect(creator=bob, source=CAMERA)
    film.refresh_from_db()
    assert (film.state, film.trouble) == ("gap", "replaced")
    assert feed.connect(handle="bob") is None
    shown(camera)
    assert feed.connect(handle="bob") is None
    broadcasts.lose(broadcast=camera)
    assert feed.connect(handle="bob") is None, "it may come back"
    later(monkeypatch, seconds=31)
    broadcasts.sweep(watching_since=timezone.now() - timedelta(days=1))
    night.refresh_from_db()
    assert night.state == Stream.State.ENDED
    assert feed.connect(handle="bob") is None
    later(monkeypatch, minutes=16)
    again = shown(feed.connect(handle="bob")).stream
    assert again and again != night
    assert again.title == "Night guitar, window open"


@pytest.mark.django_db
def test_a_film_does_not_come_after_a_camera_that_went_away(bob: User, night: Stream) -> None:
    """The camera's broadcast is over, and the stream goes on: its creator is still there."""
    camera = shown(broadcasts.connect(creator=bob, source=CAMERA))
    broadcasts.end(broadcast=camera)
    assert feed.connect(handle="bob") is None


@pytest.mark.django_db
def test_a_film_stays_out_of_a_stream_that_was_begun_by_hand(bob: User, night: Stream) -> None:
    film = shown(feed.connect(handle="bob"))
    streams.end(creator=bob, stream=night)
    broadcasts.end(broadcast=film)
    streams.go_live(creator=bob, title="My own")
    assert feed.connect(handle="bob") is None


@pytest.mark.django_db
def test_a_film_begins_no_scheduled_stream(bob: User) -> None:
    soon = timezone.now() + timedelta(minutes=20)
    streams.schedule(creator=bob, title="At eight", scheduled_for=soon)
    assert feed.connect(handle="bob") is None


@pytest.mark.django_db
def test_a_film_needs_its_creator(bob: User) -> None:
    assert feed.connect(handle="mira") is None
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert feed.connect(handle="bob") is None


# --- All of it ----------------------------------------------------------------------------------


@contextmanager
def feeding() -> Iterator[None]:
    """Send the films in a thread, as the process does."""
    loops: list[asyncio.AbstractEventLoop] = []
    asked = asyncio.Event()

    async def work() -> None:
        loops.append(asyncio.get_running_loop())
        desk = Desk()
        tasks = [asyncio.create_task(desk.run()), asyncio.create_task(feed.run(desk))]
        await asked.wait()
        for task in tasks:
            task.cancel()
        await desk.close()

    thread = threading.Thread(target=lambda: asyncio.run(work()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        wait_for(lambda: bool(loops))
        loops[0].call_soon_threadsafe(asked.set)
        thread.join(30)


def test_a_film_is_taken_in_and_makes_way(
    committed: None, settings: Settings, tmp_path: Path
) -> None:
    settings.VIDEO_DIR, settings.VIDEO_LEAST_FREE_MB = tmp_path / "video", 1
    bob = person("bob", is_creator=True)
    night = streams.go_live(creator=bob, title="Night guitar, window open")
    with feeding():
        wait_for(lambda: picture_of(night).state == "live")
        film = Broadcast.objects.get()
        assert (film.width, film.height, film.source) == (1280, 720, "film")
        assert (tmp_path / "video" / film.folder / "index.m3u8").exists()
        camera = broadcasts.connect(creator=bob, source=CAMERA)
        broadcasts.show(broadcast=camera, width=640, height=360)

        def silent() -> bool:
            film.refresh_from_db()
            return film.state == "ended"

        wait_for(silent)
        assert picture_of(night).src == camera.address
    assert set(Broadcast.objects.values_list("source", flat=True)) == {"film", "browser"}
