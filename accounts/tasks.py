"""Accounts' jobs. They only wake the worker; the rows say what is due."""

from celery import shared_task

from accounts import rights


@shared_task(name="accounts.tasks.tell_rights")
def tell_rights() -> None:
    """Tell superusers which rights of staff were changed."""
    rights.tell_due()
