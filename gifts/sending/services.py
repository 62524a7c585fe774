"""Sending, undoing, thanking."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

import ledger
from accounts.models import User
from foundation.errors import DomainError
from gifts.models import SentGift
from gifts.naming import name_in_room, receiver_name
from gifts.sending.refusals import AlreadyUndone, UndoTooLate
from gifts.sending.send import Send, Sent, call, call_micro_batched, outcome_of
from live.feed.events import publish
from live.models import Stream


def send_gift(  # noqa: PLR0913  # a send is these things; a parameter object would only hide them
    *,
    fan: User,
    stream: Stream | UUID,
    gift: str,
    key: UUID,
    quantity: int = 1,
    message: str = "",
    combo: UUID | None = None,
    anonymous: bool = False,
    confirmed: bool = False,
    to: UUID | None = None,
    moment: datetime | None = None,
    sent_at: datetime | None = None,
) -> Sent:
    """Send a gift (by slug, into a stream or its public id) in one statement; return it and the
    coins left. Raises `GiftRefused` and its kinds, `KeyReused`. The rest is as in `Send`.
    """
    send = Send(
        fan=fan,
        stream=stream,
        gift=gift,
        key=key,
        quantity=quantity,
        message=message,
        combo=combo,
        anonymous=anonymous,
        confirmed=confirmed,
        to=to,
        moment=moment,
        sent_at=sent_at,
    )
    outcome = send.unwritable or outcome_of(call_micro_batched(send))
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def send_batch(sends: Sequence[Send]) -> list[Sent | DomainError]:
    """Send many in one round trip; return for each, in order, what was sent or why it was not.

    Each is decided as if they had come one after the other.
    """
    unwritable = [send.unwritable for send in sends]
    asked = [send for send, reason in zip(sends, unwritable, strict=True) if reason is None]
    answers = iter(call(asked) if asked else [])
    return [reason or outcome_of(next(answers)) for reason in unwritable]


@transaction.atomic
def undo_gift(*, fan: User, key: UUID) -> SentGift:
    """Undo a gift within its window: coins and diamonds return exactly, and the room sees it.

    Undoing twice is undoing once. Raises `SentGift.DoesNotExist`, `UndoTooLate`.
    """
    locked = SentGift.objects.select_for_update(of=("self",)).select_related("stream", "creator")
    gift = locked.get(fan=fan, public_id=key)
    if gift.undone_at:
        return gift
    if timezone.now() > gift.undo_until or gift.released_at or gift.frozen:
        raise UndoTooLate
    answer = ledger.post_one(
        key=f"undo:{gift.public_id}", kind="undo", reverses=f"gift:{gift.public_id}"
    )
    gift.undone_at = ledger.moment_of(answer)
    gift.save(update_fields=["undone_at"])
    publish(
        stream_id=gift.stream_id,
        kind="undo",
        payload={
            "id": str(gift.public_id),
            "combo": str(gift.combo or ""),
            "coins": gift.coins,
            "quantity": gift.quantity,
            **({"to_handle": gift.creator.handle} if gift.to_guest else {}),
        },
        moment=gift.moment,
    )
    return gift


@transaction.atomic
def thank(*, creator: User, key: UUID) -> SentGift:
    """Thank for a gift; the room sees it once. Raises `SentGift.DoesNotExist`, `AlreadyUndone`."""
    gift = (
        SentGift.objects.select_for_update(of=("self",))
        .select_related("fan", "gift", "stream", "creator")
        .get(creator=creator, public_id=key)
    )
    if gift.undone_at:
        raise AlreadyUndone
    if gift.thanked_at is None:
        gift.thanked_at = timezone.now()
        gift.save(update_fields=["thanked_at"])
        publish(
            stream_id=gift.stream_id,
            kind="thanks",
            payload={
                "id": str(gift.public_id),
                "to": name_in_room(gift),
                "gift": gift.gift.slug,
                "name": gift.gift.name,
                "by": receiver_name(gift),
            },
            moment=gift.moment,
        )
    return gift
