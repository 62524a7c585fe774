"""What many viewers fetch at once is read once, written one by one, and not kept for long."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from live.feed.wire import Message
from video import serving
from video.serving import Kept


def written(folder: Path, name: str) -> Path:
    (folder / name).touch()
    return folder / name


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_segment_is_kept_for_seconds_and_a_playlist_for_a_moment(
    clock: list[float], tmp_path: Path
) -> None:
    segment, playlist = written(tmp_path, "s00000001.m4s"), written(tmp_path, "index.m3u8")
    kept = Kept()
    kept.keep(segment, b"picture")
    kept.keep(playlist, b"list")
    assert (kept.find(segment), kept.find(playlist)) == (b"picture", b"list")
    clock[0] += 0.2
    assert (kept.find(segment), kept.find(playlist)) == (b"picture", None)
    kept.keep(playlist, b"newer")
    assert kept.find(playlist) == b"newer"
    clock[0] += 10
    assert kept.find(segment) is None


def test_what_was_deleted_is_gone_at_once(clock: list[float], tmp_path: Path) -> None:
    segment = written(tmp_path, "s00000001.m4s")
    kept = Kept()
    kept.keep(segment, b"picture")
    segment.unlink()
    assert kept.find(segment) is None


def test_what_is_kept_is_bounded(
    clock: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_KEPT", 100)
    kept = Kept()
    files = [written(tmp_path, f"s{number:08}.m4s") for number in range(8)]
    for file in files:
        kept.keep(file, bytes(30))
        assert kept.size <= 100
    assert [file for file in files if kept.find(file)] == files[-3:]
    kept.keep(files[-1], bytes(101))
    assert (kept.size, kept.find(files[-1])) == (0, None)
    clock[0] += 60
    kept.keep(files[0], bytes(10))
    assert kept.size == 10, "what is old goes"


VIEWERS = 20
FOLDER = "0" * 32


@pytest.fixture
def segment(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(serving, "turn", asyncio.Lock())  # each test has a loop of its own
    settings.VIDEO_DIR = tmp_path
    (tmp_path / FOLDER).mkdir()
    file = tmp_path / FOLDER / "s00000001.m4s"
    file.write_bytes(bytes(4 * serving.SMALL))
    return file


def fetched_at_once(file: Path) -> list[int]:
    """Let many fetch a file in one moment; return in which turn of the loop each was answered."""
    turns: list[int] = []
    turn = 0

    async def count() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        if message.get("body"):
            turns.append(turn)

    async def watch() -> None:
        counting = asyncio.create_task(count())
        scope: Any = {"method": "GET", "path": f"/video/{FOLDER}/{file.name}"}
        await asyncio.gather(
            *(serving.application(scope, receive, send) for _viewer in range(VIEWERS))
        )
        counting.cancel()

    asyncio.run(watch())
    return turns


def test_what_many_fetch_in_one_moment_is_read_once(
    segment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    take = serving._read

    def noted(file: Path) -> bytes | None:
        read.append(file)
        return take(file)

    monkeypatch.setattr(serving, "_read", noted)
    assert len(fetched_at_once(segment)) == VIEWERS
    assert read == [segment]


def test_other_work_has_its_turn_between_two_large_answers(segment: Path) -> None:
    turns = fetched_at_once(segment)
    assert len(set(turns)) == len(turns) == VIEWERS


def test_control_without_turns_all_are_answered_before_anything_else(
    segment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "SMALL", 10**9)
    assert len(set(fetched_at_once(segment))) < VIEWERS
