"""Money that comes late and money that goes back, all at the same moment: nothing twice, no cent
that is not at Stripe.
"""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet, Sum
from django.test import Client, override_settings

import ledger
from accounts.models import Creator, User
from conftest import person
from foundation.errors import DomainError
from giftplatform.tests.proof import size
from giftplatform.tests.stripe_stage import (
    agree,
    everything_due,
    fan,
    finish,
    hear,
    nobody_asks,
    orders,
    posted,
    stands_as_fetched,
    work,
)
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Stream
from live.streams.services import go_live
from stripe_standin.errors import Refusal
from stripe_standin.server import Standin
from testing import threads
from testing.functions import no_floor, without
from testing.threads import side_by_side
from wallet import tasks
from wallet.models import Purchase, Refund
from wallet.purchases import cancelling, settlement
from wallet.refunds import requests, sending
from wallet.tests.stripe.stage import charge, coins_of, paid, stripe_site

Record = Callable[[str, object], None]
COINS = 100
FROG = 25  # coins of a moss frog


@pytest.fixture(autouse=True)
def each_by_itself() -> Iterator[None]:
    """Threads of one process would send together, and never race."""
    with override_settings(MICRO_BATCHING=False):
        yield


@pytest.fixture
def standin(committed: None) -> Iterator[Standin]:
    with stripe_site() as standin:
        yield standin


# --- Money that comes after its order is over ----------------------------------------------------


def end_by_age(purchase: Purchase) -> None:
    """Let the order be a day old: we give it up before Stripe does."""
    old = purchase.created_at - settlement.EXPIRES_AFTER - timedelta(minutes=1)
    Purchase.objects.filter(pk=purchase.pk).update(created_at=old)
    settlement.inspect(Purchase.objects.get(pk=purchase.pk))


def end_by_fan(purchase: Purchase) -> None:
    cancelling.cancel(purchase)


def by_webhook(standin: Standin) -> None:
    assert hear(standin, Client()) == {200}


def by_poll(standin: Standin) -> None:
    settlement.poll(timedelta(hours=1))


def by_the_book(standin: Standin) -> None:
    """The session is too old for the poll, and no webhook comes."""
    tasks.reconcile()


def test_money_that_comes_after_the_end_brings_its_coins(db: None, record_property: Record) -> None:
    """The rule: what was paid is honoured at the order's price, whoever gave the order up."""
    number = size(2, 20)
    ways = [
        (ends, heard)
        for ends in (end_by_age, end_by_fan)
        for heard in (by_webhook, by_poll, by_the_book)
    ]
    with stripe_site() as standin:
        shop = orders(number * len(ways))
        for turn, (ends, heard) in enumerate(ways):
            ours = shop[turn * number : (turn + 1) * number]
            for purchase in ours:
                ends(purchase)
                standin.account.pay(purchase.provider_reference, card=purchase.user.handle)
            nobody_asks()
            states = {"expired"} if ends is end_by_age else {"cancelled"}
            mine = Purchase.objects.filter(pk__in=[each.pk for each in ours])
            assert set(mine.values_list("state", flat=True)) == states
            heard(standin)
            work()
            assert set(mine.values_list("state", flat=True)) == {"paid"}
            record_property(f"{ends.__name__}, {heard.__name__}: paid late, honoured", number)
        assert posted("purchase") == len(shop)
        buyers = {purchase.user for purchase in shop}
        assert sum(map(coins_of, buyers)) == sum(each.coins for each in shop)
        finish()
        agree(standin)


# --- Races ------------------------------------------------------------------------------------


def on_air() -> Stream:
    creator = person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust=Creator.Trust.TRUSTED)
    return go_live(creator=creator, title="Night")


def send(buyer: User, stream: Stream, frogs: int) -> object:
    return send_gift(fan=buyer, stream=stream, gift="moss-frog", key=uuid.uuid4(), quantity=frogs)


def withdraw(purchase: Purchase, coins: int | None = None) -> Refund:
    return requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=coins)


def spent_by(buyer: User) -> int:
    return SentGift.objects.filter(fan=buyer).aggregate(spent=Sum("coins"))["spent"] or 0


def test_a_refund_against_a_gift(standin: Standin, record_property: Record) -> None:
    """Gifts of three quarters and refunds of all and of a part, at the same moment."""
    rounds, stream, seen = size(8, 1_000), on_air(), Counter[str]()
    for turn in range(rounds):
        buyer = fan(turn)
        purchase = paid(standin, buyer, COINS)
        side_by_side(
            lambda buyer=buyer: send(buyer, stream, 3),  # type: ignore[misc]  # pins it
            lambda purchase=purchase: withdraw(purchase),  # type: ignore[misc]
            lambda purchase=purchase: withdraw(purchase, 60),  # type: ignore[misc]
            lambda buyer=buyer: send(buyer, stream, 1),  # type: ignore[misc]
            sending.send_due,
            returned=DomainError,
        )
        sending.send_due()
        purchase.refresh_from_db()
        spent, returned = spent_by(buyer), purchase.returned_coins
        assert spent + returned <= COINS
        assert spent + returned + coins_of(buyer) == COINS
        seen["gifts won"] += spent > 0
        seen["refunds won"] += returned > 0
        seen["both"] += spent > 0 and returned > 0
    finish()
    agree(standin)
    record_property("rounds", rounds)
    for name, count in seen.items():
        record_property(name, count)


def test_control_without_locks_refunded_and_spent_are_more_than_bought(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stripe_site() as standin:
        stream, buyer = on_air(), fan(0)
        purchase = paid(standin, buyer, COINS)
        account = ledger.account_id("coins", "COIN", buyer.pk)
        # Opened before, or one would wait for the other that opens them.
        for kind, unit, owner in (
            ("coins_held", "COIN", buyer.pk),
            ("diamonds_held", "DIAMOND", stream.creator_id),
            ("diamonds_issued", "DIAMOND", None),
            ("coins_spent", "COIN", None),
        ):
            ledger.account_id(kind, unit, owner)
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
        monkeypatch.setattr(requests, "lock_coins", lambda user_id: None)
        with (
            without(" FOR NO KEY UPDATE", "gifts_send", "ledger_post"),
            no_floor(),
            threads.held("ledger_account", account, until=2),
        ):
            side_by_side(lambda: send(buyer, stream, 3), lambda: withdraw(purchase))
            held = Refund.objects.get().coins
            assert spent_by(buyer) + held == 3 * FROG + COINS
            assert coins_of(buyer) == -3 * FROG


chance = random.Random(4)


def there(act: Callable[[], Any]) -> Callable[[], Any]:
    """Return what happens at Stripe, sooner or later than at the site; a refusal is an answer."""

    def done() -> Any:
        time.sleep(chance.random() / 2)
        try:
            return act()
        except Refusal as refusal:
            return refusal

    return done


def dashboard(standin: Standin, purchase: Purchase, amount: int) -> Any:
    """Give money back as the dashboard does: what is left is read when it is pressed."""
    with standin.store.transaction():
        return standin.account.give_back(charge(standin, purchase), amount, {})


def money_back(standin: Standin, purchase: Purchase) -> int:
    """Return what Stripe has given back of an order by refunds, in minor units."""
    of = charge(standin, purchase)
    mine = [each for each in standin.store.all("refund") if each["charge"] == of["id"]]
    return sum(each["amount"] for each in mine if each["status"] == "succeeded")


def test_a_refund_against_a_dispute_of_the_same_charge(
    standin: Standin, record_property: Record
) -> None:
    """The fan returns coins while their bank takes the money, and we hear of it meanwhile."""
    rounds, seen = size(8, 100), Counter[str]()
    for turn in range(rounds):
        buyer = fan(turn)
        purchase = paid(standin, buyer, COINS)
        part = charge(standin, purchase)
        side_by_side(
            lambda purchase=purchase: (withdraw(purchase, 60), sending.send_due()),  # type: ignore[misc]  # pins it
            there(lambda part=part: standin.account.open_dispute(part)),  # type: ignore[misc]
            lambda purchase=purchase: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),  # type: ignore[misc]
            sending.send_due,
            returned=DomainError,
        )
        everything_due()
        sending.send_due()
        settlement.inspect(Purchase.objects.get(pk=purchase.pk))
        assert stands_as_fetched(purchase)
        dispute = purchase.disputes.get()
        assert dispute.held_coins + purchase.returned_coins + coins_of(buyer) == COINS
        won = turn % 2 == 0
        standin.account.close_dispute(standin.store.get(dispute.provider_reference) or {}, won=won)
        settlement.inspect(Purchase.objects.get(pk=purchase.pk))
        assert stands_as_fetched(purchase)
        seen["refunded before the dispute"] += money_back(standin, purchase) > 0
        seen["won" if won else "lost"] += 1
    finish()
    agree(standin)
    record_property("rounds", rounds)
    for name, count in seen.items():
        record_property(name, count)


def test_a_refund_from_the_dashboard_against_one_from_the_site(
    standin: Standin, record_property: Record
) -> None:
    """Both give back all, or more than half, at the same moment: Stripe lets one, we follow."""
    rounds, seen = size(8, 100), Counter[str]()
    for turn in range(rounds):
        buyer = fan(turn)
        purchase = paid(standin, buyer, COINS)
        all_of_it = turn % 2
        amount = purchase.total_minor if all_of_it else purchase.total_minor * 6 // 10
        from_there = there(
            lambda purchase=purchase, amount=amount: dashboard(standin, purchase, amount)  # type: ignore[misc]  # pins it
        )
        side_by_side(
            from_there,
            lambda purchase=purchase, all_of_it=all_of_it: (  # type: ignore[misc]
                withdraw(purchase, None if all_of_it else 60),
                sending.send_due(),
            ),
            lambda purchase=purchase: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),  # type: ignore[misc]
            returned=DomainError,
        )
        everything_due()
        sending.send_due()
        settlement.inspect(Purchase.objects.get(pk=purchase.pk))
        purchase.refresh_from_db()
        done = purchase.refunds.filter(state=Refund.State.DONE)
        back = money_back(standin, purchase)
        assert sum(each.total_minor for each in done) == back <= purchase.total_minor
        assert purchase.returned_coins + coins_of(buyer) == COINS
        assert done.count() == 1
        seen[f"{done.get().get_reason_display()}".lower()] += 1
    finish()
    agree(standin)
    record_property("rounds, given back twice", (rounds, 0))
    for name, count in seen.items():
        record_property(name, count)
