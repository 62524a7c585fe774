"""Replays of streams that are over, without a picture: their rows, and what was sent to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from live.models import Event, Stream
from video.models import Broadcast, Replay
from video.replays import segments

BEGAN = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def replayed(
    creator: User, *parts: tuple[float, float], title: str = "Night songs", mb: int = 1
) -> Replay:
    """Return a replay of parts that began so many seconds into the evening and lasted so long."""
    parts = parts or ((0.0, 120.0),)
    stream = Stream.objects.create(
        creator=creator,
        title=title,
        state=Stream.State.ENDED,
        started_at=BEGAN,
        ended_at=BEGAN + timedelta(seconds=parts[-1][0] + parts[-1][1] + 5),
    )
    found: list[list[Any]] = []
    at = 0.0
    for began, seconds in parts:
        found.append([at, BEGAN.timestamp() + began, seconds])
        at += seconds
    replay = Replay.objects.create(
        stream=stream,
        state=Replay.State.READY,
        folder="0" * 32,
        parts=found,
        seconds=at,
        keep_until=timezone.now() + timedelta(days=30),
    )
    broadcast = Broadcast.objects.create(
        creator=creator,
        source=Broadcast.Source.RTMP,
        stream=stream,
        state=Broadcast.State.ENDED,
        live_at=BEGAN,
        ended_at=stream.ended_at,
        recorded=True,
        replay=replay,
        kept_bytes=mb * 1024 * 1024,
    )
    found = [[*part, broadcast.folder] for part in found]
    Replay.objects.filter(pk=replay.pk).update(folder=broadcast.folder, parts=found)
    replay.refresh_from_db()
    return replay


def sent(replay: Replay, second: float, kind: str = "chat", **payload: Any) -> Event:
    """Return an event that came so many seconds into the evening."""
    if kind == "chat":
        payload = {"from": "Alice", "handle": "alice", "text": "Hello"} | payload
    if kind == "gift":
        payload = {
            "id": f"gift-{second}", "from": "Alice", "handle": "alice", "message": "",
            "gift": "pebble", "name": "Pebble", "kind": "sticker", "art": "gifts/art/pebble.svg",
            "coins": 1, "quantity": 1, "duration_ms": 1_000, "at": "2026-11-20T20:00:00Z",
        } | payload  # fmt: skip
    return Event.objects.create(
        stream=replay.stream,
        kind=kind,
        payload=payload,
        created_at=BEGAN + timedelta(seconds=second),
    )


def logged(folder: Path, text: str, *, files: int = 10) -> list[int]:
    """Return the numbers of the segments that a log like this tells of."""
    folder.mkdir(exist_ok=True)
    for number in range(files):
        (folder / (segments.SEGMENT % number)).touch()
    (folder / segments.LOG).write_text(text)
    return [one.number for one in segments.recorded(folder)]
