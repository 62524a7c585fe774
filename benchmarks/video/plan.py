"""How long each figure is taken, and how much comes in meanwhile."""

import os

SECONDS = float(os.environ.get("SECONDS", "60"))  # of glass to glass
CPU_SECONDS = SECONDS / 2
ROUNDS = int(os.environ.get("ROUNDS", "5"))
ONLY = [part.strip() for part in os.environ.get("ONLY", "").split(";") if part.strip()]

WIDTH, HEIGHT, RATE = 1280, 720, 30
BITS = 2_500_000
CUT_S = 10
STREAMS, VIEWERS = 4, 200
GIFTS = 50  # a second
GIFT_SECONDS = SECONDS / 6


def as_written() -> bool:
    """Return whether nothing was changed: only such a run is kept."""
    return not {"ROUNDS", "SECONDS", "ONLY"} & set(os.environ)
