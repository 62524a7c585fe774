"""The size of a proof: seconds in every run of the tests, its full size with `PROOF=full`.

`make prove` runs all of them in full, see `__main__.py`.
"""

import os

FULL = os.environ.get("PROOF") == "full"


def size(quick: int, full: int) -> int:
    """Return how much of something this run does."""
    return full if FULL else quick


def share_of(whole: int) -> int:
    """Return this process's share of a proof that several do together: `PROOF_SHARE=1/4`."""
    part, _, of = os.environ.get("PROOF_SHARE", "1/1").partition("/")
    return whole * int(part) // int(of) - whole * (int(part) - 1) // int(of)
