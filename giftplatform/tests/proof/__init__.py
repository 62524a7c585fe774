"""How large a proof is: seconds in every run of the tests, its full size with `PROOF=full`.

`make prove` runs all of them in full, see `__main__.py`.
"""

import os

FULL = os.environ.get("PROOF") == "full"


def size(quick: int, full: int) -> int:
    """Return how much of something this run does."""
    return full if FULL else quick
