"""The job runner.

Tasks only wake a worker: they carry an id or nothing, the rows say whether there is work.
"""

import os

from celery import Celery
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured

from giftplatform.runtime import filesystem_queue  # makes the queue safe to read while written
from giftplatform.runtime.queue_connection import SteadyQueues

__all__ = ["app", "filesystem_queue"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
app = Celery("giftplatform", amqp=SteadyQueues)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_to_work_with_other_money(**signal: object) -> None:
    """End the worker before its first job where the web process would refuse to start, too."""
    from giftplatform.runtime.sandbox_guard import refuse_other_money

    try:
        refuse_other_money()
    except ImproperlyConfigured as refusal:
        # Celery only logs what a signal's receiver raises; the wish to exit passes through.
        raise SystemExit(str(refusal)) from refusal
