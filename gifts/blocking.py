"""Blocking the sender of a gift, also an anonymous one."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User
from gifts.models import SentGift
from live.models import Block
from live.moderation import blocks, moderators


def block_sender(*, by: User, key: UUID) -> tuple[Block, bool]:
    """Block the sender of this gift; return the block and whether it is new.

    The creator who got it does that, the creator of its room, or a moderator for them. An anonymous
    sender stays anonymous. Raises `SentGift.DoesNotExist`, `BlocksAModerator`.
    """
    gift = _gift(by, key)
    if not gift.anonymous:
        return moderators.block(by=by, creator=whose(gift, by), user=gift.fan)
    # A refusal would reveal to a moderator that the sender is another moderator.
    return blocks.block_anonymous(
        creator=whose(gift, by),
        user=gift.fan,
        gift=gift.public_id,
        gift_at=gift.created_at,
        by=by,
    )


def unblock_sender(*, by: User, key: UUID) -> Block:
    """Unblock a sender who was blocked by this gift; return what the block was.

    Raises `SentGift.DoesNotExist`, `UnblocksForTheCreator`.
    """
    gift = _gift(by, key)
    creator = whose(gift, by)
    of = {"gift": key} if gift.anonymous else {"gift": None, "user": gift.fan}
    theirs = Block.objects.filter(creator=creator, **of)
    moderators.require_may_unblock(by=by, blocks_of=theirs, creator=creator)
    if gift.anonymous:
        blocks.unblock_anonymous(creator=creator, gift=gift.public_id)
        return Block(creator=creator, user=gift.fan, gift=gift.public_id, gift_at=gift.created_at)
    blocks.unblock(creator=creator, user=gift.fan)
    return Block(creator=creator, user=gift.fan)


def whose(gift: SentGift, by: User) -> User:
    """Return in whose rooms a block by this gift holds: a guest's own, else those of its room."""
    return gift.creator if gift.creator_id == by.pk else gift.stream.creator


def _gift(by: User, key: UUID) -> SentGift:
    mine = Q(stream__in=moderators.streams_moderated_by(by)) | Q(creator=by)
    gifts = SentGift.objects.select_related("fan", "creator", "stream__creator")
    return gifts.filter(mine).get(public_id=key)
