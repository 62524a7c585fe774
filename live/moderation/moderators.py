"""Moderators: people who may hide messages and block people in a creator's rooms."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from live.models import Block, Moderator, Stream
from live.moderation import blocks

MOST_MODERATORS = 50


class NotAModerator(DomainError):
    """The person is neither the creator nor a moderator."""

    code = "not_a_moderator"
    status = 403
    message = _("Only @%(handle)s and their moderators can do this. Ask them to add you.")


class ModerateYourself(DomainError):
    """A creator cannot be their own moderator."""

    code = "moderate_yourself"
    status = 422
    message = _("You can't add yourself as a moderator. Enter somebody else's handle.")
    field = "handle"


class TooManyModerators(DomainError):
    """The creator has as many moderators as allowed."""

    code = "too_many_moderators"
    status = 422
    message = _("You already have %(most)s moderators. Remove one first.")
    field = "handle"


class BlocksAModerator(DomainError):
    """A moderator cannot block another one."""

    code = "blocks_a_moderator"
    status = 403
    message = _(
        "@%(moderator)s is a moderator here. Only @%(handle)s can block them. Ask @%(handle)s to."
    )


class UnblocksForTheCreator(DomainError):
    """A moderator cannot unblock a person whom the creator blocked."""

    code = "unblocks_for_the_creator"
    status = 403
    message = _("Only @%(handle)s can unblock someone they blocked. Ask them to.")


@transaction.atomic
def appoint(*, creator: User, user: User) -> tuple[Moderator, bool]:
    """Make a person a moderator; return the moderator and whether that is new.

    Raises `NotACreator`, `ModerateYourself`, `TooManyModerators`.
    """
    require_creator(creator)
    if creator.pk == user.pk:
        raise ModerateYourself
    User.objects.select_for_update().get(pk=creator.pk)
    others = creator.moderators.exclude(user=user)
    if others.count() >= MOST_MODERATORS:
        raise TooManyModerators(most=MOST_MODERATORS)
    return Moderator.objects.get_or_create(creator=creator, user=user)


def dismiss(*, creator: User, user: User) -> None:
    """Remove a moderator. Repeating this changes nothing. Raises `NotACreator`."""
    require_creator(creator)
    Moderator.objects.filter(creator=creator, user=user).delete()


def moderators_of(creator: User) -> QuerySet[Moderator]:
    """Return the creator's moderators, the newest first."""
    return creator.moderators.select_related("user").order_by("-pk")


def streams_moderated_by(user: User) -> QuerySet[Stream]:
    """Return the person's own streams and those that they moderate."""
    helped = Moderator.objects.filter(user=user).values("creator")
    return Stream.objects.filter(Q(creator=user) | Q(creator__in=helped))


def may_moderate(*, user: User, creator_id: int) -> bool:
    """Return whether the person is the creator or one of their moderators."""
    mine = user.pk == creator_id
    return mine or Moderator.objects.filter(creator_id=creator_id, user=user).exists()


def require_moderator(*, user: User, stream: Stream) -> None:
    """Return if the person may moderate this stream. Raises `NotAModerator`."""
    if not may_moderate(user=user, creator_id=stream.creator_id):
        raise NotAModerator(handle=stream.creator.handle)


def block(*, by: User, creator: User, user: User) -> tuple[Block, bool]:
    """Block a person in the creator's rooms; return the block and whether it is new.

    Raises `NotAModerator`, `BlocksAModerator`, `NotACreator`, `BlockYourself`.
    """
    require_may_block(by=by, creator=creator, user=user)
    return blocks.block(creator=creator, user=user, by=by)


def require_may_unblock(*, by: User, blocks_of: QuerySet[Block], creator: User) -> None:
    """Return if `by` may remove these blocks: the creator any, a moderator those of moderators.

    Raises `UnblocksForTheCreator`.
    """
    if by.pk != creator.pk and blocks_of.filter(Q(by=creator) | Q(by=None)).exists():
        raise UnblocksForTheCreator(handle=creator.handle)


def require_may_block(*, by: User, creator: User, user: User) -> None:
    """Return if `by` may block the person in the creator's rooms.

    Raises `NotAModerator`, `BlocksAModerator`.
    """
    if by.pk == creator.pk:
        return
    if not may_moderate(user=by, creator_id=creator.pk):
        raise NotAModerator(handle=creator.handle)
    if may_moderate(user=user, creator_id=creator.pk) and user.pk != creator.pk:
        raise BlocksAModerator(moderator=user.handle, handle=creator.handle)
