"""AMF0: the values of RTMP's commands. What is read is measured first; what is odd is refused."""

import struct
from collections.abc import Iterable, Mapping

from video.ingest.rtmp.refusals import BadMessage

NUMBER, BOOLEAN, STRING, OBJECT, NULL, UNDEFINED, ARRAY, END = 0, 1, 2, 3, 5, 6, 8, 9
DEEPEST = 4
MOST_VALUES = 200

Value = float | bool | str | None | dict[str, "Value"]


class _Reader:
    """Reads values one after the other, and no byte beyond the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.values = data, 0, 0

    def take(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise BadMessage("a value breaks off")
        self.at += size
        return taken

    def text(self) -> str:
        size = int.from_bytes(self.take(2))
        return self.take(size).decode("utf-8", "replace")

    def value(self, depth: int = 0) -> Value:
        self.values += 1
        if depth > DEEPEST or self.values > MOST_VALUES:
            raise BadMessage("too many values")
        kind = self.take(1)[0]
        if kind == NUMBER:
            return float(struct.unpack(">d", self.take(8))[0])
        if kind == BOOLEAN:
            return self.take(1) != b"\0"
        if kind == STRING:
            return self.text()
        if kind in {NULL, UNDEFINED}:
            return None
        if kind == ARRAY:
            self.take(4)  # says how many; the end mark decides
        elif kind != OBJECT:
            raise BadMessage("an unknown kind of value")
        return self.fields(depth + 1)

    def fields(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while True:
            name = self.text()
            if self.data[self.at : self.at + 1] == bytes([END]):
                self.at += 1
                return found
            found[name] = self.value(depth)


def read(data: bytes, most: int = 8) -> list[Value]:
    """Return the first `most` values. Raises `BadMessage`."""
    reader = _Reader(data)
    found: list[Value] = []
    while reader.at < len(data) and len(found) < most:
        found.append(reader.value())
    return found


def write(values: Iterable[Value]) -> bytes:
    """Return the values as bytes."""
    return b"".join(_written(value) for value in values)


def _written(value: Value) -> bytes:
    if value is None:
        return bytes([NULL])
    if isinstance(value, bool):
        return bytes([BOOLEAN, value])
    if isinstance(value, str):
        return bytes([STRING]) + _text(value)
    if isinstance(value, Mapping):
        fields = b"".join(_text(name) + _written(one) for name, one in value.items())
        return bytes([OBJECT]) + fields + b"\0\0" + bytes([END])
    return bytes([NUMBER]) + struct.pack(">d", value)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2) + encoded
