"""A gift to the creator of a stream, or to one of its guests."""

import uuid
from typing import Any

from accounts.models import User
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Stream


def send(fan: User, stream: Stream, to: User | None, **more: Any) -> SentGift:
    press: dict[str, Any] = {"gift": "moss-frog", "key": uuid.uuid4()} | more
    return send_gift(fan=fan, stream=stream, to=to.public_id if to else None, **press).gift
