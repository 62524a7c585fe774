"""`giftplatform.asgi:application`, which also sends on request: listeners, publishing and senders
are one process.
"""

import asyncio
import json
from urllib.parse import parse_qs

from benchmarks.live.sender import THREADS, send_by
from giftplatform.asgi import application as site
from live.feed.wire import Message, Receive, Send


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer everything, and `/bench/send/` besides."""
    if scope["type"] != "http" or scope["path"] != "/bench/send/":
        return await site(scope, receive, send)
    asked = parse_qs(scope["query_string"].decode())
    rooms = [int(room) for room in asked["rooms"][0].split(",")]
    rate, seconds = float(asked["rate"][0]), float(asked["seconds"][0])
    sent = await asyncio.to_thread(send_by, THREADS, rooms, rate, seconds)
    body = json.dumps({"sent": sent}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
