"""Payouts' jobs. They only wake the worker; the rows say what is due."""

from celery import shared_task

from payouts import emails
from payouts.requests import automatic
from payouts.statements import folder


@shared_task(name="payouts.tasks.sweep")
def sweep() -> None:
    """Do what is due: weekly requests, checks, notes to staff, emails."""
    automatic.ask_weekly()
    automatic.send_again()
    automatic.check_requested()
    automatic.flag_late_payouts()
    emails.send_due()


@shared_task(name="payouts.tasks.read_folder")
def read_folder() -> None:
    """Read the bank statements that were put into the folder."""
    folder.read_all()
