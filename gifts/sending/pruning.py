"""Forgetting the keys of gifts that are long over, in small steps."""

from collections.abc import Iterator

from django.db import connection

from ledger.checks import KEYS_LAST_DAYS

# A gift's own key first: the claim on its reversal may go only after it.
BEGINNINGS = ("gift:", "undo:", "reverses:gift:")
LEAST_DAYS = KEYS_LAST_DAYS
KEYS_AT_ONCE = 5_000


class TooYoung(ValueError):
    """These keys are too young to be forgotten: they may still be needed."""


def prune_keys(*, older_than_days: int, at_once: int = KEYS_AT_ONCE) -> int:
    """Delete the keys of gifts, and of their undoing, older than so many days; return how many.

    Reads all of them once, `at_once` in each transaction. Raises `TooYoung` below `LEAST_DAYS`.
    """
    if older_than_days < LEAST_DAYS:
        raise TooYoung(
            f"Keys are kept for {LEAST_DAYS} days at least; {older_than_days} would be too few."
        )
    return sum(
        pruned for beginning in BEGINNINGS for pruned in _walk(beginning, older_than_days, at_once)
    )


def _walk(beginning: str, days: int, at_once: int) -> Iterator[int]:
    reached: str | None = ""
    while reached is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reached, pruned FROM gifts_prune_keys("
                "%s, clock_timestamp() - make_interval(days => %s), %s, %s)",
                [beginning, days, reached, at_once],
            )
            reached, pruned = cursor.fetchone()
        yield pruned
