"""A creator with a stream key, the ingest that takes in what comes, and the camera's socket."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from pytest_django import Settings

from accounts.models import User
from conftest import person
from live.feed.wire import Message, Receive, Send
from live.tests.subscribing import wait_for
from video import stream_keys
from video.ingest.camera import Camera
from video.tests.stage import Ingest, taking_in


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VIDEO_DIR = tmp_path / "video"
    settings.VIDEO_LEAST_FREE_MB = 1
    return tmp_path / "video"


@pytest.fixture
def streamer(committed: None) -> User:
    return person("bob", is_creator=True)


@pytest.fixture
def key(streamer: User) -> str:
    return stream_keys.rotate(creator=streamer)


@pytest.fixture
def ingest(committed: None, folder: Path) -> Iterator[Ingest]:
    with taking_in() as ingest:
        yield ingest


@pytest.fixture
def port(committed: None, folder: Path) -> Iterator[int]:
    """Serve the camera's socket as a process would."""
    camera = Camera()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await camera.application(scope, receive, send)
        await receive()
        await camera.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await camera.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(30)
