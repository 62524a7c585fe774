"""A creator's rules for their video: whether their streams are kept as replays."""

from django.conf import settings

from accounts.creators import require_creator
from accounts.models import User
from video.models import VideoRules


def rules_of(creator: User) -> VideoRules:
    """Return the creator's rules; those of the site, where they have set none."""
    return VideoRules.objects.filter(creator=creator).first() or VideoRules(
        creator=creator, keep_replays=settings.VIDEO_KEEP_REPLAYS
    )


def set_rules(*, creator: User, keep_replays: bool) -> VideoRules:
    """Set the rules for streams to come; what is recorded now goes on. Raises `NotACreator`."""
    require_creator(creator)
    rules, _created = VideoRules.objects.update_or_create(
        creator=creator, defaults={"keep_replays": keep_replays}
    )
    return rules
