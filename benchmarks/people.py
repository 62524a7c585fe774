"""Fans who bought coins and creators who are on air, as the site itself would have left them.

Django is ready before this is imported.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

import ledger
from accounts.models import Country, Creator, User
from benchmarks.plan import CREATORS, FANS
from ledger.chart import COIN, DIAMOND
from live.models import Stream
from wallet import postings
from wallet.models import Purchase, RateCard
from wallet.purchases.capturing import posting_key

COUNTRY, CURRENCY = "DE", "EUR"
COINS = 100_000
NET_MINOR, TAX_MINOR = 90_000, 17_100


def room(number: int) -> UUID:
    """Return the public id of a room, the first is 1: pgbench makes the same from a number."""
    return UUID(f"00000000-0000-0000-0000-{number:012d}")


def populate() -> None:
    """Make the site's tables and fill them."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_economy", verbosity=0)
    with transaction.atomic():
        buy_coins(fans())
        go_on_air(creators())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fans() -> list[User]:
    """Make the fans: of age in their country, and no longer under the limits of new ones."""
    return User.objects.bulk_create(
        User(
            email=f"fan{n}@bench.test",
            handle=f"fan_{n}",
            country_id=COUNTRY,
            date_of_birth=date(1990, 5, 17),
            date_joined=timezone.now() - timedelta(days=90),
            password="!",
        )
        for n in range(1, FANS + 1)
    )


def buy_coins(fans: list[User]) -> None:
    """Let each fan have bought one large pack: a gift remembers what its coins had cost."""
    bought = Purchase.objects.bulk_create(orders(fans))
    # Ordered long ago, so that limits let the fans buy today; before the postings are made of it.
    new = Purchase.objects.filter(pk__in=[one.pk for one in bought])
    new.update(created_at=timezone.now() - timedelta(days=60))
    # The accounts in one row, as the fans are: an id follows from the other.
    accounts = {fan.pk: ledger.account_id("coins", COIN, fan.pk) for fan in fans}
    issued = ledger.account_id("coins_issued", COIN)
    clearing = ledger.account_id("clearing:bench", CURRENCY)
    unearned = ledger.account_id("unearned", CURRENCY)
    tax = ledger.account_id(f"tax:{COUNTRY}", CURRENCY)
    facts = postings.facts(one.pk for one in bought)
    ledger.post(
        [
            ledger.Order(
                posting_key(one),
                "purchase",
                [
                    ledger.Leg(COIN, issued, accounts[one.user_id], COINS),
                    ledger.Leg(CURRENCY, clearing, unearned, NET_MINOR),
                    ledger.Leg(CURRENCY, clearing, tax, TAX_MINOR),
                ],
                input=facts[one.pk],
            )
            for one in bought
        ]
    )
    walk_the_steps()


def walk_the_steps() -> None:
    """Give the orders what the audit asks of them: their steps, and the moment of their posting.

    Those that walked before, or that the shop placed, have steps already.
    """
    new = (
        " p.provider = 'bench' AND NOT EXISTS"
        " (SELECT FROM wallet_purchaseevent e WHERE e.purchase_id = p.id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wallet_purchase p SET captured_at = o.created_at FROM ledger_posting o"
            f" WHERE o.key = 'purchase:' || p.public_id AND {new}"
        )
        cursor.execute(
            "INSERT INTO wallet_purchaseevent (purchase_id, state, note, created_at)"
            " SELECT p.id, s.state, '', p.captured_at FROM wallet_purchase p"
            " CROSS JOIN (VALUES (1, 'created'), (2, 'started'), (3, 'paid')) s(place, state)"
            f" WHERE {new} ORDER BY p.id, s.place"
        )


def orders(fans: list[User]) -> Iterator[Purchase]:
    """Yield a paid order for each fan, through a provider that is none: here is no shop."""
    country = Country.objects.get(code=COUNTRY)
    card = RateCard.objects.get()
    for fan in fans:
        yield Purchase(
            key=uuid4(),
            user=fan,
            region_id=country.region_id,
            country=country,
            rate_card=card,
            coins=COINS,
            currency=CURRENCY,
            net_minor=NET_MINOR,
            tax_minor=TAX_MINOR,
            total_minor=NET_MINOR + TAX_MINOR,
            tax_name=country.tax_name,
            tax_rate_bp=country.tax_rate_bp,
            provider="bench",
            state=Purchase.State.PAID,
            captured_at=timezone.now(),
        )


def creators() -> list[User]:
    """Make the creators, with the account that their gifts go to."""
    users = User.objects.bulk_create(
        User(email=f"creator{n}@bench.test", handle=f"creator_{n}", is_creator=True, password="!")
        for n in range(1, CREATORS + 1)
    )
    Creator.objects.bulk_create(Creator(user=user, trust="trusted") for user in users)
    for user in users:
        ledger.account_id("diamonds_held", DIAMOND, user.pk)
    return users


def go_on_air(creators: list[User]) -> None:
    """Open a room for each creator."""
    Stream.objects.bulk_create(
        Stream(
            public_id=room(n),
            creator=creator,
            title="Bench",
            state=Stream.State.ON_AIR,
            started_at=timezone.now(),
        )
        for n, creator in enumerate(creators, 1)
    )
