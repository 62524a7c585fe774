"""The doorbell of goals."""

from celery import shared_task

from overlay import goals


@shared_task(name="overlay.tasks.end_goals")
def end_goals() -> int:
    """End the goals whose time is over; returns how many."""
    return goals.end_due()
