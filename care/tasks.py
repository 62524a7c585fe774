"""The jobs of care: cases of guardians that moved, emails, and what is to be forgotten."""

from celery import shared_task

from care.closing import emails as closing_emails
from care.closing import finishing
from care.guardians import emails, following


@shared_task(name="care.tasks.sweep")
def sweep() -> None:
    """Follow what moved and tell people of it."""
    following.follow_all()
    emails.send_due()
    finishing.finish_due()
    closing_emails.send_due()


@shared_task(name="care.tasks.forget")
def forget() -> None:
    """Take personal data out of cases that were closed long ago."""
    following.forget()
