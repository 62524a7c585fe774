"""Two hundred viewers' browsers as far as the server sees them: a playlist each second, and each
segment once.

Run as a program it obeys JSON lines: {"port": ..., "paths": [playlists], "seconds": ...}.
"""

import asyncio
import json
import sys
import time
from typing import Any

ASK = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"
EVERY_S = 1.0


class Viewer:
    """One connection that is kept open, as hls.js has it."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self.newest = ""
        self.bytes = self.segments = 0

    async def watch(self, begins_s: float, until: float) -> None:
        """Fetch until then; the first playlist only says where the stream is."""
        await asyncio.sleep(begins_s)
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        due = time.monotonic()
        while due < until:
            lines = (await self._get(self.path)).decode().split()
            found = [line for line in lines if line.endswith(".m4s")]
            new = found[found.index(self.newest) + 1 :] if self.newest in found else found[-1:]
            for name in new:
                self.bytes += len(await self._get(self.path.rpartition("/")[0] + "/" + name))
                self.segments += 1
            self.newest = found[-1]
            due += EVERY_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        self.writer.close()

    async def _get(self, path: str) -> bytes:
        self.writer.write(ASK.format(path=path).encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head[:60].decode())
        _, _, rest = head.lower().partition(b"content-length:")
        return await self.reader.readexactly(int(rest.split(b"\r\n")[0]))


async def watch(order: dict[str, Any]) -> dict[str, float]:
    """Let all of them watch; return what they got."""
    paths, until = order["paths"], time.monotonic() + order["seconds"]
    viewers = [Viewer(order["port"], path) for path in paths]
    spread = EVERY_S / len(viewers)
    await asyncio.gather(
        *(viewer.watch(number * spread, until) for number, viewer in enumerate(viewers))
    )
    return {
        "segments": sum(viewer.segments for viewer in viewers),
        "bytes": sum(viewer.bytes for viewer in viewers),
        "least": min(viewer.segments for viewer in viewers),
    }


def main() -> None:
    """Watch and answer until the orders end."""
    import uvloop

    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(uvloop.run(watch(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
