"""Several ingest processes beside each other, with one database and one folder."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import User
from live.models import Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from testing.ports import free_port
from video.clips import services as clips
from video.models import Broadcast, Clip, Replay
from video.replays import rules
from video.tests.stage import folder_of, newest, pushing, started, taking_in


@pytest.fixture
def two(key: str, folder: Path) -> Iterator[list[tuple[int, str]]]:
    """Two processes: the number of each, and where encoders push to."""
    ports = [free_port(), free_port()]
    processes = [started(port, folder) for port in ports]
    try:
        yield [
            (process.pid, f"rtmp://127.0.0.1:{port}/live/{key}")
            for process, port in zip(processes, ports, strict=True)
        ]
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(60)


def test_the_newer_push_at_another_process_replaces_the_older(two: list[tuple[int, str]]) -> None:
    (_first, here), (_second, there) = two
    with pushing(here) as older:
        before = newest("live")
        with pushing(there) as newer:
            assert older.wait(30) != 0

            def replaced() -> bool:
                now = Broadcast.objects.filter(state="live").exclude(pk=before.pk)
                return now.filter(stream=before.stream).exists()

            wait_for(replaced)
            before.refresh_from_db()
            assert (before.state, before.trouble) == ("ended", "replaced")
            assert newer.poll() is None
            assert Stream.objects.count() == 1


def test_what_a_killed_process_had_is_found_by_the_other(two: list[tuple[int, str]]) -> None:
    (first, here), (_second, there) = two
    with pushing(here):
        before = newest("live")
        os.kill(first, signal.SIGKILL)
        lost = newest("gap")
        assert lost.pk == before.pk
        # The encoder connects again: the other process takes it in, in the same room.
        with pushing(there):
            wait_for(lambda: newest("live").stream == before.stream)
            assert Stream.objects.get().is_on_air


def test_replays_and_clips_are_made_once_and_files_go_once(
    key: str, streamer: User, folder: Path
) -> None:
    rules.set_rules(creator=streamer, keep_replays=True)
    with taking_in() as one, taking_in() as other:
        with pushing(one.url(key)):
            coming = newest("live")
            assert coming.stream
            wait_for(lambda: len(list(folder_of(coming).glob("*.m4s"))) > 6)
            clip = clips.make(by=streamer, stream=coming.stream, title="Both", seconds=5)
            wait_for(lambda: Clip.objects.get(pk=clip.pk).state == "ready")
        streams.end(creator=streamer, stream=coming.stream)
        wait_for(lambda: Replay.objects.filter(state="ready").count() == 1)
        for _again in range(2):
            one.tick()
            other.tick()
        assert (Clip.objects.count(), Replay.objects.count()) == (1, 1)
        names = {file.name for file in folder.iterdir()}
        assert names == {coming.folder, Clip.objects.get().folder}
