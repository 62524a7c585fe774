"""The clock under a test's processes, where `make test-dates` has set it."""

import os

CARRIED = (
    "FAKETIME",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "LD_PRELOAD",
    "NO_FAKE_STAT",
    "PYTHONPATH",
    "TZ",
)


def clock() -> dict[str, str]:
    """Return what a process that inherits nothing else needs to have our time."""
    return {name: os.environ[name] for name in CARRIED if name in os.environ}
