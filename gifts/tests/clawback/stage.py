"""A fan who buys, sends and disputes."""

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from conftest import person
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Stream
from wallet.models import Purchase
from wallet.tests import stage

FROG = 25  # coins of a moss frog, and as many diamonds


def buyer(handle: str = "frida") -> User:
    """Return a fan past the first week, without a coin."""
    return person(handle, date_joined=timezone.now() - timedelta(days=60))


def bought(fan: User, coins: int) -> Purchase:
    """Return a paid order."""
    return stage.paid(fan, coins)


def sent(fan: User, stream: Stream, quantity: int = 1, days_ago: int = 0) -> SentGift:
    """Send frogs."""
    return send_gift(
        fan=fan,
        stream=stream,
        gift="moss-frog",
        key=uuid.uuid4(),
        quantity=quantity,
        sent_at=timezone.now() - timedelta(days=days_ago) if days_ago else None,
    ).gift
