"""The same job with Django Channels and its Redis layer, by uvicorn, in a Python of its own.

`uvicorn benchmarks.live.channels:application` serves; run as a program it sends, and obeys the
orders that `benchmarks.live.sender` obeys.
"""

import asyncio
import json
import sys
import time

from channels.generic.http import AsyncHttpConsumer  # type: ignore[import-untyped]
from channels.layers import get_channel_layer  # type: ignore[import-untyped]
from channels.routing import ProtocolTypeRouter, URLRouter  # type: ignore[import-untyped]
from django.urls import re_path

from benchmarks.live.frames import frame, payload

GROUP = "room"


class Events(AsyncHttpConsumer):
    """One listener."""

    async def http_request(self, message: object) -> None:
        """Join the room and leave the answer open."""
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b":\n\n", more_body=True)

    async def disconnect(self) -> None:
        """Leave the room."""
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def gift(self, message: dict[str, bytes]) -> None:
        """Pass on what the room was told."""
        await self.send_body(message["frame"], more_body=True)


application = ProtocolTypeRouter({"http": URLRouter([re_path("", Events.as_asgi())])})


async def send(rate: float, seconds: float) -> int:
    """Tell the room of gifts, so many a second or (0) as many as go; return how many."""
    layer = get_channel_layer()
    until = time.monotonic() + seconds
    due = time.monotonic()
    sent = 0
    while time.monotonic() < until:
        if rate:
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await layer.group_send(GROUP, {"type": "gift", "frame": frame(1_000_000, payload())})
        sent += 1
    return sent


async def main() -> None:
    """Send and answer until the orders end."""
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        print(json.dumps({"sent": await send(order["rate"], order["seconds"])}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
