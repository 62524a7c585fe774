"""The way back to a queue that was gone: worker and beat try every second, for as long as it takes.

Celery waits longer after each failure, up to half a minute, and ends after a hundred: work would
stand still long after the queue is back.
"""

from collections.abc import Callable
from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection

EVERY_S = 1


class SteadyConnection(Connection):
    """A connection that tries again at an even pace."""

    def ensure_connection(  # type: ignore[override]  # what it is asked for here, no more
        self,
        errback: Callable[[Exception, float], None] | None = None,
        max_retries: int | None = None,
        **more: Any,
    ) -> Connection:
        """Return once there is a connection. What fails meanwhile is told to `errback`."""
        pace = {"interval_start": EVERY_S, "interval_step": 0, "interval_max": EVERY_S}
        return super().ensure_connection(errback, max_retries, **pace | more)  # type: ignore[arg-type]  # None: for ever


class SteadyQueues(AMQP):
    """Celery's queues, over connections that try again at an even pace."""

    Connection = SteadyConnection
