"""A creator's rules for their video: whether streams are kept as replays, and who makes clips."""

from django.conf import settings

from accounts.creators import require_creator
from accounts.models import User
from video.models import VideoRules


def rules_of(creator: User) -> VideoRules:
    """Return the creator's rules; those of the site, where they have set none."""
    return VideoRules.objects.filter(creator=creator).first() or VideoRules(
        creator=creator, keep_replays=settings.VIDEO_KEEP_REPLAYS
    )


def set_rules(*, creator: User, keep_replays: bool, clips_by: str | None = None) -> VideoRules:
    """Set the rules: of replays for streams to come, of clips from now on. Raises `NotACreator`."""
    require_creator(creator)
    changes = {"keep_replays": keep_replays} | ({"clips_by": clips_by} if clips_by else {})
    rules, _created = VideoRules.objects.update_or_create(creator=creator, defaults=changes)
    return rules
