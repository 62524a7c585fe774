"""Workers are killed with -9 at every step of a capture, a refund and a dispute: all of it is done
exactly once, and the money is where Stripe says.
"""

import random
import signal
import uuid
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from giftplatform.tests.dying import CAPTURE, DECIDED, FEW, OPENED, REFUND, Step, workers
from giftplatform.tests.proof import size
from giftplatform.tests.running import wait_until
from giftplatform.tests.stripe_stage import (
    agree,
    everything_due,
    finish,
    orders,
    posted,
    stands_as_fetched,
)
from stripe_standin.server import Standin
from wallet.models import Dispute, DisputeStep, Purchase, Refund
from wallet.refunds import requests
from wallet.tests.stripe.stage import charge, stripe_site

Run = Callable[..., int]
ORDERS = size(24, 200)
TIMES = size(1, 4)  # that a worker dies at each step
DEEPEST = size(1, 4)  # a worker has come to its step so often at most when it dies


class Killer:
    """Runs workers that die, until one is left to finish."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.chance = random.Random(5)
        self.kills: Counter[str] = Counter()

    def through(self, steps: list[Step], unfinished: QuerySet[Purchase]) -> None:
        """Let workers die at each step, each where the last one left things; then finish."""
        rounds = [self.chance.sample(steps, len(steps)) for _ in range(TIMES)]
        for step in chain(*rounds):
            lease_is_over(unfinished)
            ended = self.run(step, self.chance.randint(1, DEEPEST))
            assert ended in {0, signal.SIGKILL}, (step, ended)
            self.kills[str(step)] += ended == signal.SIGKILL
            wait_until(nobody_writes, "the dead worker's transaction goes on")
        for _turn in range(2 + ORDERS // FEW):
            lease_is_over(unfinished)
            assert self.run() == 0


def lease_is_over(unfinished: QuerySet[Purchase]) -> None:
    """Have the orders that are not where they belong asked about, as news and leases would."""
    unfinished.update(due_at=Now())
    everything_due()


def nobody_writes() -> bool:
    """Return whether PostgreSQL has noticed that a worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND xact_start IS NOT NULL"
            " AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0] == 0)


def test_workers_die_at_every_step(
    committed: None, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with stripe_site() as standin, workers(standin, tmp_path) as run:
        killer = Killer(run)
        shop = orders(ORDERS)
        captured(killer, standin, shop)
        given_back(killer, standin, shop[::3])
        disputed(killer, standin, shop[1::3])
        exactly_once(standin, shop)
        finish()
        agree(standin)
    record_property("purchases", ORDERS)
    record_property("refunds, disputes", (Refund.objects.count(), Dispute.objects.count()))
    record_property("kills, steps", (killer.kills.total(), len(+killer.kills)))
    unseen = {str(step) for step in [*CAPTURE, *REFUND, *OPENED, *DECIDED]} - set(+killer.kills)
    assert not unseen, "no worker died there"


def captured(killer: Killer, standin: Standin, shop: list[Purchase]) -> None:
    for purchase in shop:
        standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
    killer.through(CAPTURE, Purchase.objects.exclude(state="paid"))


def given_back(killer: Killer, standin: Standin, shop: list[Purchase]) -> None:
    for purchase in shop:
        requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=purchase.coins // 2)
    killer.through(REFUND, Purchase.objects.none())


def disputed(killer: Killer, standin: Standin, shop: list[Purchase]) -> None:
    for purchase in shop:
        standin.account.open_dispute(charge(standin, purchase))
    ours = Purchase.objects.filter(pk__in=[purchase.pk for purchase in shop])
    killer.through(OPENED, ours.filter(disputes=None))
    for turn, dispute in enumerate(standin.store.all("dispute")):
        standin.account.close_dispute(dispute, won=turn % 2 == 0)
    undecided = Dispute.objects.open().values("purchase")
    killer.through(DECIDED, Purchase.objects.filter(pk__in=undecided))


def exactly_once(standin: Standin, shop: list[Purchase]) -> None:
    """Each credit, refund and step of a dispute is there, and is there once."""
    assert posted("purchase") == len(shop)
    asked = Refund.objects.count()
    assert Refund.objects.filter(state=Refund.State.DONE).count() == asked == len(shop[::3])
    assert posted("refund") == len(standin.store.all("refund")) == asked
    steps = DisputeStep.objects.values("dispute", "kind").annotate(times=Count("pk"))
    assert {row["times"] for row in steps} == {1}
    assert Dispute.objects.open().count() == 0
    assert steps.count() == 4 * len(shop[1::3])  # held, taken, fee, decided
    assert all(stands_as_fetched(purchase) for purchase in shop)
