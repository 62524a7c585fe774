"""The signed address of a stream's events: its holder may subscribe, without session or query."""

import time
from typing import NamedTuple

from django.core import signing

from live.models import Stream

SALT = "live.feed.events"
LIFETIME_SECONDS = 2 * 60 * 60
ROLES = frozenset({"room", "creator", "overlay"})


class Claims(NamedTuple):
    """The stream and the role that a valid token names, and whether it holds if that is for adults:
    who asked for it when it was, had been asked for their age. A creator's own pages always may.
    """

    stream_id: int
    role: str
    for_adults: bool


class BadToken(Exception):
    """The token is not ours, is for another stream, or is too old."""


def events_url(stream: Stream, role: str, *, lifetime: int = LIFETIME_SECONDS) -> str:
    """Return the address where `role` gets the stream's events until the token is too old."""
    if role not in ROLES:
        raise ValueError(role)
    for_adults = stream.adults_only or role != "room"
    facts = [stream.pk, str(stream.public_id), role, for_adults, int(time.time()) + lifetime]
    return f"/live/events/{stream.public_id}/?token={signing.dumps(facts, salt=SALT)}"


def read(token: str, public_id: str) -> Claims:
    """Return what the token allows on this stream. Raises `BadToken`."""
    try:
        stream_id, room, role, for_adults, expires = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as wrong:
        raise BadToken from wrong
    if room != public_id or role not in ROLES or expires < time.time():
        raise BadToken
    return Claims(stream_id, role, for_adults)
