"""A stream that is over and takes gifts on its replay, for tests."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from live.models import Stream
from live.streams.after_end import take_gifts

LASTED = timedelta(hours=2)


def over(creator: User, *, days: int = 30, title: str = "Last night") -> Stream:
    """Return a stream that ended an hour ago and takes gifts for so many days more."""
    ended = timezone.now() - timedelta(hours=1)
    stream = Stream.objects.create(
        creator=creator,
        title=title,
        state=Stream.State.ENDED,
        started_at=ended - LASTED,
        ended_at=ended,
    )
    take_gifts(creator_id=creator.pk, until={stream.pk: timezone.now() + timedelta(days=days)})
    stream.refresh_from_db()
    return stream


def moment_of(stream: Stream, second: float) -> datetime:
    """Return the moment so many seconds into the stream."""
    assert stream.started_at
    return stream.started_at + timedelta(seconds=second)
