"""The one call that sends: a batch of sends in, an answer for each out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection, transaction

import ledger
from accounts.models import User
from accounts.pauses import until_words
from foundation.errors import DomainError
from foundation.incoming import is_text
from foundation.texts import clean
from foundation.transactions import once_more
from gifts.models import LONGEST_MESSAGE, Gift, SentGift
from gifts.sending.micro_batching import MicroBatcher
from gifts.sending.refusals import REFUSALS, SPANS, BadMessage, GiftRefused, UnknownGift, day_of
from live.chat import words
from live.chat.shown_names import readings_of
from live.feed.events import push
from live.folding import TextTooLong
from live.models import Stream

LARGEST_INT = 2**31 - 1  # what PostgreSQL's function takes

Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Send:
    """A gift to be sent (by slug) into a stream (or its public id).

    `key` is made by the sender's device: the same key sends once. `to` is the public id of the
    guest who gets it; without, the stream's creator does. `moment` is the moment of an
    ended stream at which a gift on its replay stands. `sent_at` is for history brought in from
    elsewhere.
    """

    fan: User
    stream: Stream | UUID
    gift: str
    key: UUID
    quantity: int = 1
    message: str = ""
    combo: UUID | None = None
    anonymous: bool = False
    confirmed: bool = False
    to: UUID | None = None
    moment: datetime | None = None
    sent_at: datetime | None = None

    @property
    def unwritable(self) -> DomainError | None:
        """The refusal of what nothing may read: folding it would cost too much, or PostgreSQL
        could not, and a whole batch would fail for it.
        """
        if not is_text(self.gift):
            return UnknownGift()
        if len(self.message) > LONGEST_MESSAGE or not is_text(self.message):
            return BadMessage(most=LONGEST_MESSAGE)
        try:
            self._readings  # noqa: B018  # kept for the statement
        except TextTooLong:  # of few signs that stand for many
            return BadMessage(most=LONGEST_MESSAGE)
        return None

    @cached_property
    def _readings(self) -> dict[str, Any]:
        return words.readings(self._cleaned) if self._cleaned else {}

    @cached_property
    def _cleaned(self) -> str:
        return clean(self.message) if self.message else ""

    def as_json(self) -> dict[str, Any]:
        """Return the element that `gifts_send` reads."""
        room = self.stream.public_id if isinstance(self.stream, Stream) else self.stream
        return {
            "key": str(self.key),
            "fan": self.fan.pk,
            "stream": str(room),
            "gift": self.gift,
            # A quantity out of bounds is refused all the same, in words.
            "quantity": max(-LARGEST_INT, min(self.quantity, LARGEST_INT)),
            "message": self._cleaned,
            "combo": self.combo and str(self.combo),
            "anonymous": self.anonymous,
            "confirmed": self.confirmed,
            "to": self.to and str(self.to),
            "moment": self.moment and self.moment.isoformat(),
            "at": self.sent_at and self.sent_at.isoformat(),
            "names": None if self.anonymous else readings_of({self.fan.name, self.fan.handle}),
            **self._readings,
        }


@dataclass(frozen=True)
class Sent:
    """A gift that was sent.

    `already`: this key was sent before, and this is that first answer.
    """

    gift: SentGift
    already: bool
    balance: int


class _Prepared(psycopg.Cursor[Any]):
    """A cursor whose statement PostgreSQL keeps prepared; Django's own bind in the client."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Prepared":
        return super().execute(query, params, prepare=True)


@once_more
def call(sends: Sequence[Send]) -> list[Answer]:
    """Send a batch in one round trip, in autocommit unless a transaction is open."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = _Prepared(connection.connection)
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with make(raw) as cursor:  # type: ignore[arg-type]  # the stubs want one cursor wrapped twice
        cursor.execute(
            "SELECT answer FROM gifts_send(%s::jsonb) ORDER BY ord",
            [json.dumps([send.as_json() for send in sends])],
        )
        return [json.loads(answer) for (answer,) in cursor.fetchall()]


_batched = MicroBatcher(call)


def call_micro_batched(send: Send) -> Answer:
    """Send together with what other threads send now, where each may commit with the others."""
    if connection.in_atomic_block or not settings.MICRO_BATCHING:
        return call([send])[0]
    return _batched(send)


def outcome_of(answer: Answer) -> Sent | DomainError:
    """Return the outcome of a send, and announce its event once it is committed."""
    if answer["outcome"] == "refused":
        return refusal(answer["code"], answer.get("detail") or {})
    gift = from_row(answer["gift"])
    if event := answer.get("event"):
        shown = event["payload"]  # slug and name of the gift: an answer need not read them again
        gift.gift = Gift.from_db(
            "default", ["id", "slug", "name"], [gift.gift_id, shown["gift"], shown["name"]]
        )
        if gift.moment is None:  # what stands in a replay is not live
            transaction.on_commit(partial(push, gift.stream_id, event["id"], event["kind"], shown))
    return Sent(gift, answer["outcome"] == "already", int(answer["balance"] or 0))


def refusal(code: str, facts: dict[str, Any]) -> DomainError:
    """Return the exception for a refusal's code."""
    if code == "key_reused":
        return ledger.KeyReused()
    if "span" in facts:
        facts = {**facts, "span": SPANS[facts["span"]]}
    if "until" in facts:
        facts = {**facts, "until": until_words(datetime.fromisoformat(facts["until"]))}
    if "since" in facts:
        facts = {**facts, "since": day_of(datetime.fromisoformat(facts["since"]))}
    return REFUSALS.get(code, GiftRefused)(**facts)


def from_row(row: dict[str, Any]) -> SentGift:
    """Return the model for a row that PostgreSQL gave as JSON."""
    fields = SentGift._meta.concrete_fields
    return SentGift.from_db(
        "default",
        [field.attname for field in fields],
        [field.to_python(row[field.attname]) for field in fields],
    )
