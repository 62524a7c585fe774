"""Blocks, made through the services."""

import uuid
from datetime import UTC, datetime

from accounts.models import User
from live.models import Block
from live.moderation import blocks

MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def block(creator: User, user: User) -> Block:
    return blocks.block(creator=creator, user=user)[0]


def hide(creator: User, user: User) -> Block:
    return blocks.block_anonymous(creator=creator, user=user, gift=uuid.uuid4(), gift_at=MORNING)[0]
