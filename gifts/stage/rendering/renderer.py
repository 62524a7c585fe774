"""A process of its own that draws one upload: what it takes too much of, only it runs out of.

    python -I renderer.py svg|json|png CPU_SECONDS MEMORY_BYTES < upload > picture.png

It ends with 0 and the picture, with 65 for what can't be drawn, or by the system's hand. It knows
nothing of the site, so it starts at once and has nothing to give away.
"""

import resource
import struct
import sys
import zlib

SIDE = 256
UNDRAWABLE = 65  # EX_DATAERR: not what Python itself ends with
Picture = bytes


def limit(cpu_seconds: int, memory: int) -> None:
    """Bound what this process may use."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def draw_svg(data: bytes) -> Picture:
    """Return the drawing as a PNG. Raises `ValueError`."""
    import resvg_py

    return resvg_py.svg_to_bytes(
        svg_string=data.decode(), width=SIDE, height=SIDE, skip_system_fonts=True
    )


def draw_lottie(data: bytes) -> Picture:
    """Return the middle frame as a PNG; the first and the last are drawn too.

    Raises `ValueError`.
    """
    from thorvg_python.animation import Animation
    from thorvg_python.base import Colorspace, Result
    from thorvg_python.canvas.sw import SwCanvas
    from thorvg_python.engine import Engine

    engine = Engine(threads=0)
    canvas = SwCanvas(engine)
    canvas.set_target(SIDE, SIDE, cs=Colorspace.ABGR8888S)
    film = Animation(engine)
    picture = film.get_picture()
    if picture.load_data(data, "lottie", None, copy=True) != Result.SUCCESS:
        raise ValueError("not a Lottie that the renderer reads")
    picture.set_size(SIDE, SIDE)
    canvas.add(picture)
    _result, frames = film.get_total_frame()
    for frame in (0.0, frames - 1, frames / 2):
        film.set_frame(frame)
        canvas.update()
        canvas.draw(clear=True)
        canvas.sync()
    assert canvas.buffer_arr is not None  # noqa: S101  # set_target made it
    return png(SIDE, SIDE, bytes(canvas.buffer_arr))


def draw_apng(data: bytes) -> Picture:
    """Inflate every frame of an APNG; return its first one as a PNG. Raises `ValueError`."""
    frames: list[zlib._Decompress] = []
    still = [data[:8]]
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if kind in (b"IDAT", b"fdAT"):
            _inflate(frames[-1], body[4 if kind == b"fdAT" else 0 :])
        elif kind == b"fcTL" or not frames:
            frames.append(zlib.decompressobj())
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            still.append(data[at : at + 12 + size])
        at += 12 + size
    return b"".join(still)


def _inflate(stream: "zlib._Decompress", body: bytes) -> None:
    try:
        while body:
            stream.decompress(body, 1_000_000)
            body = stream.unconsumed_tail
    except zlib.error as fault:
        raise ValueError("a frame is damaged") from fault


def png(width: int, height: int, pixels: bytes) -> Picture:
    """Return RGBA pixels as a PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return len(body).to_bytes(4, "big") + kind + body + check.to_bytes(4, "big")

    row = 4 * width
    lines = b"".join(b"\0" + pixels[at : at + row] for at in range(0, row * height, row))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")]
    )


DRAW = {"svg": draw_svg, "json": draw_lottie, "png": draw_apng}


def main() -> int:
    """Draw what comes in; return how it ended."""
    kind, cpu_seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    data = sys.stdin.buffer.read()
    limit(cpu_seconds, memory)
    try:
        picture = DRAW[kind](data)
    except ValueError:
        return UNDRAWABLE
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
