"""The site's own jobs."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone


@shared_task(name="giftplatform.tasks.heartbeat")
def heartbeat() -> None:
    """Leave the time, so that `/readyz` can tell whether jobs run."""
    cache.set("jobs:last-sweep", timezone.now(), timeout=None)
