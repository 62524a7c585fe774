"""Killed in the middle of things: nothing that was told is lost, nothing is doubled."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

import psutil
import psycopg

from giftplatform.tests.burst import Burst
from giftplatform.tests.proof import size
from giftplatform.tests.running import RunningSite, wait_until

Record = Callable[[str, object], None]


def test_the_web_process_is_killed_while_gifts_are_sent(
    site: RunningSite, record_property: Record
) -> None:
    burst = Burst.seat(site, "alice", gifts=size(120, 1_000))
    web = site.start_web()
    kills = size(3, 100)

    def kill_and_start_again() -> None:
        nonlocal web
        site.kill(web)
        web = site.start_web()

    burst.run(kill_and_start_again, times=kills)
    burst.all_is_well()
    site.kill(web)
    record_property("kills", kills)
    tell(burst, record_property)


def test_postgresql_loses_its_power_while_gifts_are_sent(
    site: RunningSite, record_property: Record
) -> None:
    burst = Burst.seat(site, "frank", gifts=size(120, 10_000))
    web = site.start_web()
    stops = size(3, 20)
    burst.run(site.crash_database, times=stops)
    burst.all_is_well()
    site.kill(web)
    record_property("immediate stops", stops)
    tell(burst, record_property)


def tell(burst: Burst, record_property: Record) -> None:
    """Leave the figures, and fail where nothing broke while a request waited for its answer."""
    presser = burst.presser
    record_property("sends, told", (len(burst.keys), len(presser.told)))
    record_property("presses cut off", presser.cut_off)
    record_property("sent although the first answer was lost", len(presser.told_late))
    assert presser.cut_off, "nothing was under way when it broke"


SUPERVISE = """
from giftplatform.runtime.supervisor import Supervisor
from django.conf import settings
Supervisor(settings.VAR_DIR, settings.PORT, settings.DATABASE_URL).serve()
"""


def processes_of(site: RunningSite) -> dict[str, list[psutil.Process]]:
    """Return the web and the worker processes of this site, their children too."""
    found: dict[str, list[psutil.Process]] = {"uvicorn": [], "celery": []}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("VAR_DIR") == str(site.folder):
                for name in found.keys() & set(process.cmdline()):
                    found[name].append(process)
    return found


def test_what_is_killed_is_started_again_and_nothing_outlives_the_end(site: RunningSite) -> None:
    """A worker has a clock of its own beside it: neither may be there twice, nor afterwards."""
    supervisor = site.start_code(SUPERVISE)
    wait_until(site.answers, "the site did not start")
    wait_until(lambda: len(processes_of(site)["celery"]) == 2, "no worker with its clock")
    for name in ("celery", "uvicorn"):
        before = {process.pid for process in processes_of(site)[name]}
        os.kill(min(before), signal.SIGKILL)
        wait_until(
            lambda name=name, before=before: (  # type: ignore[misc]  # pins both
                len(now := {p.pid for p in processes_of(site)[name]}) == len(before)
                and not now & before
            ),
            f"{name} was not started again",
        )
    wait_until(site.answers, "the site did not come back")
    supervisor.terminate()
    supervisor.wait(timeout=300)
    site.processes.remove(supervisor)
    assert processes_of(site) == {"uvicorn": [], "celery": []}


# What a worker finds to do: an order whose money is at the provider, one whose buyer disputes it, a
# gift whose hold is over, a creator whose weekly payout is due.
WORK = """
import uuid
from datetime import timedelta
from django.db.models.functions import Now
from django.utils import timezone
from accounts.models import Creator
from conftest import give_coins, person
from gifts.earnings.release import end_hold, release_due
from gifts.sending.services import send_gift
from live.streams.services import go_live
from payouts.methods import bank_accounts
from payouts.models import PayoutMethod
from wallet.purchases import buying, settlement
from wallet.models import Purchase, SandboxPayment
from wallet.providers.sandbox.disputes import complain

joined = timezone.now() - timedelta(days=30)
fan, creator = person("carol", date_joined=joined), person("bob", is_creator=True)
Creator.objects.create(user=creator, trust="trusted")
give_coins(fan, 4_000)
stream = go_live(creator=creator, title="Night")
long_ago = timezone.now() - timedelta(days=8)
def send(quantity, sent_at):
    for _ in range(quantity):
        send_gift(fan=fan, stream=stream, gift="clockwork-fox", key=uuid.uuid4(), confirmed=True,
                  sent_at=sent_at)
send(2, long_ago)
release_due()
bank_accounts.add_method(creator=creator, holder="Bob", iban="DE89370400440532013000")
bank_accounts.set_weekly(creator=creator, weekly=True)
send(1, long_ago)
order = buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=1_000)
started = buying.start(order)
SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
buyer = person("frida", date_joined=joined)
disputed = buying.buy(user=buyer, key=uuid.uuid4(), method="card", coins=100)
payment = SandboxPayment.objects.get(pk=buying.start(disputed).reference)
payment.move(SandboxPayment.State.SUCCEEDED)
settlement.inspect(Purchase.objects.get(pk=disputed.pk))
send_gift(fan=buyer, stream=stream, gift="moss-frog", key=uuid.uuid4())
complain(payment)
Purchase.objects.update(due_at=Now())
PayoutMethod.objects.update(next_auto_at=Now())
result = [fan.pk, creator.pk]
"""
RING = """
import gifts.tasks, payouts.tasks, wallet.tasks
for task in (gifts.tasks.release, payouts.tasks.sweep, wallet.tasks.sweep):
    task.delay()
"""
STUCK = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND query LIKE '%%ledger_post%%'"
)
DONE = """
SELECT (SELECT count(*) FROM ledger_posting WHERE kind = 'purchase'),
       (SELECT count(*) FROM ledger_posting WHERE kind = 'release'),
       (SELECT count(*) FROM ledger_posting WHERE kind = 'conversion'),
       (SELECT count(*) FROM ledger_posting WHERE kind = 'dispute_held')
"""


def test_a_worker_is_killed_between_the_provider_and_the_ledger(site: RunningSite) -> None:
    """The ledger is locked, so that every job gets stuck at its posting: the provider was asked,
    the rows were claimed, nothing is committed. There the worker dies.
    """
    fan, creator = site.python(WORK + RING)
    before = site.sql(DONE)[0]
    with psycopg.connect(site.url) as hold:
        hold.execute("LOCK TABLE ledger_posting IN EXCLUSIVE MODE")
        worker = site.start_worker()
        wait_until(lambda: site.sql(STUCK)[0][0] >= 3, "the three jobs did not reach the ledger")
        site.kill(worker)
        hold.rollback()
    wait_until(lambda: site.sql(STUCK)[0][0] == 0, "the dead worker's statements go on")
    assert site.sql(DONE)[0] == before, "what was not committed is not there"
    states = "SELECT state FROM wallet_purchase ORDER BY id"
    assert site.sql(states) == [("started",), ("paid",)]
    assert site.sql("SELECT count(*) FROM wallet_dispute") == [(0,)]
    # The lease of the dead worker ends; another one takes over.
    site.sql("UPDATE wallet_purchase SET due_at = now()")
    site.python(RING)
    again = site.start_worker()
    done = tuple(number + 1 for number in before)
    wait_until(lambda: site.sql(DONE)[0] == done, "the next worker did not finish the jobs")
    wait_until(
        lambda: site.sql("SELECT state FROM payouts_payout") == [("ready",)],
        "the payout was not checked",
    )
    # What gifts do about the dispute is a job of its own, which finds the rows.
    site.python("import gifts.tasks; gifts.tasks.follow_disputes.delay()")
    frozen = "SELECT held_diamonds FROM gifts_clawback"
    wait_until(lambda: site.sql(frozen) == [(25,)], "the disputed gift was not frozen")
    site.kill(again)
    ((diamonds, cash),) = site.sql("SELECT diamonds, amount_minor FROM payouts_payout")
    held = "SELECT kind, ledger_balance(id) FROM ledger_account WHERE owner_id = ANY(%s)"
    balances = dict(site.sql(held, [fan, creator]))
    assert (balances["coins"], balances["cash"]) == (2_000, cash)
    assert (balances["diamonds_held"], balances["diamonds"] + diamonds) == (0, 3_000)
    assert site.ledger_balances()
