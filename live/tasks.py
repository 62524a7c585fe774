"""The jobs of live: emails to followers."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from live.models import Notice, Stream

log = logging.getLogger(__name__)

AT_ONCE = 100
MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=5)


@shared_task(name="live.tasks.notify_followers")
def notify_followers() -> None:
    """Send the emails that are due: claim the rows, send, mark them as sent."""
    for notice in claim():
        try:
            if notice.stream.is_on_air:
                send(notice)
        except OSError:
            log.warning("The mail server did not take notice %s; it is tried again.", notice.pk)
            continue
        Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())


@transaction.atomic
def claim() -> list[Notice]:
    """Return notices that no other worker sends now; a dead worker's come back after the lease."""
    now = timezone.now()
    due = list(
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("stream__creator", "user")
        .filter(sent_at__isnull=True, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
        .order_by("due_at")[:AT_ONCE]
    )
    for notice in due:
        notice.due_at, notice.attempts = now + LEASE, notice.attempts + 1
    Notice.objects.bulk_update(due, ["due_at", "attempts"])
    return due


def send(notice: Notice) -> None:
    """Email one follower."""
    stream: Stream = notice.stream
    facts = {"stream": stream, "user": notice.user, "site": settings.PUBLIC_URL}
    send_mail(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX
        + _("%(name)s is live: %(title)s") % {"name": stream.creator.name, "title": stream.title},
        message=render_to_string("live/mail/on_air.txt", facts),
        from_email=None,
        recipient_list=[notice.user.email],
    )
