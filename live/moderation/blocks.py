"""Blocks: a blocked person sees the rooms, but can neither chat nor send gifts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from live import seats
from live.models import Block


class Blocked(DomainError):
    """The creator has blocked this person."""

    code = "blocked"
    status = 403
    message = _("@%(handle)s has blocked you from chatting. You can still watch.")


class BlockYourself(DomainError):
    """A creator cannot block themselves."""

    code = "block_yourself"
    status = 422
    message = _("You can't block yourself. Enter somebody else's handle.")
    field = "handle"


@transaction.atomic
def block(*, creator: User, user: User, by: User | None = None) -> tuple[Block, bool]:
    """Block a person by name; return the block and whether it is new. A guest is taken off.

    `by` is the moderator who did it, if not the creator. Raises `NotACreator`, `BlockYourself`.
    """
    _refuse(creator, user)
    made = Block.objects.get_or_create(
        creator=creator, user=user, gift=None, defaults={"by": by or creator}
    )
    seats.take_off(creator=creator, user=user, by=by or creator)
    return made


def block_anonymous(
    *, creator: User, user: User, gift: UUID, gift_at: datetime, by: User | None = None
) -> tuple[Block, bool]:
    """Block the sender of an anonymous gift without revealing who it is.

    `by` is the moderator who did it, if not the creator. Raises `NotACreator`, `BlockYourself`.
    """
    _refuse(creator, user)
    return Block.objects.get_or_create(
        creator=creator, user=user, gift=gift, defaults={"gift_at": gift_at, "by": by or creator}
    )


def unblock(*, creator: User, user: User) -> None:
    """Remove the block by name. Blocks by anonymous gifts stay. Raises `NotACreator`."""
    require_creator(creator)
    Block.objects.filter(creator=creator, user=user, gift=None).delete()


def unblock_anonymous(*, creator: User, gift: UUID) -> None:
    """Remove the block by this gift. Raises `NotACreator`."""
    require_creator(creator)
    Block.objects.filter(creator=creator, gift=gift).delete()


def is_blocked(*, creator_id: int, user_id: int) -> bool:
    """Return whether the creator has blocked the person, by name or by an anonymous gift."""
    return Block.objects.filter(creator_id=creator_id, user_id=user_id).exists()


def blocks_of(creator: User) -> QuerySet[Block]:
    """Return the creator's blocks, the newest first."""
    return creator.blocks.select_related("user").order_by("-pk")


def _refuse(creator: User, user: User) -> None:
    require_creator(creator)
    if creator.pk == user.pk:
        raise BlockYourself
