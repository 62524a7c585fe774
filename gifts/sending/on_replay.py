"""Gifts on a replay, as the page of their sender shows them: no live event brings them there."""

import json
from collections.abc import Iterable
from uuid import UUID

from gifts.models import SentGift
from live.models import Event


def shown_on_replay(gifts: Iterable[SentGift]) -> dict[UUID, str]:
    """Return the events of those gifts that were sent on a replay, as JSON, by the gifts' keys."""
    late = {str(gift.public_id): gift for gift in gifts if gift.moment}
    if not late:
        return {}
    events = Event.objects.filter(
        stream__in={gift.stream_id for gift in late.values()},
        moment__in={gift.moment for gift in late.values()},
        kind="gift",
    )
    return {
        late[event.payload["id"]].public_id: json.dumps({**event.payload, "event_id": event.pk})
        for event in events
        if event.payload["id"] in late
    }
