"""Sending, taking back, thanking."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from gifts.models import SentGift
from gifts.refusals import REFUSALS, SPANS, AlreadyUndone, GiftRefused, UndoTooLate
from live.models import Stream
from live.services import announce, record
from wallet import ledger

LARGEST_INT = 2**31 - 1  # what PostgreSQL's function takes


@dataclass(frozen=True)
class Sent:
    """A gift that is on its way.

    `already`: this key was sent before, and this is that first answer.
    """

    gift: SentGift
    already: bool
    balance: int


def send_gift(  # noqa: PLR0913  # a send is these things; a parameter object would only hide them
    *,
    fan: User,
    stream: Stream,
    gift: str,
    key: UUID,
    quantity: int = 1,
    message: str = "",
    combo: UUID | None = None,
    anonymous: bool = False,
    confirmed: bool = False,
    sent_at: datetime | None = None,
) -> Sent:
    """Send a gift (by slug) in one statement and return it with the coins left.

    `key` is made by the sender's device: the same key sends once. Raises `GiftRefused` and its
    kinds, `KeyReused`. `sent_at` is for history brought in from elsewhere.
    """
    quantity = max(-LARGEST_INT, min(quantity, LARGEST_INT))  # refused all the same, in words
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gifts_send(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                key,
                fan.pk,
                stream.public_id,
                gift,
                quantity,
                message,
                combo,
                anonymous,
                confirmed,
                sent_at,
            ],
        )
        answer: dict[str, Any] = json.loads(cursor.fetchone()[0])
    if answer["outcome"] == "refused":
        raise refusal(answer["code"], answer.get("detail") or {})
    sent = Sent(
        from_row(answer["gift"]), answer["outcome"] == "already", int(answer["balance"] or 0)
    )
    if event := answer.get("event"):
        transaction.on_commit(
            lambda: announce(sent.gift.stream_id, event["id"], event["kind"], event["payload"])
        )
    return sent


def refusal(code: str, facts: dict[str, Any]) -> Exception:
    """Return the exception for a refusal's code."""
    if code == "key_reused":
        return ledger.KeyReused()
    if "span" in facts:
        facts = {**facts, "span": SPANS[facts["span"]]}
    return REFUSALS.get(code, GiftRefused)(**facts)


def from_row(row: dict[str, Any]) -> SentGift:
    """Return the model for a row that PostgreSQL gave as JSON."""
    fields = SentGift._meta.concrete_fields
    return SentGift.from_db(
        "default",
        [field.attname for field in fields],
        [field.to_python(row[field.attname]) for field in fields],
    )


@transaction.atomic
def undo_gift(*, fan: User, key: UUID) -> SentGift:
    """Take a gift back within its window: coins and diamonds return exactly, and the room is told.

    Taking back twice is taking back once. Raises `SentGift.DoesNotExist`, `UndoTooLate`.
    """
    gift = SentGift.objects.select_for_update().get(fan=fan, public_id=key)
    if gift.undone_at:
        return gift
    if timezone.now() > gift.undo_until or gift.released_at:
        raise UndoTooLate
    ledger.post_one(key=f"undo:{gift.public_id}", kind="undo", reverses=f"gift:{gift.public_id}")
    gift.undone_at = timezone.now()
    gift.save(update_fields=["undone_at"])
    record(
        stream_id=gift.stream_id,
        kind="undo",
        payload={
            "id": str(gift.public_id),
            "combo": str(gift.combo or ""),
            "coins": gift.coins,
            "quantity": gift.quantity,
        },
    )
    return gift


@transaction.atomic
def thank(*, creator: User, key: UUID) -> SentGift:
    """Thank for a gift; the room sees it once. Raises `SentGift.DoesNotExist`, `AlreadyUndone`."""
    gift = (
        SentGift.objects.select_for_update(of=("self",))
        .select_related("fan", "gift")
        .get(creator=creator, public_id=key)
    )
    if gift.undone_at:
        raise AlreadyUndone
    if gift.thanked_at is None:
        gift.thanked_at = timezone.now()
        gift.save(update_fields=["thanked_at"])
        record(
            stream_id=gift.stream_id,
            kind="thanks",
            payload={
                "id": str(gift.public_id),
                "to": None if gift.anonymous else gift.fan.name,
                "gift": gift.gift.slug,
                "name": gift.gift.name,
                "by": creator.name,
            },
        )
    return gift
