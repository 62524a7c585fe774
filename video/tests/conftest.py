"""A creator with a stream key, and the ingest that takes in what comes with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from conftest import person
from video import stream_keys
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
