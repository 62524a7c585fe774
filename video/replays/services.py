"""Deleting and taking down replays. The rows go first, the files follow within minutes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from foundation.texts import clean
from video.models import Clip, Replay
from video.replays.gifts import follow, remove

LONGEST_REASON = 200


class StillRecording(DomainError):
    """The stream of the replay goes on, or has just ended."""

    code = "still_recording"
    message = _("This replay is still being recorded. End that stream first.")


class ReasonMissing(DomainError):
    """Staff gave no reason that its creator could read."""

    code = "reason_missing"
    status = 422
    message = _("Enter a reason. The creator reads it.")
    field = "reason"


def stated(reason: str) -> str:
    """Return the reason as its creator reads it. Raises `ReasonMissing`."""
    reason = clean(reason)[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    return reason


@transaction.atomic
def delete(*, replay: Replay) -> None:
    """Delete a replay for good, as its creator. Raises `StillRecording`."""
    mine = Replay.objects.select_for_update().get(pk=replay.pk)
    if mine.state == Replay.State.RECORDING:
        raise StillRecording
    remove(Replay.objects.filter(pk=mine.pk))


@transaction.atomic
def take_down(replay: Replay, *, by: User, reason: str) -> None:
    """Delete a replay's video for a reason, which its creator reads. It can still be recording.

    Raises `ReasonMissing`.
    """
    reason = stated(reason)
    mine = Replay.objects.select_for_update().get(pk=replay.pk)
    if mine.state == Replay.State.REMOVED:
        return
    mine.broadcasts.update(replay=None)
    mine.state, mine.folder, mine.parts = Replay.State.REMOVED, "", []
    mine.taken_down_by, mine.reason = by, reason
    mine.save(update_fields=["state", "folder", "parts", "taken_down_by", "reason"])
    follow(mine.stream.creator_id)


@transaction.atomic
def forget(user: User) -> None:
    """Delete what is kept of a leaving person's video; their clips of others lose the name."""
    remove(Replay.objects.filter(stream__creator=user))
    Clip.objects.filter(stream__creator=user).delete()
    Clip.objects.filter(by=user).update(by=None)
