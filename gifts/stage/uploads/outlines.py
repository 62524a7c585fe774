"""Measuring outlines: how many pieces they have, and at most how long they are."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

LARGEST_NUMBER = 1_000_000.0
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
FLAG = re.compile(r"[01]")
BLANK = re.compile(r"[\s,]*")
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
ARC_FLAGS = (3, 4)
Piece = tuple[str, list[float]]


class Outline(NamedTuple):
    """How many pieces an outline has, and a length that it does not exceed."""

    pieces: int = 0
    length: float = 0.0


def measure_path(data: str) -> Outline:
    """Return the outline of path data, as far as it can be read, as browsers draw it.

    Raises `OverflowError` for a number that no drawing needs.
    """
    here = begun = control = 0j
    pieces, length = 0, 0.0
    for command, numbers in _pieces(data):
        closes = command in "Zz"
        points = [begun] if closes else _points(command, numbers, here, control)
        if command in "Mm":
            begun = here = points[-1]
        else:
            if command in "Aa":
                widest = max(abs(numbers[0]), abs(numbers[1]), abs(points[-1] - here) / 2)
                length += math.tau * widest
            length += polygon_length([here, *points])
        control = points[-2] if len(points) > 1 else points[-1]
        here = points[-1]
        pieces += 1
    return Outline(pieces, length)


def polygon_length(points: list[complex]) -> float:
    """Return the length of straight lines from point to point."""
    return sum(abs(after - before) for before, after in pairwise(points))


def _pieces(data: str) -> Iterator[Piece]:
    at, command = BLANK.match(data).end(), ""  # type: ignore[union-attr]  # it matches nothing, too
    while at < len(data):
        if data[at].upper() in NUMBERS:
            command, at = data[at], BLANK.match(data, at + 1).end()  # type: ignore[union-attr]
        elif not command or command in "Zz":
            return
        numbers, at = _numbers(data, at, command.upper())
        if len(numbers) < NUMBERS[command.upper()]:
            return
        yield command, numbers
        # What follows a move without a letter of its own are lines.
        command = {"M": "L", "m": "l"}.get(command, command)


def _numbers(data: str, at: int, command: str) -> tuple[list[float], int]:
    numbers: list[float] = []
    for place in range(NUMBERS[command]):
        flag = command == "A" and place in ARC_FLAGS
        found = (FLAG if flag else NUMBER).match(data, at)
        if found is None:
            break
        numbers.append(bounded(found[0]))
        at = BLANK.match(data, found.end()).end()  # type: ignore[union-attr]
    return numbers, at


def bounded(text: str) -> float:
    """Return a number. Raises `OverflowError` for one that no drawing needs."""
    number = float(text)
    if abs(number) > LARGEST_NUMBER:
        raise OverflowError(text)
    return number


def _points(command: str, numbers: list[float], here: complex, control: complex) -> list[complex]:
    origin = here if command.islower() else 0j
    kind = command.upper()
    if kind == "H":
        return [complex(numbers[0] + origin.real, here.imag)]
    if kind == "V":
        return [complex(here.real, numbers[0] + origin.imag)]
    if kind == "A":
        numbers = numbers[5:]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    points = [origin + complex(x, y) for x, y in pairs]
    # A smooth curve begins with the mirror image of the last control point.
    return [2 * here - control, *points] if kind in "ST" else points
