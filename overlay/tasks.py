"""The jobs of goals and automatic thanks."""

from celery import shared_task

from overlay import goals, thanks


@shared_task(name="overlay.tasks.end_goals")
def end_goals() -> int:
    """End the goals whose time is over; returns how many."""
    return goals.end_due()


@shared_task(name="overlay.tasks.say_thanks")
def say_thanks() -> int:
    """Thank for the gifts whose creators want that done; returns for how many."""
    return thanks.thank_due()
