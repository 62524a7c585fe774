"""Payouts on their way by the thousand, and the statement that debits them all.

Django is ready before this is imported.
"""

import uuid

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from payouts.methods import bank_accounts
from payouts.models import Batch, Payout
from payouts.rails.bank_file.sample import statement_for
from wallet.models import RateCard

AMOUNT_MINOR, DIAMONDS = 6_818, 10_000
AT_ONCE = 2_000


def prepare() -> None:
    """Make the site's tables."""
    for command in ("migrate", "createcachetable", "load_economy"):
        call_command(command, verbosity=0)


@transaction.atomic
def batch_on_its_way(rows: int) -> tuple[User, Batch]:
    """Return a member of staff and an approved batch of this many payouts to one creator."""
    creator, dana, erin = User.objects.bulk_create(
        User(email=f"{name}{rows}@bench.test", handle=f"{name}_{rows}", password="!")
        for name in ("bob", "dana", "erin")
    )
    method = bank_accounts.add_method(
        creator=creator, holder="Bob Harbour", iban="NL91ABNA0417164300"
    )
    batch = Batch.objects.create(
        currency="EUR",
        state=Batch.State.DOWNLOADED,
        built_by=dana,
        approved_by=erin,
        approved_at=timezone.now(),
        file=b"-",
        csv=b"-",
        execute_on=timezone.now().date(),
    )
    card = RateCard.objects.current()
    payouts = [
        Payout(
            key=uuid.uuid4(),
            creator=creator,
            method=method,
            diamonds=DIAMONDS,
            rate_card=card,
            fx_per_usd=1,
            currency="EUR",
            amount_minor=AMOUNT_MINOR,
            exact_minor=AMOUNT_MINOR,
            state=Payout.State.SENT,
            batch=batch,
        )
        for _ in range(rows)
    ]
    Payout.objects.bulk_create(payouts, batch_size=AT_ONCE)
    _leave(creator, payouts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payouts_payout")
    return dana, batch


def _leave(creator: User, payouts: list[Payout]) -> None:
    cost, transit = (
        ledger.account_id(kind, "EUR") for kind in ("creator_cost", "payout_in_transit:bank_file")
    )
    cash = ledger.account_id("cash", "EUR", creator.pk)
    for at in range(0, len(payouts), AT_ONCE):
        for step, kind, ends in (
            ("convert", "conversion", (cost, cash)),
            ("sent", "payout_sent", (cash, transit)),
        ):
            orders = [
                ledger.Order(
                    f"payout:{payout.public_id}:{step}",
                    kind,
                    [ledger.Leg("EUR", *ends, payout.amount_minor)],
                )
                for payout in payouts[at : at + AT_ONCE]
            ]
            for answer in ledger.post(orders):
                answer.or_raise()


def statement(batch: Batch) -> bytes:
    """Return the test bank's statement of the whole batch: one entry, each payment in it."""
    return statement_for(batch)
