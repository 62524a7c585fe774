"""Keeping out whoever sent a gift."""

from uuid import UUID

from accounts.models import User
from gifts.models import SentGift
from live import blocks
from live.models import Block


def block_sender(*, creator: User, key: UUID) -> tuple[Block, bool]:
    """Keep out who sent the creator this gift; return the block and whether it is new.

    Somebody who sent it without a name stays without one. Raises `SentGift.DoesNotExist`.
    """
    gift = SentGift.objects.select_related("fan").get(creator=creator, public_id=key)
    if gift.anonymous:
        return blocks.block_hidden(
            creator=creator, user=gift.fan, gift=gift.public_id, gift_at=gift.created_at
        )
    return blocks.block(creator=creator, user=gift.fan)


def unblock_sender(*, creator: User, key: UUID) -> Block:
    """Let back in who was kept out by this gift; return what the block was.

    Raises `SentGift.DoesNotExist`.
    """
    gift = SentGift.objects.select_related("fan").get(creator=creator, public_id=key)
    if gift.anonymous:
        blocks.unblock_hidden(creator=creator, gift=gift.public_id)
        return Block(creator=creator, user=gift.fan, gift=gift.public_id, gift_at=gift.created_at)
    blocks.unblock(creator=creator, user=gift.fan)
    return Block(creator=creator, user=gift.fan)
