"""Payouts' jobs: doorbells. The rows say what is due."""

from celery import shared_task

from payouts import automatic, letters


@shared_task(name="payouts.tasks.sweep")
def sweep() -> None:
    """Do what is due: weekly requests, checks, word to staff, letters."""
    automatic.ask_weekly()
    automatic.check_requested()
    automatic.tell_staff_of_late()
    letters.tell_all()
