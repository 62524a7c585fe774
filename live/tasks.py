"""The jobs of live: emails about streams, and the figures of who watches."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models import Audience, Notice, Stream

log = logging.getLogger(__name__)

AT_ONCE = 100
MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=5)
MAILS = {
    Notice.Kind.BEGUN: (_("%(name)s is live: %(title)s"), "live/mail/on_air.txt"),
    Notice.Kind.STOPPED: (_("We stopped your stream: %(title)s"), "live/mail/stopped.txt"),
}


@shared_task(name="live.tasks.send_notices")
def send_notices() -> None:
    """Send the emails that are due: claim the rows, send, mark them as sent."""
    for notice in claim():
        try:
            if notice.kind == Notice.Kind.STOPPED or notice.stream.is_on_air:
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
    """Email one person."""
    stream: Stream = notice.stream
    facts = {"stream": stream, "user": notice.user, "site": settings.PUBLIC_URL}
    subject, template = MAILS[Notice.Kind(notice.kind)]
    send_mail(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX
        + subject % {"name": stream.creator.name, "title": stream.title},
        message=render_to_string(template, facts),
        from_email=None,
        recipient_list=[notice.user.email],
    )


@shared_task(name="live.tasks.count_watching")
def count_watching() -> None:
    """Add a minute of everybody who watches now to the streams that are live.

    A minute in which nobody counts is lost: these are figures to look at, not to bill.
    """
    for stream, viewers in Audience.objects.by_stream().items():
        Stream.objects.on_air().filter(pk=stream).update(
            most_viewers=Greatest(F("most_viewers"), viewers),
            watched_minutes=F("watched_minutes") + viewers,
        )
