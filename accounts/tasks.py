"""Accounts' jobs. They only wake the worker; the rows say what is due."""

import logging

from celery import shared_task
from django.conf import settings

from accounts import rights, traces
from accounts.pictures import services as pictures

log = logging.getLogger(__name__)


@shared_task(name="accounts.tasks.tell_rights")
def tell_rights() -> None:
    """Tell superusers which rights of staff were changed."""
    rights.tell_due()


@shared_task(name="accounts.tasks.prune_traces")
def prune_traces() -> None:
    """Forget what accounts were used with too long ago."""
    pruned = traces.prune(older_than_days=settings.TRACE_DAYS)
    log.info("Traces older than %s days forgotten: %s.", settings.TRACE_DAYS, pruned)


@shared_task(name="accounts.tasks.sweep_pictures")
def sweep_pictures() -> None:
    """Delete files of creators' pictures that no row names any more."""
    swept = pictures.sweep()
    log.info("Pictures that nobody shows any more deleted: %s.", swept)
