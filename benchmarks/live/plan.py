"""The number of subscribers, the time, and the core of each process."""

import os

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = float(os.environ.get("SECONDS", "3"))
# Parts of figures' names, with semicolons between: only these are taken.
ONLY = [part.strip() for part in os.environ.get("ONLY", "").split(";") if part.strip()]

CROWDS = (200, 1_000, 2_000)
CROWD = 1_000  # the one that most ratios are about
# Channels falls behind for good when it is sent more than it can pass on: of these paces the one at
# which it passes on most is taken. Gifts a second.
CHANNELS_PACES = (4, 10, 25)
ROOMS, EACH, ROOMS_RATE = 100, 20, 500
STEADY = 50  # gifts a second
IN_TIME_MS = 1_000
FRAME = 256  # bytes of one gift as it is sent
WARM_UP = 1.0

CORES = sorted(os.sched_getaffinity(0))
SERVERS_CORE = CORES[:1]  # the measured server alone
OTHER_CORES = CORES[1:] or CORES  # listeners, senders, PostgreSQL and Redis


def as_written() -> bool:
    """Return whether nothing was changed: only such a run is kept in `results/`."""
    return not {"ROUNDS", "SECONDS", "ONLY"} & set(os.environ)
