"""Pages and events behind one port: what the joint between them must keep."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from giftplatform.runtime.buffered_requests import BufferedRequests
from live.feed.wire import Message


class Wire:
    """A server's side of requests: what the client sent, and what it was answered."""

    def __init__(self, *parts: Message) -> None:
        self.parts = list(parts)
        self.answers: list[Message] = []

    async def receive(self) -> Message:
        if not self.parts:
            await asyncio.Event().wait()  # a client that says nothing more, and stays
        return self.parts.pop(0)

    async def send(self, message: Message) -> None:
        self.answers.append(message)

    @property
    def status(self) -> int:
        return int(self.answers[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.answers[1:])


def part(body: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


GONE: Message = {"type": "http.disconnect"}


def asked(method: str = "POST", path: str = "/coins/", *headers: tuple[bytes, bytes]) -> Message:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": b"a=1",
        "headers": list(headers),
        "server": ("localhost", 8000),
        "client": ("203.0.113.9", 5000),
    }


class Echo:
    """A WSGI application that remembers what it was asked and says the body back."""

    def __init__(self) -> None:
        self.environs: list[dict[str, Any]] = []

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        self.environs.append(environ)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("201 Created", [("Content-Type", "text/plain")])
        yield body


def exchange(application: Echo, *wires: Wire, scope: Message | None = None) -> None:
    """Let the clients ask at the same time, of pages that have a single thread; the first that is
    answered ends it.
    """

    async def ask() -> None:
        pages = BufferedRequests(WSGIMiddleware(application, workers=1))
        asking = [
            asyncio.create_task(pages(scope or asked(), wire.receive, wire.send)) for wire in wires
        ]
        await asyncio.wait(asking, timeout=100, return_when=asyncio.FIRST_COMPLETED)
        for one in asking:
            if one.done():
                one.result()
            one.cancel()

    asyncio.run(ask())


def test_body_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    """A client that goes away after `coins=50` of `coins=5000` has asked for nothing."""
    echo, wire = Echo(), Wire(part(b"coins=50", more=True), GONE)
    exchange(echo, wire)
    assert (echo.environs, wire.answers) == ([], [])


def test_a_body_in_parts_is_one_body() -> None:
    echo, wire = Echo(), Wire(part(b"coins=50", more=True), part(b"00"), GONE)
    exchange(echo, wire)
    assert (wire.status, wire.body) == (201, b"coins=5000")
    assert echo.environs[0]["CONTENT_LENGTH"] == "10"


def test_a_body_larger_than_the_largest_is_refused_without_being_read_further() -> None:
    echo, megabyte = Echo(), part(b"m" * 1024 * 1024, more=True)
    wire = Wire(*[megabyte] * 10)
    exchange(echo, wire)
    assert (wire.status, echo.environs, len(wire.parts)) == (413, [], 3)
    assert (b"connection", b"close") in wire.answers[0]["headers"]
    assert b"6 MB" in wire.body


def test_a_client_that_is_slow_to_ask_keeps_nobody_waiting() -> None:
    """The only thread is free until all of a request is there."""
    slow, quick = Wire(part(b"gift=", more=True)), Wire(part(b"gift=pebble"))
    exchange(Echo(), slow, quick)
    assert (slow.answers, quick.body) == ([], b"gift=pebble")


def test_a_header_that_only_a_proxy_may_set_is_not_forged_with_an_underscore() -> None:
    echo = Echo()
    headers = (
        (b"host", b"localhost"),
        (b"content-type", b"text/plain"),
        (b"content-length", b"999"),
        (b"x_forwarded_proto", b"https"),
    )
    exchange(echo, Wire(part(b"a gift")), scope=asked("POST", "/people/zoë/", *headers))
    environ = echo.environs[0]
    assert environ["PATH_INFO"].encode("latin1").decode() == "/people/zoë/"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "6")
    assert environ["REMOTE_ADDR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_PROTO" not in environ  # with dashes only: these are a proxy's to say


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/live/events/5a0e0e0e-0000-4000-8000-000000000000/", 405),
        ("GET", "/live/events/5a0e0e0e-0000-4000-8000-000000000000/", 403),
        ("GET", "/live/events/", 404),
        ("GET", "/live/events/nothing/", 404),
    ],
)
def test_what_is_no_stream_is_refused_in_one_answer(
    db: None, method: str, path: str, status: int
) -> None:
    from giftplatform.asgi import application  # asks the database which mode it is of

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
    asyncio.run(application(scope, receive, send))
    assert [message.get("status") for message in sent] == [status, None]
    assert json.loads(sent[1]["body"])["status"] == status
