"""Times and amounts that the environment may change."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "5"))
# Connections are opened and plans are made in the first second: it is run and not counted.
WARM_UP = 1
# Sets of fifty in 16 processes hold 800 fans at a time: of a thousand they would hold nearly all.
FANS = int(os.environ.get("FANS", "10000"))
CREATORS = int(os.environ.get("CREATORS", "1000"))
# Parts of contestants' names, with semicolons between: only these run.
ONLY = [part.strip() for part in os.environ.get("ONLY", "").split(";") if part.strip()]
GIFT = "pebble"
BATCH = 50
# The tables that grow with every gift.
LARGE = ("ledger_posting", "ledger_key", "ledger_transfer", "gifts_sentgift", "live_event")


def as_written() -> bool:
    """Return whether nothing was changed: only such a run is kept in `results/`."""
    return not {"ROUNDS", "SECONDS", "FANS", "CREATORS", "ONLY"} & set(os.environ)
