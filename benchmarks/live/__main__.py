"""`make bench-live`: how quickly rooms hear of gifts, beside bare uvloop and Django Channels.

What counts are the ratios. A try with other settings (ROUNDS, SECONDS, ONLY) is printed; only a run
as written is kept in `results/`.
"""

import os
import random
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import bed, machine
from benchmarks.contestants.hordak import installed
from benchmarks.live import stage
from benchmarks.live.plan import ONLY, ROOMS, ROUNDS, SERVERS_CORE, as_written
from benchmarks.live.report import Report

NO_REDIS = "This needs redis-server (apt install redis-server); it is not here."
Taking = Callable[[], dict[str, float]]


def main() -> int:
    """Run all rounds and print the tables; return 1 when something misses its bar."""
    if shutil.which("redis-server") is None:
        print(NO_REDIS, file=sys.stderr)
        return 1
    stage.prepare()
    os.environ["CREATORS"] = str(ROOMS)
    python = installed()
    with bed.made() as ground, stage.redis(ground.folder) as url:
        os.environ["REDIS_URL"] = url
        report = Report(machine.described(ground) | {"load": described_load()})
        take_all(ground, python, report)
    print(f"\n{report.text()}")
    for says in report.below():
        print(f"below its bar: {says}", file=sys.stderr)
    if as_written():
        report.keep()
    return 1 if report.below() else 0


def described_load() -> str:
    """Return whose core is whose, and what else the machine was doing."""
    alone = "alone" if not set(SERVERS_CORE) & os.sched_getaffinity(0) else "with everybody"
    return (
        f"the server {alone} on one core, listeners, senders, PostgreSQL and Redis on the rest,"
        f" {os.getloadavg()[0]:.1f} before the run"
    )


def take_all(ground: bed.Bed, python: Path, report: Report) -> None:
    """Take every figure in every round, each time in another order."""
    import django

    django.setup()
    from benchmarks.live.contest import LAYERS, Contest

    contest = Contest(ground.url, *rooms())
    parts: dict[str, Taking] = {
        "bare": contest.bare,
        "ours": contest.ours,
        "one process": contest.one_process,
        "rooms": contest.many_rooms,
        **{name: partial(contest.channels, python, name) for name in LAYERS},
    }
    chosen = [name for name in parts if not ONLY or any(part in name for part in ONLY)]
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}", flush=True)
        for name in random.Random(number).sample(chosen, len(chosen)):
            report.note(parts[name]())
    contest.end()


def rooms() -> tuple[list[str], list[int]]:
    """Open the rooms; return where one listens to each, and their ids."""
    from django.core.management import call_command

    from benchmarks.people import creators, go_on_air
    from live.feed import tokens
    from live.models import Stream

    for command in ("migrate", "createcachetable", "load_economy"):
        call_command(command, verbosity=0)
    go_on_air(creators())
    streams = list(Stream.objects.order_by("pk"))
    return [tokens.events_url(one, "room") for one in streams], [one.pk for one in streams]


if __name__ == "__main__":
    sys.exit(main())
