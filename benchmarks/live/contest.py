"""The measurements: each function takes figures of one server and returns them by name."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.live.plan import (
    CHANNELS_PACES,
    CROWD,
    CROWDS,
    EACH,
    ROOMS,
    ROOMS_RATE,
    SECONDS,
    STEADY,
    WARM_UP,
)
from benchmarks.live.stage import UVICORN, Helper, Server, database_connections, serving

Figures = dict[str, float]
# Lets a server's gifts begin: at a rate (0: as fast as it goes), for some seconds.
Start = Callable[[float, float], Callable[[], Any]]
EVENTS = f"{UVICORN} --port {{port}} giftplatform.asgi:events"
ONE_PROCESS = f"{UVICORN} --port {{port}} benchmarks.live.one_process:application"
CHANNELS = f"{UVICORN} --port {{port}} benchmarks.live.channels:application"
LAYERS = {
    "Channels": "core.RedisChannelLayer",
    "Channels, pub/sub layer": "pubsub.RedisPubSubChannelLayer",
}
SETTLE = 1.0


class Contest:
    """One round's figures, taken with the same listeners and sender."""

    def __init__(self, database: str, paths: list[str], rooms: list[int]) -> None:
        self.database = database
        self.paths = paths  # one address for each room; the first is the crowd's
        self.rooms = rooms
        self.listeners = Helper("benchmarks.live.listeners", speaks=False)
        self.sender = Helper("benchmarks.live.sender")

    def end(self) -> None:
        """Let the helpers go."""
        self.listeners.end()
        self.sender.end()

    # --- The servers ---------------------------------------------------------------------------

    def bare(self) -> Figures:
        """Return what uvloop alone reaches."""
        figures: Figures = {}
        with serving("-m benchmarks.live.bare {port}") as server:
            for crowd in CROWDS:
                figures |= self.crowd("bare", server, ["/"] * crowd, self.by_request(server))
        return figures

    def ours(self) -> Figures:
        """Return what the event stream reaches when another process sends."""
        figures: Figures = {}
        for crowd in CROWDS:
            with serving(EVENTS) as server:
                start = self.by_sender(self.rooms[:1])
                figures |= self.crowd("ours", server, self.paths[:1] * crowd, start)
                figures[f"ours, {crowd}: threads"] = server.threads()
                figures[f"ours, {crowd}: connections"] = database_connections(self.database)
        return figures

    def one_process(self) -> Figures:
        """Return what one process reaches that also writes the gifts, with a commit for each."""
        with serving(ONE_PROCESS) as server:
            start = self.by_request(server, "/bench/send/", rooms=str(self.rooms[0]))
            return self.flood("one process", CROWD, self.paths[:1] * CROWD, server, start)

    def many_rooms(self) -> Figures:
        """Return how late gifts are in many small rooms at once."""
        with serving(EVENTS) as server:
            self.join(server, self.paths[:ROOMS] * EACH)
            start = self.by_sender(self.rooms[:ROOMS])
            took = self.watch(server, start, ROOMS_RATE, SECONDS, to_the_end=True)
            self.listeners.ask(do="leave")
        return named(f"{ROOMS} rooms x {EACH}", took, EACH)

    def channels(self, python: Path, name: str) -> Figures:
        """Return what Django Channels reaches, at whichever pace suits it best."""
        environment = {
            "CHANNELS_LAYER": LAYERS[name],
            "DJANGO_SETTINGS_MODULE": "benchmarks.live.channels_settings",
        }
        best = 0.0
        sender = Helper("benchmarks.live.channels", python=python, environment=environment)
        try:
            with serving(CHANNELS, python=python, environment=environment) as server:
                start = self.by_sender([], sender)
                self.join(server, ["/"] * CROWD)
                for pace in CHANNELS_PACES:
                    took = self.watch(server, start, pace, SECONDS, to_the_end=False)
                    best = max(best, took["gifts"] / took["seconds"])
                self.listeners.ask(do="leave")
        finally:
            sender.end()
        return {f"{name}, {CROWD}: delivered": best}

    # --- How they are watched ------------------------------------------------------------------

    def crowd(self, name: str, server: Server, paths: list[str], start: Start) -> Figures:
        """Return speed at the limit, delay and cost at a steady pace, and memory."""
        # The first connections bring what is made once.
        self.join(server, paths[:50])
        self.listeners.ask(do="leave")
        time.sleep(SETTLE)
        before = server.memory()
        self.join(server, paths)
        kb = (server.memory() - before) / len(paths) / 1024
        figures = {f"{name}, {len(paths)}: memory": kb}
        steady = self.watch(server, start, STEADY, SECONDS, to_the_end=True)
        figures |= named(f"{name}, {len(paths)}", steady, len(paths))
        flood = self.watch(server, start, 0, SECONDS, to_the_end=False)
        figures[f"{name}, {len(paths)}: delivered"] = flood["gifts"] / flood["seconds"]
        self.listeners.ask(do="leave")
        time.sleep(SETTLE)
        return figures

    def flood(
        self, name: str, crowd: int, paths: list[str], server: Server, start: Start
    ) -> Figures:
        """Return speed at the limit only."""
        self.join(server, paths)
        took = self.watch(server, start, 0, SECONDS, to_the_end=False)
        self.listeners.ask(do="leave")
        time.sleep(SETTLE)
        return {f"{name}, {crowd}: delivered": took["gifts"] / took["seconds"]}

    def join(self, server: Server, paths: list[str]) -> None:
        """Let listeners come, and wait until they stand."""
        refused = self.listeners.ask(do="join", port=server.port, paths=paths)
        if refused:
            raise RuntimeError(f"{refused} listeners were refused")
        time.sleep(SETTLE)

    def watch(
        self, server: Server, start: Start, rate: float, seconds: float, *, to_the_end: bool
    ) -> Figures:
        """Return what the listeners get and what it costs the server.

        To the end: everything that was sent, to the last gift. Otherwise what comes in so many
        seconds, after one that is not counted.
        """
        wait = start(rate, seconds if to_the_end else seconds + WARM_UP)
        time.sleep(0 if to_the_end else WARM_UP)
        self.listeners.ask(do="begin")
        before = server.cpu_seconds()
        if to_the_end:
            sent = wait()
            time.sleep(SETTLE)
            took = self.listeners.ask(do="end")
        else:
            time.sleep(seconds - 0.2)
            took = self.listeners.ask(do="end")
            sent = wait()
        took["cpu"] = server.cpu_seconds() - before
        took["sent"] = sent["sent"]
        if took["lost"]:
            raise RuntimeError(f"{took['lost']} listeners were cut off")
        return dict(took)

    def by_sender(self, rooms: list[int], sender: Helper | None = None) -> Start:
        """Return what lets another process send."""
        sender = sender or self.sender

        def start(rate: float, seconds: float) -> Callable[[], Any]:
            sender.tell(rooms=rooms, rate=rate, seconds=seconds)
            return sender.answer

        return start

    def by_request(self, server: Server, path: str = "/send", **query: str) -> Start:
        """Return what lets the server itself send."""
        pool = ThreadPoolExecutor(1)

        def start(rate: float, seconds: float) -> Callable[[], Any]:
            asked = pool.submit(server.get, path, rate=rate, seconds=seconds, **query)
            return lambda: json.loads(asked.result())

        return start


def named(name: str, took: Figures, listeners: int) -> Figures:
    """Return the figures of a steady pace by name."""
    due = took["sent"] * listeners
    return {
        f"{name}: median": took["median_ms"],
        f"{name}: p99": took["p99_ms"],
        f"{name}: share": 100 * min(took["gifts"], due) / due,
        f"{name}: in time": min(100.0, 100 * took["in_time"] / due),
        f"{name}: cpu": took["cpu"] / max(1, took["gifts"]) * 1e6,
    }
