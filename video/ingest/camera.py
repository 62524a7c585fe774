"""The browser's camera: a socket that says once who it is, and then sends what it records.

Beside that it may say what is spoken, for captions.
"""

import asyncio
import contextlib
import json
import logging
from typing import Any

from django.utils.translation import gettext as _

from foundation.errors import DomainError
from live.feed.wire import Message, Receive, Send
from video import broadcasts, camera_tokens, guests
from video.camera_tokens import Sender
from video.ingest.desk import Desk
from video.ingest.intake import NO_DATABASE, Intake
from video.ingest.recipes import MATROSKA, MP4, WEBM, Recipe
from video.ingest.spoken import LARGEST, Spoken
from video.models import Broadcast
from video.troubles import Trouble

log = logging.getLogger(__name__)

PATH = "/video/camera/"
LARGEST_CHUNK = 2 * 1024 * 1024  # a quarter of a second; after a cut a little more
LARGEST_HELLO = 4_096
HELLO_S = 10
SILENCE_S = 10
MOST_SOCKETS = 100


class Refused(Exception):
    """The page may not send; the code and the sentence are for it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def recipe_for(kind: str) -> Recipe | None:
    """Return what becomes of what a browser records, by the type that it names."""
    container, _semicolon, codecs = kind.lower().replace(" ", "").partition(";codecs=")
    h264 = codecs.startswith(("avc1", "avc3", "h264"))
    if container == "video/mp4" and h264:
        return MP4
    if container in {"video/webm", "video/x-matroska"}:
        if h264:
            return MATROSKA
        if codecs.startswith(("vp8", "vp9", "vp09")):
            return WEBM
    return None


class Camera:
    """One process's camera sockets: `application` serves them, `start` and `stop` are its life."""

    desk: Desk

    def __init__(self) -> None:
        self.open = 0

    async def start(self) -> None:
        """Begin to look after what comes in."""
        self.desk = Desk()
        self._running = asyncio.create_task(self.desk.run())

    async def stop(self) -> None:
        """Let every broadcast finish its last segment; pages connect again on their own."""
        self._running.cancel()
        await self.desk.close()

    async def application(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one socket to its end."""
        await receive()  # the wish to connect
        if scope["path"] != PATH or self.open >= MOST_SOCKETS:
            return await send({"type": "websocket.close", "code": 1008})
        await send({"type": "websocket.accept"})
        self.open += 1
        try:
            intake = await self._admit(await _hello(receive))
            await _say(send, state="ready")
            await self._take(intake, receive, send)
        except Refused as refused:
            with contextlib.suppress(OSError):
                await _say(send, state="over", code=refused.code, detail=refused.detail)
                await send({"type": "websocket.close", "code": 4000})
        except _Gone:
            pass
        finally:
            self.open -= 1

    async def _admit(self, hello: dict[str, Any]) -> Intake:
        """Return the intake for what the page says of itself. Raises `Refused`."""
        recipe = recipe_for(_text(hello, "type"))
        if recipe is None:
            raise Refused(*_told(Trouble.UNREADABLE))
        if trouble := self.desk.refuses():
            raise Refused(*_told(trouble))
        ask = self.desk.site.ask
        try:
            sender = await ask(camera_tokens.sender_of, _text(hello, "token"))
            if sender is None:
                raise Refused("bad_token", _("Sign in again, and open this page anew."))
            broadcast = await ask(_connected, sender, _text(hello, "title"))
        except DomainError as refused:
            raise Refused(refused.code, refused.detail) from refused
        except NO_DATABASE as error:
            log.warning("The database does not answer; a camera was refused.")
            raise Refused("busy", _("The site is busy. Try again in a minute.")) from error
        intake = Intake(self.desk.site, broadcast, recipe)
        await self.desk.take_in(intake)
        return intake

    async def _take(self, intake: Intake, receive: Receive, send: Send) -> None:
        """Give what comes to the intake, until the page goes or the broadcast must end."""
        telling = asyncio.create_task(_tell_of(intake, send))
        spoken = Spoken(intake)
        try:
            while not intake.stopped.is_set():
                chunk = await _next(receive, SILENCE_S)
                if len(chunk) > (LARGEST if isinstance(chunk, str) else LARGEST_CHUNK):
                    intake.stop(Trouble.TOO_FAST)
                elif isinstance(chunk, str):
                    spoken.take(chunk)
                elif chunk:
                    intake.pictured = True
                    await intake.give(chunk)
        except _Gone:
            pass
        finally:
            telling.cancel()
            spoken.close()
            trouble = intake.trouble
            await intake.close()
        if trouble and trouble is not Trouble.LINE_CUT:
            raise Refused(*_told(trouble))
        with contextlib.suppress(OSError, RuntimeError):
            await send({"type": "websocket.close", "code": 1012})


def _connected(sender: Sender, title: str) -> Broadcast:
    """Return the broadcast of whoever sends: a creator's own, or a guest's beside it."""
    if sender.guest:
        return guests.connect(guest=sender.guest)
    source = Broadcast.Source.BROWSER
    return broadcasts.connect(creator=sender.user, source=source, title=title)


class _Gone(Exception):
    """The page is not there any more, or says nothing."""


async def _next(receive: Receive, patience_s: float) -> bytes | str:
    try:
        async with asyncio.timeout(patience_s):
            message = await receive()
    except TimeoutError as error:
        raise _Gone from error
    if message["type"] != "websocket.receive":
        raise _Gone
    said = message.get("bytes")
    return said if said is not None else str(message.get("text") or "")


async def _hello(receive: Receive) -> dict[str, Any]:
    """Return what the page says first. Raises `Refused`."""
    said = await _next(receive, HELLO_S)
    if len(said) > LARGEST_HELLO:
        raise Refused(*_told(Trouble.UNREADABLE))
    try:
        hello = json.loads(said)
    except (ValueError, RecursionError):
        hello = None
    if not isinstance(hello, dict):
        raise Refused(*_told(Trouble.UNREADABLE))
    return hello


def _text(hello: dict[str, Any], name: str) -> str:
    found = hello.get(name, "")
    return found if isinstance(found, str) and "\0" not in found else ""


async def _tell_of(intake: Intake, send: Send) -> None:
    """Tell the page when its picture is in the room; hang up when it must end."""
    told = False
    while not intake.stopped.is_set():
        if intake.shown and not told:
            told = True
            await _say(send, state="live")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await intake.stopped.wait()


async def _say(send: Send, **facts: str) -> None:
    await send({"type": "websocket.send", "text": json.dumps(facts)})


def _told(trouble: Trouble) -> tuple[str, str]:
    return trouble.code, str(trouble.sentence)
