"""Gifts on replays: a stream that has ended takes them for as long as its replay can be watched.

The streams' own rows say so (`Stream.gifts_until`): whoever sends a gift looks at nothing else.
"""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from live.streams.after_end import take_gifts
from video.models import Replay, VideoRules


@transaction.atomic
def follow(creator_id: int) -> None:
    """Let a creator's streams take gifts as their replays and their rules are now.

    Called in the transaction of every change of either, after it.
    """
    User.objects.select_for_update(no_key=True).get(pk=creator_id)
    ready = Replay.objects.filter(stream__creator=creator_id, state=Replay.State.READY)
    if VideoRules.objects.filter(creator=creator_id, gifts_on_replays=False).exists():
        ready = ready.none()
    until = {pk: keep for pk, keep in ready.values_list("stream_id", "keep_until") if keep}
    take_gifts(creator_id=creator_id, until=until)


@transaction.atomic
def remove(replays: QuerySet[Replay]) -> None:
    """Delete replays; their streams take no more gifts."""
    creators = set(replays.order_by().values_list("stream__creator", flat=True))
    replays.delete()
    for creator_id in sorted(creators):
        follow(creator_id)
