"""A page waits for an answer so long, and no longer."""

from threading import Event

import pytest

from foundation import impatience
from foundation.impatience import within


def test_an_answer_and_a_refusal_come_through() -> None:
    def refuse() -> None:
        raise LookupError("gone")

    assert within(60, lambda: 7) == 7
    with pytest.raises(LookupError, match="gone"):
        within(60, refuse)


def test_nobody_waits_for_what_does_not_come_and_only_so_many_are_under_way() -> None:
    goes = Event()
    try:
        for _ in range(impatience.AT_ONCE):
            with pytest.raises(TimeoutError):
                within(0.01, goes.wait)
        with pytest.raises(TimeoutError):
            within(60, lambda: 7)
    finally:
        goes.set()
