"""Webhooks: signed, delivered until they are heard, and badly if one asks for it."""

import hashlib
import hmac
import http.client
import json
import random
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from stripe_standin.operations import public
from stripe_standin.store import Store, Thing

Post = Callable[[bytes, str], int]
TIMEOUT_S = 5
GIVE_UP_AFTER = 12


def sign(body: bytes, secrets: Iterable[str], at: int | None = None) -> str:
    """Return the header with the moment and a signature for each secret."""
    moment = int(time.time()) if at is None else at
    signed = f"{moment}.".encode() + body
    by = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={one}" for one in by)])


def body_of(event: Thing, *, livemode: bool = False) -> bytes:
    """Return an event as it is sent."""
    return json.dumps(public(event) | {"livemode": livemode}, indent=2).encode()


class Deliveries:
    """The news that the account's owner has not heard yet."""

    def __init__(self, store: Store, secrets: list[str], address: str = "") -> None:
        self.store = store
        self.secrets = secrets
        self.address = address

    def post(self, body: bytes, signature: str) -> int:
        """Send one webhook and return the status of the answer; 0 when there was none."""
        to = urlsplit(self.address)
        secure = to.scheme == "https"
        line = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = line(to.netloc, timeout=TIMEOUT_S)
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        try:
            connection.request("POST", to.path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def deliver(
        self, post: Post | None = None, *, copies: int = 1, shuffled: bool = False
    ) -> list[int]:
        """Send all that is due, each so many times and in any order if asked, and return the
        answers.
        """
        due = self.store.owed(time.time())
        sent = [one for one in due for _copy in range(copies)]
        if shuffled:
            random.shuffle(sent)
        return [self._send(name, tries, post or self.post) for name, tries in sent]

    def _send(self, name: str, tries: int, post: Post) -> int:
        event = self.store.get(name)
        assert event is not None  # noqa: S101  # events are never taken away
        body = body_of(event)
        status = post(body, sign(body, self.secrets))
        over = status == 200 or tries + 1 >= GIVE_UP_AFTER
        self.store.tried(name, heard=over, again_at=time.time() + 2**tries)
        return status
