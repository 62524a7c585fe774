"""Waking a worker for a job after commit, and more time for a long job."""

import atexit
import logging
import os
from queue import Empty, Full, Queue
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any

from celery import Task, current_app
from django.db import connection, transaction

log = logging.getLogger(__name__)
Message = tuple[str, tuple[int | str, ...]]
MOST_WAITING = 1_000
LAST_WORDS_S = 1  # for what a process that ends has not sent yet


class Messenger:
    """Sends messages from a thread of its own, so that nobody waits for the job queue.

    A queue that is gone takes six seconds to say so, and one that is silent never says anything.
    Messages may be lost; what is more than `MOST_WAITING` is.
    """

    def __init__(self) -> None:
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)
        atexit.register(self._last_words)

    def _start_anew(self) -> None:
        self._waiting: Queue[Message] = Queue(MOST_WAITING)
        self._starting = Lock()
        self._thread: Thread | None = None

    def take(self, message: Message) -> None:
        """Return at once; the message is on its way, or lost."""
        try:
            self._waiting.put_nowait(message)
        except Full:
            log.warning("The job queue takes nothing; the sweep finds the row of %s.", message[0])
            return
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._send, name="nudges", daemon=True)
                self._thread.start()

    def _send(self) -> None:
        while True:
            name, ids = self._waiting.get()
            try:
                current_app.send_task(name, args=ids, retry=False)
            except Exception:
                log.warning("The job queue did not take %s; the sweep finds the row.", name)
                self._forget()
            finally:
                self._waiting.task_done()

    def _forget(self) -> None:
        """Lose what came meanwhile: each would wait as long, and the sweeps are there sooner."""
        try:
            while True:
                self._waiting.get_nowait()
                self._waiting.task_done()
        except Empty:
            pass

    @property
    def waiting(self) -> int:
        """How many messages are not sent and not lost yet."""
        return self._waiting.unfinished_tasks

    def _last_words(self) -> None:
        until = monotonic() + LAST_WORDS_S
        while self.waiting and monotonic() < until:
            sleep(0.01)


_messenger = Messenger()


def nudge(task: "Task[Any, Any] | str", *ids: int | str) -> None:
    """Ask for a task, or for the task of a name, to run once the transaction is committed.

    Nobody waits for the queue. If the message is lost, the sweep finds the row.
    """
    name = task if isinstance(task, str) else task.name
    transaction.on_commit(lambda: _messenger.take((name, ids)))


def take_time(minutes: int) -> None:
    """Let this transaction, and each of its statements, last longer than the site's bounds."""
    with connection.cursor() as cursor:
        # A running transaction's clock is set anew only after it was stopped. 0 stops it.
        for bound in ("0", f"{minutes}min"):
            cursor.execute(
                "SELECT set_config(name, %s, true) FROM pg_settings"
                " WHERE name IN ('statement_timeout', 'transaction_timeout')",
                [bound],
            )
