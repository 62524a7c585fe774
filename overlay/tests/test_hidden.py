"""Hidden messages stay hidden when alerts are shown again."""

import uuid

import pytest

from accounts.models import User
from gifts.sending.services import send_gift
from live.models import Hidden, Stream
from live.moderation import hiding
from overlay.services import alerts_replay

pytestmark = pytest.mark.django_db


def test_no_replay_shows_a_hidden_message(bob: User, alice: User, stream: Stream) -> None:
    other = send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="Kind words"
    ).gift
    sent = send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="Rude words"
    ).gift
    alerts_replay(creator=bob, last=2)
    hiding.hide_message(by=bob, stream=stream, gift=sent.public_id)
    alerts_replay(creator=bob, last=2)
    events = list(stream.events.order_by("pk"))
    assert "Rude words" not in str([event.payload for event in events])
    shown = [event.payload["gifts"] for event in events if event.kind == "alerts"]
    for gifts in shown:
        assert [(one["id"], one["message"]) for one in gifts] == [
            (str(other.public_id), "Kind words"),
            (str(sent.public_id), ""),
        ]
    sent.refresh_from_db()
    assert (sent.message, Hidden.objects.get().words) == ("Rude words", "Rude words")
