"""Batches: presses sent in one statement, or undone in one request, each answered."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import API_SENTENCES, DomainError
from gifts.models import SentGift
from gifts.sending import services
from gifts.sending.send import Send, Sent

MOST = 50  # presses in one request
MOST_UNDONE = 200  # more than one person presses within an undo window


class Unreadable(DomainError):
    """A press of a batch that could not be read; the others are none the worse for it."""

    code = "check_input"
    status = 400
    message = _("%(sentence)s")

    def __init__(self, sentence: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence=sentence)
        self._fields = dict(fields or {})

    @property
    def fields(self) -> dict[str, Any]:
        """Each input that needs another look."""
        return self._fields


class NotSent(DomainError):
    """This person sent nothing with this key."""

    code = "not_found"
    status = 404
    message = API_SENTENCES["not_found"]


Wanted = Mapping[str, Any] | DomainError


def send_each(*, fan: User, stream: UUID, wanted: Sequence[Wanted]) -> list[Sent | DomainError]:
    """Send what could be read in one statement; return what became of each, in order.

    What could not be read stands in the list as the reason, and comes back as its own answer.
    """
    sends = [
        Send(fan=fan, stream=stream, **press)
        for press in wanted
        if not isinstance(press, DomainError)
    ]
    outcomes = iter(services.send_batch(sends))
    answers = [press if isinstance(press, DomainError) else next(outcomes) for press in wanted]
    # Answers name the gifts: one query, not one for each.
    prefetch_related_objects([one.gift for one in answers if isinstance(one, Sent)], "gift")
    return answers


def undo_each(*, fan: User, keys: Sequence[UUID]) -> list[SentGift | DomainError]:
    """Undo what can still be undone; return each gift, or why it stays sent, in order."""
    return [_undo(fan, key) for key in keys]


def _undo(fan: User, key: UUID) -> SentGift | DomainError:
    try:
        return services.undo_gift(fan=fan, key=key)
    except SentGift.DoesNotExist:
        return NotSent()
    except DomainError as refusal:
        return refusal
