"""The folder queue: who reads while a message is written finds none, never half of one."""

import json
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from giftplatform.runtime.filesystem_queue import AtomicMessages


def connected(folder: Path) -> Connection:
    (folder / "control").mkdir()
    options = {
        "data_folder_in": folder,
        "data_folder_out": folder,
        "control_folder": folder / "control",
    }
    return Connection("filesystem://", transport_options=options)


def test_a_reader_in_the_middle_of_writing_finds_nothing_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace
    with connected(tmp_path) as connection:
        jobs = connection.SimpleQueue("jobs")

        def look_first(self: Path, target: Path) -> Path:
            with pytest.raises(Empty):
                connection.SimpleQueue("jobs").get_nowait()
            return real(self, target)

        monkeypatch.setattr(Path, "replace", look_first)
        jobs.put({"ring": 1})
        assert jobs.get(timeout=60).payload == {"ring": 1}


def test_control_kombus_own_way_shows_half_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filesystem.Transport, "Channel", AtomicMessages.__mro__[1])
    with connected(tmp_path) as connection:
        jobs = connection.SimpleQueue("jobs")

        def look_first(file: Any, flags: int) -> None:
            with pytest.raises(json.JSONDecodeError):
                connection.SimpleQueue("jobs").get_nowait()

        monkeypatch.setattr(filesystem, "lock", look_first)
        monkeypatch.setattr(filesystem, "unlock", lambda file: None)
        jobs.put({"ring": 1})
