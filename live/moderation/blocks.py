"""Keeping somebody out: a blocked person sees the rooms, but can neither talk nor send gifts."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from live.models import Block


class Blocked(DomainError):
    """The creator keeps this person out."""

    code = "blocked"
    status = 403
    message = _("@%(handle)s has blocked you from chatting.")


class BlockYourself(DomainError):
    """Nobody is kept out of their own rooms."""

    code = "block_yourself"
    status = 422
    message = _("You can't block yourself.")
    field = "handle"


def block(*, creator: User, user: User, by: User | None = None) -> tuple[Block, bool]:
    """Keep a person out by name; return the block and whether it is new.

    `by` is the moderator who did it, if not the creator. Raises `NotACreator`, `BlockYourself`.
    """
    _refuse(creator, user)
    return Block.objects.get_or_create(
        creator=creator, user=user, gift=None, defaults={"by": by or creator}
    )


def block_anonymous(
    *, creator: User, user: User, gift: UUID, gift_at: datetime, by: User | None = None
) -> tuple[Block, bool]:
    """Keep out who sent a gift without a name; nobody learns who it is.

    `by` is the moderator who did it, if not the creator. Raises `NotACreator`, `BlockYourself`.
    """
    _refuse(creator, user)
    return Block.objects.get_or_create(
        creator=creator, user=user, gift=gift, defaults={"gift_at": gift_at, "by": by or creator}
    )


def unblock(*, creator: User, user: User) -> None:
    """Let a person back in who was kept out by name. Nobody who is hidden is touched."""
    Block.objects.filter(creator=creator, user=user, gift=None).delete()


def unblock_anonymous(*, creator: User, gift: UUID) -> None:
    """Take back the block that came with this gift."""
    Block.objects.filter(creator=creator, gift=gift).delete()


def is_blocked(*, creator_id: int, user_id: int) -> bool:
    """Return whether the creator keeps the person out, by name or hidden."""
    return Block.objects.filter(creator_id=creator_id, user_id=user_id).exists()


def blocks_of(creator: User) -> QuerySet[Block]:
    """Return whom the creator keeps out, the newest first."""
    return creator.blocks.select_related("user").order_by("-pk")


def _refuse(creator: User, user: User) -> None:
    require_creator(creator)
    if creator.pk == user.pk:
        raise BlockYourself
