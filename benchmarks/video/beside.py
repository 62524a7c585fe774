"""Gifts beside video: how late they are with four streams and two hundred viewers, and without.

Run as a program: it has the bed of `make bench-live`, the server alone on one core and everybody
else on the other, and prints its figures as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import bed
from benchmarks.live import stage
from benchmarks.serving.servers import free_port
from benchmarks.video.figures import pushing, reel
from benchmarks.video.plan import GIFT_SECONDS, GIFTS, ROUNDS, STREAMS, VIEWERS

WHOLE = f"{stage.UVICORN} --port {{port}} giftplatform.asgi:application"
BESIDE, ALONE = "p99 of gifts, with video", "p99 of gifts, without"
FIRST_PICTURE_S = 60


def main() -> None:
    """Take the figures in turns, and print them."""
    stage.prepare()
    os.environ["CREATORS"] = str(STREAMS)
    os.environ["RTMP_PORT"] = str(free_port())
    os.environ["PORT"] = str(free_port())
    figures: dict[str, list[float]] = {ALONE: [], BESIDE: [], "segments a second": []}
    with bed.made() as ground, stage.redis(ground.folder) as url:
        os.environ["REDIS_URL"] = url
        import django

        django.setup()
        measure(ground, figures)
    print(json.dumps(figures))


def measure(ground: bed.Bed, figures: dict[str, list[float]]) -> None:
    """Note the figures of every round."""
    from benchmarks.live.__main__ import rooms
    from benchmarks.live.contest import Contest

    contest = Contest(ground.url, *rooms())
    viewers = stage.Helper("benchmarks.video.viewers")
    with stage.serving(WHOLE) as server, ingest(ground.folder):
        contest.join(server, contest.paths[:1] * VIEWERS)
        start = contest.by_sender(contest.rooms[:1])

        def gifts() -> float:
            took = contest.watch(server, start, GIFTS, GIFT_SECONDS, to_the_end=True)
            return took["p99_ms"]

        gifts()  # once for nothing: everything is made by then
        for _ in range(ROUNDS):
            figures[ALONE].append(gifts())
            with four_streams(ground.folder) as paths:
                seconds = GIFT_SECONDS + 4
                viewers.tell(port=server.port, paths=paths, seconds=seconds)
                time.sleep(2)
                figures[BESIDE].append(gifts())
                got = viewers.answer()
                figures["segments a second"].append(got["segments"] / seconds)
    viewers.end()
    contest.end()


@contextmanager
def ingest(folder: Path) -> Iterator[None]:
    """Run the process that takes video in."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "ingest"], env=os.environ | {"VIDEO_LEAST_FREE_MB": "1"}
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def four_streams(folder: Path) -> Iterator[list[str]]:
    """Let the creators send; yield the playlists that the viewers watch, in turn."""
    from accounts.models import User
    from video import stream_keys
    from video.models import Broadcast

    creators = list(User.objects.filter(is_creator=True).order_by("pk")[:STREAMS])
    with contextlib.ExitStack() as encoders:
        for creator in creators:
            key = stream_keys.rotate(creator=creator)
            encoders.enter_context(pushing(reel(folder), int(os.environ["RTMP_PORT"]), key))
        until = time.monotonic() + FIRST_PICTURE_S
        live = Broadcast.objects.filter(state=Broadcast.State.LIVE)
        while live.count() < STREAMS:
            if time.monotonic() > until:
                raise RuntimeError("The streams did not come on air.")
            time.sleep(0.2)
        time.sleep(3)  # some segments
        paths = [broadcast.address for broadcast in live]
        yield [paths[number % STREAMS] for number in range(VIEWERS)]


if __name__ == "__main__":
    main()
