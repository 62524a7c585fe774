"""Waking the worker by the job's name: the job itself calls the services that wake it."""

from foundation.jobs import nudge


def wake_worker() -> None:
    """Have the payouts' job run after commit. If the request is lost, the sweep finds the rows."""
    nudge("payouts.tasks.sweep")
