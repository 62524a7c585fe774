"""The folder queue: a read while a message is written finds none, never half of one.

And every queue: nobody waits for it.
"""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

import pytest
from celery import Celery
from kombu import Connection
from kombu.transport import filesystem

from foundation import jobs
from giftplatform.celery import app
from giftplatform.runtime.filesystem_queue import AtomicMessages
from giftplatform.tests.running import wait_until
from testing.ports import free_port


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
    looked: list[str] = []
    with connected(tmp_path) as connection:
        # Kombu keeps per process which queues are bound: this name is no other test's.
        jobs = connection.SimpleQueue("halves")

        def look_first(file: Any, flags: int) -> None:
            # Kombu locks the table of its queues too, before there is a message to read.
            if not str(file.name).endswith(".msg"):
                return
            looked.append(file.name)
            with pytest.raises(json.JSONDecodeError):
                connection.SimpleQueue("halves").get_nowait()

        monkeypatch.setattr(filesystem, "lock", look_first)
        monkeypatch.setattr(filesystem, "unlock", lambda file: None)
        jobs.put({"ring": 1})
        assert looked


@pytest.fixture
def silent() -> Iterator[str]:
    """A Redis that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        yield f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"


def test_nobody_waits_for_a_queue_that_is_silent(
    silent: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Messages wait for a while, and are then lost: the sweeps find the rows."""
    app = Celery("silent", broker=silent, set_as_current=False)
    # Whoever waited for it would be told so, instead of waiting for ever.
    app.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 2}
    monkeypatch.setattr(jobs, "current_app", app)
    monkeypatch.setattr(jobs, "MOST_WAITING", 5)
    monkeypatch.setattr(jobs, "LAST_WORDS_S", 0)
    messenger = jobs.Messenger()
    began = monotonic()
    for number in range(20):
        messenger.take(("wallet.tasks.inspect", (number,)))
    assert monotonic() - began < 1
    assert "The job queue takes nothing; the sweep finds the row" in caplog.text


def test_what_a_queue_does_not_take_holds_up_nothing_that_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Any]] = []
    gone = Celery("gone", broker=f"redis://127.0.0.1:{free_port()}/0", set_as_current=False)
    there = Celery("there", broker="memory://", set_as_current=False)
    monkeypatch.setattr(there, "send_task", lambda name, args, **_: sent.append((name, args)))
    monkeypatch.setattr(jobs, "current_app", gone)
    messenger = jobs.Messenger()
    messenger.take(("wallet.tasks.sweep", ()))
    wait_until(lambda: not messenger.waiting, "the message was not lost")
    monkeypatch.setattr(jobs, "current_app", there)
    messenger.take(("wallet.tasks.inspect", (7,)))
    wait_until(lambda: sent == [("wallet.tasks.inspect", (7,))], "the message was not sent")


class EnoughError(Exception):
    """The end of a test that would wait for ever."""


def test_a_worker_comes_back_to_a_queue_within_a_second_or_two() -> None:
    """Celery's own pace slows down to a try in half a minute, and ends after a hundred."""
    gone = f"redis://127.0.0.1:{free_port()}/0"
    waited: list[float] = []

    def seen(trouble: Exception, pause: float) -> None:
        waited.append(pause)
        if len(waited) == 3:
            raise EnoughError

    with app.connection_for_read(gone) as connection, pytest.raises(EnoughError):
        connection.ensure_connection(seen, app.conf.broker_connection_max_retries)
    assert waited == [1, 1, 1]
    assert app.conf.broker_connection_max_retries is None
