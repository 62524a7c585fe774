"""Files as staff upload them: drawings, Lottie films, moving pictures, WebM."""

import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from gifts.stage.uploads import UploadRefused

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">\n'


def refusal(look: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        look(data)
    assert refused.value.status == 422
    return refused.value.detail


def drawing(inside: str = '<path d="M0 0h9"/>') -> bytes:
    return f"{HEAD}{inside}</svg>".encode()


def film(**fields: Any) -> bytes:
    layer = {"ty": 4, "nm": "one", "ks": {"o": {"a": 0, "k": 100}}, "ip": 0, "op": 60, "shapes": []}
    whole = {"v": "5.9", "fr": 30, "ip": 0, "op": 60, "w": 200, "h": 100, "layers": [layer]}
    return json.dumps(whole | fields).encode()


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    check = zlib.crc32(kind + body)
    return len(body).to_bytes(4, "big") + kind + body + check.to_bytes(4, "big")


def moving(
    *,
    width: int = 2,
    frames: int = 2,
    shown: int = 2,
    hold: int = 50,
    side: int = 2,
    extra: bytes = b"",
) -> bytes:
    """Return a real APNG of grey squares."""
    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 2) for _ in range(2)))
    control = [
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * at, side, 2, 0, 0, hold, 100, 0, 0))
        for at in range(shown)
    ]
    parts = [
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, 2, 8, 0, 0, 0, 0)),
        chunk(b"acTL", struct.pack(">II", frames, 0)),
        *control[:1],
        chunk(b"IDAT", pixels),
    ]
    for at, frame in enumerate(control[1:]):
        parts += [frame, chunk(b"fdAT", struct.pack(">I", 2 * at + 3) + pixels)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + extra + chunk(b"IEND")


def part(identity: int, *inside: bytes) -> bytes:
    body = b"".join(inside)
    name = identity.to_bytes((identity.bit_length() + 7) // 8, "big")
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body


def whole(number: int) -> bytes:
    return number.to_bytes(4, "big")


def reel(**with_: Any) -> bytes:
    """Return a WebM film as far as its elements go."""
    asked: dict[str, Any] = {
        "doctype": b"webm",
        "kinds": (1,),
        "codec": b"V_VP9",
        "width": 320,
        "duration": 2_000.0,
        "extra": b"",
        "blocks": 0,
        "last": 1_500,
    } | with_
    entries = [
        part(
            0xAE,
            part(0x83, whole(kind)),
            part(0x86, asked["codec"]),
            part(0xE0, part(0xB0, whole(asked["width"])), part(0xBA, whole(240))),
        )
        for kind in asked["kinds"]
    ]
    duration = part(0x4489, struct.pack(">d", asked["duration"]))
    return part(0x1A45DFA3, part(0x4282, asked["doctype"])) + part(
        0x18538067,
        part(0x1549A966, part(0x2AD7B1, whole(1_000_000)), duration),
        part(0x1654AE6B, *entries),
        part(0x1F43B675, part(0xE7, whole(0))),
        part(0x1F43B675, part(0xE7, whole(asked["last"])), *[part(0xA3, b"")] * asked["blocks"]),
        asked["extra"],
    )


def nested(tag: str, key: str) -> str:
    """Return references of one kind within each other, and a shape that has the last of them."""
    size = 'width="1" height="1"' if tag in ("pattern", "mask") else ""
    floors = [f'<{tag} id="a0" {size}><rect width="1" height="1"/></{tag}>']
    for n in range(1, 7):
        shape = f'<path d="M0 0h9v9" {key}="url(#a{n - 1})"/>'
        floors.append(f'<{tag} id="a{n}" {size}>{shape * 10}</{tag}>')
    return f'<defs>{"".join(floors)}</defs><path d="M0 0h9v9" {key}="url(#a6)"/>'


RECT = {"ty": "rc", "s": {"a": 0, "k": [5, 5]}, "p": {"a": 0, "k": [5, 5]}}
FILL = {"ty": "fl", "c": {"a": 0, "k": [1, 0, 0, 1]}}


def still(value: Any) -> dict[str, Any]:
    return {"a": 0, "k": value}


def group(*shapes: Any) -> dict[str, Any]:
    return {"ty": "gr", "it": [*shapes, {"ty": "tr"}]}


def copies(count: Any) -> dict[str, Any]:
    moved = {"p": [1, 0], "a": [0, 0], "s": [100, 100], "r": 0, "so": 100, "eo": 100}
    transform = {"ty": "tr"} | {name: still(value) for name, value in moved.items()}
    return {"ty": "rp", "c": count, "o": still(0), "m": 1, "tr": transform}


def shapes(*found: Any, **fields: Any) -> bytes:
    return film(layers=[{"ty": 4, "ks": {}, "shapes": found} | fields])
