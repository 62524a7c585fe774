"""Files as staff upload them: drawings, Lottie films, moving pictures, WebM."""

import json
import struct
import zlib
from typing import Any

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">\n'


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
    *, width: int = 2, frames: int = 2, shown: int = 2, hold: int = 50, extra: bytes = b""
) -> bytes:
    """Return a real APNG of grey squares."""
    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 2) for _ in range(2)))
    control = [
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * at, 2, 2, 0, 0, hold, 100, 0, 0))
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
        part(0x1F43B675, part(0xE7, whole(asked["last"]))),
        asked["extra"],
    )
