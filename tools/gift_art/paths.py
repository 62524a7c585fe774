"""SVG path data as the Bezier curves of a Lottie file, one or several."""

import math
import re
from collections.abc import Iterator
from typing import Any

Curve = dict[str, Any]
Point = tuple[float, float]
_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_NUMBER = r"[\s,]*(-?(?:\d+\.?\d*|\.\d+))"
_ARC = re.compile(rf"([Aa]){_NUMBER * 3}[\s,]*([01])[\s,]*([01]){_NUMBER * 2}")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}


class _Pen:
    """Follows path data and notes corners with the handles that lead in and out."""

    def __init__(self) -> None:
        self.curves: list[Curve] = []
        self.at: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.handle: Point | None = None

    def move(self, to: Point) -> None:
        self.curves.append({"c": False, "v": [to], "i": [to], "o": [to]})
        self.at = self.start = to

    def curve(self, out: Point, into: Point, to: Point) -> None:
        if not self.curves or self.curves[-1]["c"]:
            self.move(self.at)
        path = self.curves[-1]
        path["o"][-1] = out
        path["v"].append(to)
        path["i"].append(into)
        path["o"].append(to)
        self.at = to

    def close(self) -> None:
        path = self.curves[-1]
        if len(path["v"]) > 1 and math.dist(path["v"][0], path["v"][-1]) < 1e-6:
            path["i"][0] = path["i"].pop()
            path["v"].pop()
            path["o"].pop()
        path["c"] = True
        self.at = self.start


def curves(data: str) -> list[Curve]:
    """Return every part of SVG path data as a curve: closed or not, corners and relative handles."""
    pen = _Pen()
    for letter, numbers in _commands(data):
        _draw(pen, letter, numbers)
    for path in pen.curves:
        for side in ("i", "o"):
            path[side] = [
                _short((x - vx, y - vy))
                for (x, y), (vx, vy) in zip(path[side], path["v"], strict=True)
            ]
        path["v"] = [_short(corner) for corner in path["v"]]
    return pen.curves


def bezier(data: str) -> Curve:
    """Return path data of one part as its curve."""
    (only,) = curves(data)
    return only


def points(data: str) -> list[Point]:
    """Return the corners of path data, for its size."""
    return [tuple(corner) for curve in curves(data) for corner in curve["v"]]


def _short(point: Point) -> list[float | int]:
    rounded = [round(number, 2) for number in point]
    return [int(number) if number == int(number) else number for number in rounded]


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    letter: str = ""
    numbers: list[float] = []
    text = _split_flags(data)
    for command, number in _TOKEN.findall(text):
        if command:
            letter, numbers = command, []
            if command in "Zz":
                yield "Z", []
            continue
        numbers.append(float(number))
        if len(numbers) == _TAKES[letter.upper()]:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _split_flags(data: str) -> str:
    """Part the two flags of an arc, which may stand against the next number."""
    return _ARC.sub(lambda found: " ".join(found.groups()), data)


def _draw(pen: _Pen, letter: str, n: list[float]) -> None:
    x0, y0 = pen.at
    kind = letter.upper()
    if letter.islower():
        n = _absolute(kind, n, pen.at)
    handle, pen.handle = pen.handle, None
    if kind == "Z":
        pen.close()
    elif kind == "M":
        pen.move((n[0], n[1]))
    elif kind in "LHV":
        to = {"L": lambda: (n[0], n[1]), "H": lambda: (n[0], y0), "V": lambda: (x0, n[0])}[kind]()
        pen.curve(pen.at, to, to)
    elif kind in "CS":
        out = (n[0], n[1]) if kind == "C" else _mirror(handle, pen.at)
        into = (n[-4], n[-3])
        pen.curve(out, into, (n[-2], n[-1]))
        pen.handle = into
    elif kind in "QT":
        middle = (n[0], n[1]) if kind == "Q" else _mirror(handle, pen.at)
        to = (n[-2], n[-1])
        pen.curve(_toward(pen.at, middle), _toward(to, middle), to)
        pen.handle = middle
    else:
        _arc(pen, n)


def _absolute(kind: str, n: list[float], at: Point) -> list[float]:
    if kind == "H":
        return [n[0] + at[0]]
    if kind == "V":
        return [n[0] + at[1]]
    if kind == "A":
        return [*n[:5], n[5] + at[0], n[6] + at[1]]
    return [number + at[place % 2] for place, number in enumerate(n)]


def _mirror(handle: Point | None, at: Point) -> Point:
    return at if handle is None else (2 * at[0] - handle[0], 2 * at[1] - handle[1])


def _toward(end: Point, middle: Point) -> Point:
    return (end[0] + (middle[0] - end[0]) * 2 / 3, end[1] + (middle[1] - end[1]) * 2 / 3)


def _arc(pen: _Pen, n: list[float]) -> None:
    rx, ry, tilt, large, sweep, x, y = n
    (x0, y0), turn = pen.at, math.radians(tilt)
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (x0 - x) / 2, (y0 - y) / 2
    px, py = cos * dx + sin * dy, cos * dy - sin * dx
    fit = max(1.0, math.sqrt((px / rx) ** 2 + (py / ry) ** 2))
    rx, ry = rx * fit, ry * fit
    rest = max(0.0, (rx * ry) ** 2 / ((rx * py) ** 2 + (ry * px) ** 2) - 1)
    side = math.sqrt(rest) * (1 if large != sweep else -1)
    qx, qy = side * rx * py / ry, -side * ry * px / rx
    cx, cy = cos * qx - sin * qy + (x0 + x) / 2, sin * qx + cos * qy + (y0 + y) / 2
    first = math.atan2((py - qy) / ry, (px - qx) / rx)
    whole = math.atan2((-py - qy) / ry, (-px - qx) / rx) - first
    whole += math.tau if sweep and whole < 0 else -math.tau if not sweep and whole > 0 else 0

    def spot(angle: float, forward: float = 0.0) -> Point:
        ex = rx * (math.cos(angle) - forward * math.sin(angle))
        ey = ry * (math.sin(angle) + forward * math.cos(angle))
        return (cx + cos * ex - sin * ey, cy + sin * ex + cos * ey)

    parts = max(1, math.ceil(abs(whole) / (math.pi / 2) - 1e-6))
    step = whole / parts
    reach = 4 / 3 * math.tan(step / 4)
    for part in range(parts):
        begin, end = first + part * step, first + (part + 1) * step
        to = (x, y) if part == parts - 1 else spot(end)
        pen.curve(spot(begin, reach), spot(end, -reach), to)
