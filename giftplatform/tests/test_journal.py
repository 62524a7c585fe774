"""Everything that moves money, in random order, against a plain model: equal after every step.

25 runs of 40 steps; with `PROOF=full` 2,000 of 50, of which `PROOF_SHARE=1/4` does a quarter.
The checks of the ledger read all that was ever written: after each run they find what any step did
wrong. With `PROOF=full` they run after each step and name the step too.
"""

from collections import Counter
from collections.abc import Callable
from typing import ClassVar

from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from conftest import person
from giftplatform.celery import app
from giftplatform.tests.journal import stage
from giftplatform.tests.journal.batches import Hands, Sets
from giftplatform.tests.journal.money_in import MoneyIn
from giftplatform.tests.journal.money_out import IBAN, MoneyOut
from giftplatform.tests.journal.sending import CATALOGUE, Press
from giftplatform.tests.journal.world import DAY, World
from giftplatform.tests.proof import FULL, share_of, size
from ledger import checks
from payouts.methods import bank_accounts

EXAMPLES = size(25, share_of(2_000))
STEPS = size(40, 50)
AFTER_EACH_STEP = FULL


class Journal(MoneyIn, Sets, MoneyOut):
    """The site and its model, moved together."""

    people: ClassVar[World]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.done["runs"] += 1
        stage.sweep_money_away()
        for fan in self.people.fans:
            fan.orders, fan.gifts, fan.granted = [], [], 0
        for creator in self.people.creators:
            creator.gifts, creator.payouts = [], []
            creator.details, creator.locked = 0, False
            bank_accounts.add_method(creator=creator.user, holder="Somebody", iban=IBAN)
        self.world = World(self.people.fans, self.people.creators)

    @initialize()
    def some_have_bought_and_some_have_earned(self) -> None:
        """Begin in the middle of life, so that short runs reach the far end of the journal."""
        fox = [slug for slug, _, _ in CATALOGUE].index("clockwork-fox")
        for who, fan in enumerate(self.world.fans):
            self.buys_and_pays_at_once(who, 2_500)
            self.send(Press.of(fan, self.world.creators[who % 2], fox, 1))
        stage.turn_clock(15 * DAY)
        self.world.now += 15 * DAY
        self.what_is_due_is_released()
        self.a_payout_is_requested(0, 10)
        self.a_payout_is_requested(1, 50)

    @rule()
    def snapshots_are_taken(self) -> None:
        """Taking snapshots now or later changes no balance that anybody reads."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_take_snapshots()")

    @invariant()
    def every_account_holds_what_the_model_says(self) -> None:
        """Compare every single account, the site's own too."""
        self.done["states compared"] += 1
        assert stage.balances() == self.world.balances()

    @invariant()
    def the_ledger_proves_itself(self) -> None:
        """Run every check of every layer, where there is time for it."""
        if AFTER_EACH_STEP:
            assert checks.run() == []

    def teardown(self) -> None:
        """Run every check of every layer on all that the run wrote."""
        assert checks.run() == []


def test_the_journal_in_any_order(
    committed: None, record_property: Callable[[str, object], None]
) -> None:
    app.conf.update(broker_url="memory://")  # no worker hears the bells of this test
    Journal.people = stage.make_world()
    Journal.staff = (
        person("dana", is_staff=True, is_superuser=True),
        person("erin", is_staff=True, is_superuser=True),
    )
    with Hands() as Journal.hands:
        run_state_machine_as_test(
            Journal,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
    for name, figure in Journal.done.items():
        record_property(name, figure)
