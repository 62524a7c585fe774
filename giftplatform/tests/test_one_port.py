"""Pages and events behind one port: what the joint between them must keep."""

import asyncio
import json

import pytest

from giftplatform import asgi
from live.listener import Message


def test_body_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    """A client that goes away after `coins=50` of `coins=5000` has asked for nothing."""
    parts: list[Message] = [
        {"type": "http.request", "body": b"coins=50", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def read() -> None:
        whole = asgi._whole(receive)
        assert (await whole())["body"] == b"coins=50"
        with pytest.raises(asgi.ClientGoneError):
            await whole()

    asyncio.run(read())


def test_leaving_after_the_whole_body_is_no_error() -> None:
    parts: list[Message] = [
        {"type": "http.request", "body": b"coins=50", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def read() -> None:
        whole = asgi._whole(receive)
        await whole()
        assert (await whole())["type"] == "http.disconnect"

    asyncio.run(read())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/live/events/5a0e0e0e-0000-4000-8000-000000000000/", 405),
        ("GET", "/live/events/5a0e0e0e-0000-4000-8000-000000000000/", 403),
        ("GET", "/live/events/", 404),
        ("GET", "/live/events/nothing/", 404),
    ],
)
def test_what_is_no_stream_is_refused_in_one_answer(method: str, path: str, status: int) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(asgi.application(scope, receive, send))
    assert [message.get("status") for message in sent] == [status, None]
    assert json.loads(sent[1]["body"])["status"] == status
