"""Who may make a clip of a creator's streams, and who may delete one."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from live.models import Follow, Stream
from live.moderation import blocks
from live.moderation.moderators import may_moderate
from live.streams.adults import require_watching
from video.models import Clip, VideoRules
from video.replays.rules import rules_of


class MayNotClip(DomainError):
    """The creator lets only others make clips."""

    code = "may_not_clip"
    status = 403
    message = _("%(who)s can make clips of @%(handle)s. Ask @%(handle)s to change that.")


class FollowToClip(DomainError):
    """The creator lets followers make clips."""

    code = "follow_to_clip"
    status = 403
    message = _("Followers of @%(handle)s can make clips. You can follow them, and try again.")


def may_clip(user: User, stream: Stream) -> bool:
    """Return whether the person may make clips of a stream."""
    try:
        require_clipper(user, stream)
    except DomainError:
        return False
    return True


def require_clipper(user: User, stream: Stream) -> None:
    """Return if the person may make clips. Raises `MayNotClip`, `FollowToClip`,
    `Blocked`, `AdultsOnly`.
    """
    creator = stream.creator
    if user.pk == creator.pk:
        return
    require_watching(user, stream)
    if blocks.is_blocked(creator_id=creator.pk, user_id=user.pk):
        raise blocks.Blocked(handle=creator.handle)
    allowed = rules_of(creator).clips_by
    if allowed == VideoRules.Clippers.NOBODY:
        raise MayNotClip(who=_("Only they themselves"), handle=creator.handle)
    if allowed == VideoRules.Clippers.EVERYBODY or may_moderate(user=user, creator_id=creator.pk):
        return
    if allowed == VideoRules.Clippers.MODERATORS:
        raise MayNotClip(who=_("Only moderators"), handle=creator.handle)
    if not Follow.objects.filter(user=user, creator=creator).exists():
        raise FollowToClip(handle=creator.handle)


def may_delete(user: User, clip: Clip) -> bool:
    """Return whether the person may delete a clip: who made it, and whose stream it shows."""
    return user.pk in {clip.by_id, clip.stream.creator_id}
