"""People who press *send* while the site breaks under them, and what they may expect of it."""

import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlencode

from giftplatform.tests.running import PATIENCE_S, RunningSite, wait_until


@dataclass
class Presser:
    """A fan's browser: signed in, pressing *send* until it hears that the gift is on its way."""

    site: RunningSite
    session: str
    stream: str
    told: list[str] = field(default_factory=list)

    def press(self, key: str, quantity: int = 1) -> tuple[int, str]:
        """Send one gift with this key and return the answer's status and words."""
        form = urlencode({"gift": "pebble", "key": key, "quantity": quantity}).encode()
        token = "t" * 32
        cookies = f"sessionid={self.session}; csrftoken={token}"
        headers = {"Cookie": cookies, "X-CSRFToken": token, "HX-Request": "true"}
        address = f"http://localhost:{self.site.port}/live/{self.stream}/send/"
        request = urllib.request.Request(address, data=form, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def press_until_told(self, key: str) -> None:
        """Press, and press again with the same key, until the answer is that it was sent."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                status, words = self.press(key)
            except (OSError, HTTPException):  # nobody there, or cut off in the middle
                time.sleep(0.05)
                continue
            if status == HTTPStatus.CREATED:
                assert key in words
                self.told.append(key)
                return
            assert status >= HTTPStatus.INTERNAL_SERVER_ERROR, (status, words)
            time.sleep(0.05)
        raise AssertionError(f"The gift {key} was never sent.")


SEAT = """
from importlib import import_module
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import Creator
from conftest import give_coins, person
from live.services import go_live

name = given["name"]
fan, creator = person(name), person(name + "_host", is_creator=True)
Creator.objects.create(user=creator, trust="trusted")
give_coins(fan, 1_000)
session = SessionStore()
session[SESSION_KEY] = str(fan.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = fan.get_session_auth_hash()
session.create()
stream = go_live(creator=creator, title="Night")
result = [fan.pk, creator.pk, session.session_key, stream.public_id]
"""


@dataclass
class Burst:
    """A crowd that sends all at once while something breaks."""

    site: RunningSite
    presser: Presser
    fan: int
    creator: int
    keys: list[str]

    @classmethod
    def seat(cls, site: RunningSite, name: str, gifts: int) -> "Burst":
        """Return a fan with 1,000 coins in front of a stream, about to send this many pebbles."""
        fan, creator, session, stream = site.python(SEAT, name=name)
        keys = [str(uuid.uuid4()) for _ in range(gifts)]
        return cls(site, Presser(site, session, stream), fan, creator, keys)

    def run(self, breaks: Callable[[], None], after: list[int], hands: int = 6) -> None:
        """Send everything from several hands, and break things each time so many were told."""
        told = self.presser.told

        def so_many(number: int) -> None:
            wait_until(lambda: len(told) >= number, f"{number} gifts were not sent")

        with ThreadPoolExecutor(hands) as crowd:
            pressing = [crowd.submit(self.presser.press_until_told, key) for key in self.keys]
            for number in after:
                so_many(number)
                breaks()
                self.every_told_gift_is_there_once(list(told))
            for press in pressing:
                press.result()

    def every_told_gift_is_there_once(self, told: list[str]) -> None:
        """Fail when somebody was told that a gift is on its way which is not in the books."""
        rows = self.site.sql(
            "SELECT g.public_id::text, count(*) FROM gifts_sentgift g"
            " JOIN ledger_posting p ON p.id = g.posting_id AND p.key = 'gift:' || g.public_id"
            " JOIN live_event e ON e.payload->>'id' = g.public_id::text AND e.kind = 'gift'"
            " WHERE g.fan_id = %s GROUP BY g.public_id",
            self.fan,
        )
        found = dict(rows)
        assert {key: found.get(key, 0) for key in told} == dict.fromkeys(told, 1)

    def pressing_again_changes_nothing(self) -> None:
        """Press again: the same answer, not a coin moved; another input is refused."""
        before = self.purses()
        for key in self.keys[:40]:
            status, words = self.presser.press(key)
            assert (status, key in words) == (HTTPStatus.CREATED, True)
        assert self.presser.press(self.keys[0], quantity=2)[0] == 422
        assert self.purses() == before

    def purses(self) -> dict[str, int]:
        """Return what the fan and the creator hold."""
        rows = self.site.sql(
            "SELECT kind, ledger_balance(id) FROM ledger_account WHERE owner_id = ANY(%s)",
            [self.fan, self.creator],
        )
        return {kind: balance for kind, balance in rows if balance}

    def all_is_well(self) -> None:
        """Fail unless everything was sent exactly once and the books balance."""
        self.every_told_gift_is_there_once(self.keys)
        sent = len(self.keys)
        assert self.purses() == {"coins": 1_000 - sent, "diamonds_held": sent}
        self.pressing_again_changes_nothing()
        assert self.site.books_balance()
