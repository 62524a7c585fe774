"""Dumped here, restored into another server: with the one step that is written down, all is there.

Figures and commands: docs/faults.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from giftplatform.tests.proof import size
from giftplatform.tests.running import RunningSite, running_site, wait_until

GIFTS = size(60, 3_000)
SERVED_BEFORE = 20_000  # transactions of the old server's life: its ids are ahead of any fresh one


Record = Callable[[str, object], None]

OPEN_UP = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Creator
from conftest import give_coins, person
from live.streams.services import go_live

fan = person("alice", date_joined=timezone.now() - timedelta(days=30))
creator = person("bob", is_creator=True)
Creator.objects.create(user=creator, trust="trusted")
give_coins(fan, given["coins"])
result = [fan.pk, str(go_live(creator=creator, title="Night").public_id)]
"""
SEND = """
import uuid
from accounts.models import User
from gifts.sending.services import send_gift
from live.models import Stream
from ledger import tasks

fan, stream = User.objects.get(handle="alice"), Stream.objects.get()
keys = given.get("keys") or [str(uuid.uuid4()) for _ in range(given["gifts"])]
result = [keys, []]
for n, key in enumerate(keys):
    sent = send_gift(fan=fan, stream=stream, gift="pebble", key=uuid.UUID(key))
    result[1].append([sent.already, sent.gift.pk])
    if n % 20 == 0:
        tasks.take_snapshots()
"""
AGE = f"""
DO $$ BEGIN FOR n IN 1..{SERVED_BEFORE} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$
"""
BALANCES = "SELECT id, ledger_balance(id) FROM ledger_account ORDER BY id"
# What no snapshot holds, and none ever will where the checkpoint lies in another server's time.
LEFT = "SELECT count(*) FROM ledger_transfer t, ledger_checkpoint h WHERE t.xid >= h.xid"


@dataclass
class Dump:
    """A dump and what the site knew when it was made."""

    path: Path
    balances: dict[int, int]
    keys: list[str]
    gifts: list[int]


def send(site: RunningSite, **given: Any) -> tuple[list[str], list[list[Any]]]:
    """Send pebbles, with snapshots now and then; return the keys and (known already, gift) for
    each.
    """
    keys, answers = site.python(SEND, **given)
    return keys, answers


def balances(site: RunningSite) -> dict[int, int]:
    return dict(site.sql(BALANCES))


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dump]:
    path = tmp_path_factory.mktemp("dump") / "giftplatform.dump"
    with running_site() as site:
        site.python(OPEN_UP, coins=10 * GIFTS)
        site.sql(AGE)
        keys, answers = send(site, gifts=GIFTS)
        site.tool("pg_dump", "-Fc", "-f", str(path))
        yield Dump(path, balances(site), keys, [gift for _, gift in answers])


@pytest.fixture
def restored(dump: Dump) -> Iterator[RunningSite]:
    with running_site(empty=True) as site:
        site.tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", str(dump.path))
        yield site


def test_the_one_step_after_a_restore(
    dump: Dump, restored: RunningSite, record_property: Record
) -> None:
    """The step is forgotten and gifts are sent: they lie before the old server's checkpoint.
    People's coins are right, the site's own accounts miss it, and the audit says so. With the step
    all is well.
    """
    assert balances(restored) == dump.balances
    send(restored, gifts=GIFTS)
    assert moved(dump.balances, balances(restored)) == [-GIFTS], "the step has nothing to mend"
    checked = restored.manage("check_ledger")
    assert checked.returncode == 1
    assert "An open account's snapshot differs from its transfers." in checked.stderr
    record_property("forgotten", checked.stderr.strip().splitlines()[-1])

    done = restored.manage("rebuild_snapshots")
    assert done.returncode == 0, done.stderr
    record_property("rebuild_snapshots", done.stdout.strip())
    assert moved(dump.balances, balances(restored)) == [-GIFTS, -GIFTS, GIFTS, GIFTS]
    whole = balances(restored)
    _, answers = send(restored, keys=dump.keys)
    assert answers == [[True, gift] for gift in dump.gifts]
    assert balances(restored) == whole

    _, answers = send(restored, gifts=GIFTS)
    assert not any(already for already, _ in answers)
    assert moved(whole, balances(restored)) == [-GIFTS, -GIFTS, GIFTS, GIFTS]
    restored.python("from ledger import tasks; tasks.take_snapshots()")
    wait_until(lambda: restored.sql(LEFT)[0][0] == 0, "the checkpoint does not move")
    assert restored.ledger_balances()
    record_property("gifts before, after", (len(dump.keys), 2 * GIFTS))


def moved(before: dict[int, int], now: dict[int, int]) -> list[int]:
    """Return by how much each account that moved did, sorted."""
    return sorted(
        now[account] - balance for account, balance in before.items() if now[account] != balance
    )
