"""The uploads that wait to be drawn: a worker claims them, draws, and settles them."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.jobs import nudge
from gifts.models import Gift, Upload
from gifts.stage import uploads
from gifts.stage.rendering.render import Outcome, RendererFailed, render

log = logging.getLogger(__name__)

AT_ONCE = 10
MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=10)
RETRY = timedelta(minutes=1)
TASK = "gifts.tasks.draw_uploads"


@transaction.atomic
def submit(*, gift: Gift, part: Upload.Part, data: bytes, found: uploads.Inspected) -> Upload:
    """Keep an inspected file, which the gift shows once it was drawn. An older one that waits goes.

    Returns the upload.
    """
    Gift.objects.select_for_update().get(pk=gift.pk)
    withdraw(gift=gift, part=part)
    upload = Upload.objects.create(gift=gift, part=part, path=uploads.keep(data, found))
    nudge(TASK)
    return upload


def withdraw(*, gift: Gift, part: Upload.Part) -> None:
    """Forget the upload that waits to become this part of the gift."""
    gift.uploads.filter(part=part, state=Upload.State.WAITING).delete()


def draw_due() -> int:
    """Draw the uploads that wait; return how many were settled."""
    return sum(draw(upload) for upload in claim())


@transaction.atomic
def claim() -> list[Upload]:
    """Return uploads that no other worker draws now; a dead worker's come back after the lease."""
    due = list(Upload.objects.due().select_for_update(skip_locked=True)[:AT_ONCE])
    for upload in due:
        upload.due_at = timezone.now() + LEASE
        upload.attempts += 1
    Upload.objects.bulk_update(due, ["due_at", "attempts"])
    return due


def draw(upload: Upload) -> bool:
    """Draw one upload and settle it; return whether it is settled."""
    if upload.attempts > MOST_ATTEMPTS:
        return settle(upload, Outcome(0, failed()))
    try:
        with default_storage.open(upload.path.removeprefix("/media/")) as file:
            outcome = render(file.read(), upload.path.rpartition(".")[2])
    except (OSError, RendererFailed):
        log.exception("Upload %s could not be drawn here; it is tried again.", upload.pk)
        waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING)
        waiting.update(due_at=timezone.now() + RETRY)
        return False
    return settle(upload, outcome)


def failed() -> str:
    """Return what is said of an upload that no worker could draw."""
    said = _("The site could not draw it in %(most)s attempts. Upload it again.")
    return said % {"most": MOST_ATTEMPTS}


@transaction.atomic
def settle(upload: Upload, outcome: Outcome) -> bool:
    """Write down how the drawing ended, and let the gift show what was drawn.

    Returns False for an upload that was withdrawn, or settled by another worker.
    """
    drawn = not outcome.sentence
    changes: dict[str, object] = {
        "state": Upload.State.DRAWN if drawn else Upload.State.REFUSED,
        "took_ms": outcome.took_ms,
        "sentence": outcome.sentence,
    }
    if outcome.picture:
        changes["poster"] = uploads.keep(outcome.picture, uploads.Inspected("png"))
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING)
    if not waiting.update(**changes):
        return False
    if drawn:
        Gift.objects.filter(pk=upload.gift_id).update(**{upload.part: upload.path})
    return True
