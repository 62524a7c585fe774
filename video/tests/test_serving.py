"""What many viewers fetch at once is read once, and not kept for long."""

import time
from pathlib import Path

import pytest

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
