"""What the collector of garbage need not look through."""

import gc


def leave_out_what_lives() -> None:
    """Keep the collector from going through all that is in memory now, and stays there.

    Modules, tests and their plugins are 400,000 objects: looking through them takes a seventh of
    the time of the tests, and an act that is measured would pay for what earlier tests left.
    """
    gc.collect()
    gc.freeze()
