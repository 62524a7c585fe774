"""A creator's rules for their video: whether streams are kept as replays, and who makes clips."""

from django.conf import settings
from django.db import transaction

from accounts.creators import require_creator
from accounts.models import User
from video.models import VideoRules
from video.replays.gifts import follow


def rules_of(creator: User) -> VideoRules:
    """Return the creator's rules; those of the site, where they have set none."""
    return VideoRules.objects.filter(creator=creator).first() or VideoRules(
        creator=creator, keep_replays=settings.VIDEO_KEEP_REPLAYS
    )


@transaction.atomic
def set_rules(
    *,
    creator: User,
    keep_replays: bool,
    clips_by: str | None = None,
    gifts_on_replays: bool | None = None,
) -> VideoRules:
    """Set the rules: of keeping for streams to come, of clips and gifts from now on.

    What is not said stays. Raises `NotACreator`.
    """
    require_creator(creator)
    said: dict[str, object] = {"clips_by": clips_by, "gifts_on_replays": gifts_on_replays}
    changes = {name: value for name, value in said.items() if value not in (None, "")}
    rules, _created = VideoRules.objects.update_or_create(
        creator=creator, defaults={"keep_replays": keep_replays, **changes}
    )
    follow(creator.pk)
    return rules
