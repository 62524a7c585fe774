"""The doorbell of releases."""

from celery import shared_task

from gifts import release as hold


@shared_task(name="gifts.tasks.release")
def release() -> int:
    """Release what has served its hold; returns the diamonds that moved."""
    return hold.release_due()
