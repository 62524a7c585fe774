"""People who press *send* while the site breaks under them, and what they may expect of it."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from giftplatform.tests.running import PATIENCE_S, RunningSite, wait_until

HANDS = 6


@dataclass
class Presser:
    """A fan's device: it presses *send* until it hears that the gift is on its way."""

    site: RunningSite
    token: str
    stream: str
    # What was told about each key, first; which answers came late; how often no answer came.
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    told_late: list[str] = field(default_factory=list)
    cut_off: int = 0

    def press(self, key: str, quantity: int = 1) -> tuple[int, dict[str, Any]]:
        """Send pebbles with this key and return the answer's status and body."""
        body = json.dumps({"gift": "pebble", "key": key, "quantity": quantity}).encode()
        address = f"http://localhost:{self.site.port}/api/v1/streams/{self.stream}/gifts/"
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(address, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            words = refused.read()
            if refused.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return refused.code, {}
            return refused.code, json.loads(words)

    def press_until_told(self, key: str) -> None:
        """Press, and press again with the same key, until the answer is that it was sent."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                status, answer = self.press(key)
            except (OSError, HTTPException, ValueError) as gone:
                # No server there, or cut off in the middle: of the request, or of the answer.
                self.cut_off += not refused_at_the_door(gone)
                time.sleep(0.05)
                continue
            if status in {HTTPStatus.CREATED, HTTPStatus.OK}:
                if answer["already"]:
                    self.told_late.append(key)
                self.told[key] = answer["sent"]
                return
            assert status >= HTTPStatus.INTERNAL_SERVER_ERROR, (status, answer)
            self.cut_off += 1
            time.sleep(0.05)
        raise AssertionError(f"The gift {key} was never sent.")


def refused_at_the_door(gone: Exception) -> bool:
    """Return whether the connection was refused, so that the press was not heard."""
    return isinstance(gone, URLError) and isinstance(gone.reason, ConnectionRefusedError)


SEAT = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Creator
from conftest import api_key, give_coins, person
from live.streams.services import go_live

name = given["name"]
fan = person(name, date_joined=timezone.now() - timedelta(days=30))
creator = person(name + "_host", is_creator=True)
Creator.objects.create(user=creator, trust="trusted")
give_coins(fan, given["coins"])
stream = go_live(creator=creator, title="Night")
result = [fan.pk, creator.pk, api_key(fan), stream.public_id]
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
        """Return a fan with twice the coins in front of a stream, about to send so many pebbles."""
        fan, creator, token, stream = site.python(SEAT, name=name, coins=2 * gifts)
        keys = [str(uuid.uuid4()) for _ in range(gifts)]
        return cls(site, Presser(site, token, stream), fan, creator, keys)

    def run(self, breaks: Callable[[], None], times: int) -> None:
        """Send everything from several hands, and break things so many times on the way."""
        told = self.presser.told
        step = len(self.keys) // (times + 1)

        def so_many(number: int) -> None:
            wait_until(lambda: len(told) >= number, f"{number} gifts were not sent")

        with ThreadPoolExecutor(HANDS) as crowd:
            pressing = [crowd.submit(self.presser.press_until_told, key) for key in self.keys]
            for number in range(1, times + 1):
                so_many(number * step)
                breaks()
                self.every_told_gift_is_there_once(list(told))
            for press in pressing:
                press.result()

    def every_told_gift_is_there_once(self, told: list[str]) -> None:
        """Fail when an answer said that a gift is on its way which is not in the ledger."""
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
        """Press each key again: the same gift is told as the first time, not a coin moves.

        With another input it is refused, and nothing is written.
        """
        before = self.balances(), self.written()

        def again(key: str) -> None:
            status, answer = self.presser.press(key)
            assert (status, answer["already"]) == (HTTPStatus.OK, True)
            assert answer["sent"] == self.presser.told[key]
            status, problem = self.presser.press(key, quantity=2)
            assert (status, problem["code"]) == (422, "key_reused")

        with ThreadPoolExecutor(HANDS) as crowd:
            list(crowd.map(again, self.keys))
        assert (self.balances(), self.written()) == before

    def balances(self) -> dict[str, int]:
        """Return what the fan and the creator hold."""
        rows = self.site.sql(
            "SELECT kind, ledger_balance(id) FROM ledger_account WHERE owner_id = ANY(%s)",
            [self.fan, self.creator],
        )
        return {kind: balance for kind, balance in rows if balance}

    def written(self) -> tuple[Any, ...]:
        """Return how many rows the site has of what a send writes."""
        tables = ("ledger_posting", "ledger_transfer", "gifts_sentgift", "live_event")
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        return self.site.sql(f"SELECT {counts}")[0]

    def all_is_well(self) -> None:
        """Fail unless everything was sent exactly once and the ledger balances."""
        self.every_told_gift_is_there_once(self.keys)
        sent = len(self.keys)
        assert self.balances() == {"coins": sent, "diamonds_held": sent}
        self.pressing_again_changes_nothing()
        assert self.site.ledger_balances()
