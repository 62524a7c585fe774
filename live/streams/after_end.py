"""Which of a creator's ended streams take gifts, and until when."""

from collections.abc import Mapping
from datetime import datetime

from live.models import Stream


def take_gifts(*, creator_id: int, until: Mapping[int, datetime]) -> None:
    """Let these ended streams of a creator (by id) take gifts until then, and no others of theirs.

    The caller locks the creator, so that one change comes after the other.
    """
    theirs = Stream.objects.filter(creator=creator_id)
    theirs.filter(gifts_until__isnull=False).exclude(pk__in=until).update(gifts_until=None)
    for pk, moment in until.items():
        ended = theirs.filter(pk=pk, state=Stream.State.ENDED, started_at__isnull=False)
        ended.exclude(gifts_until=moment).update(gifts_until=moment)
