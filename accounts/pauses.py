"""Pauses from spending: a time-out or a self-exclusion that a person asks for and nobody ends."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import SpendingPause, User
from foundation.errors import DomainError
from foundation.moments import STYLES

Length = SpendingPause.Length


class SpendingPaused(DomainError):
    """The person paused spending."""

    code = "spending_paused"
    status = 403
    message = gettext_lazy("You paused spending %(until)s. You can still watch and chat.")


class PauseRuns(DomainError):
    """The pause that runs lasts as long, or longer."""

    code = "pause_runs"
    message = gettext_lazy("Your pause already lasts %(until)s. Choose a longer one.")
    field = "length"


def paused_until(user: User) -> datetime | None:
    """Return until when a person's pause lasts; nothing while there is none."""
    until = user.spending_paused_until
    return until if until and until > timezone.now() else None


def until_words(until: datetime) -> str:
    """Return the end of a pause as a sentence names it: until 3 Mar 2027, 14:05 UTC; for good."""
    if until >= SpendingPause.FOREVER:
        return _("for good")
    at = date_format(timezone.localtime(until), STYLES["datetime"])
    return _("until %(moment)s") % {"moment": at}


def refuse_paused(user: User) -> None:
    """Raise `SpendingPaused` while a pause lasts."""
    if until := paused_until(user):
        raise SpendingPaused(until=until_words(until))


@transaction.atomic
def take_pause(*, user: User, length: str) -> SpendingPause:
    """Pause a person's buying and sending from now on. Raises `PauseRuns`.

    What was bought stays; orders that were paid are credited, and refunds go on.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    now = timezone.now()
    lasts = SpendingPause.LASTS.get(Length(length))
    until = now + lasts if lasts else SpendingPause.FOREVER
    if (running := paused_until(locked)) and running >= until:
        raise PauseRuns(until=until_words(running))
    pause = SpendingPause.objects.create(user=locked, length=length, asked_at=now, until=until)
    user.refresh_from_db(fields=["spending_paused_until"])
    return pause
