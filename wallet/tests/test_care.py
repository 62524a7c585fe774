"""Care for who spends: pauses hold in the shop, unusual weeks are named, limits are on one page."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SpendingLimit, SpendingPause, User
from accounts.pauses import SpendingPaused, take_pause
from conftest import person
from wallet.limits.spending import set_limit
from wallet.limits.unusual import unusual_week
from wallet.models import Purchase, SandboxPayment, SpendingPolicy
from wallet.purchases import buying, settlement
from wallet.tests.stage import order, pack, paid, press

pytestmark = pytest.mark.django_db
Length = SpendingPause.Length


def test_in_a_pause_nothing_is_bought_and_nothing_is_paid(carol: User, client: Client) -> None:
    waiting = order(carol, 300)
    take_pause(user=carol, length=Length.DAY)
    with pytest.raises(SpendingPaused):
        order(carol, 1_000)
    client.force_login(carol)
    bundle = str(pack(carol).pk)
    form = {"key": str(uuid.uuid4()), "method": "card", "pack": bundle, "seen": bundle}
    answer = client.post("/coins/checkout/", form | {"total": "1159"})
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "spending_paused")
    pay = client.post(reverse("wallet:order_pay", args=[waiting.public_id]))
    assert (pay.status_code, pay["X-Error-Code"]) == (403, "spending_paused")
    shop = client.get("/coins/").content.decode()
    assert "You paused spending until" in shop and 'href="/wallet/limits/"' in shop
    assert "disabled" in shop.split('id="pay"')[1].split(">")[0]
    assert Purchase.objects.count() == 1


def test_the_sale_looks_at_the_pause_under_the_lock(carol: User) -> None:
    """A page that was read before the pause sells nothing after it."""
    before = User.objects.get(pk=carol.pk)
    take_pause(user=carol, length=Length.GOOD)
    assert before.spending_paused_until is None
    with pytest.raises(SpendingPaused, match="for good"):
        buying.buy(user=before, key=uuid.uuid4(), method="card", coins=100)


def test_what_was_paid_before_a_pause_is_credited(carol: User) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    take_pause(user=carol, length=Length.GOOD)
    assert settlement.inspect(purchase).state == Purchase.State.PAID


def test_a_pause_is_asked_for_on_the_page_of_the_limits(carol: User, client: Client) -> None:
    client.force_login(carol)
    address = reverse("wallet:pause")
    unsure = client.post(address, {"length": "week"})
    assert unsure.status_code == 422
    assert "Confirm that nobody can end the pause early." in unsure.content.decode()
    assert client.post(address, {"length": "a moment", "sure": "on"}).status_code == 422
    assert not SpendingPause.objects.exists()
    assert client.post(address, {"length": "week", "sure": "on"})["Location"] == "/wallet/limits/"
    assert "You paused spending until" in client.get("/wallet/limits/").content.decode()
    shorter = client.post(address, {"length": "day", "sure": "on"})
    assert shorter.status_code == 409
    assert "Your pause already lasts" in shorter.content.decode()


def test_limits_of_everyone_stand_in_money_first(carol: User, client: Client) -> None:
    client.force_login(carol)
    page = client.get("/wallet/limits/?next=/live/1/").content.decode()
    assert "about €579.50 (50,000 coins)" in page and "(200,000 coins)" in page
    assert "(500,000 coins)" in page and "(5,000 coins)" in page  # a month, and a new fan's day
    assert 'href="/live/1/"' in page


def test_a_limit_for_one_creator_is_set_and_shown(bob: User, carol: User, client: Client) -> None:
    client.force_login(carol)
    address = reverse("wallet:creator_limit")
    for wrong in ({"creator": "nobody"}, {"creator": "carol"}, {"creator": "bob", "coins": "-1"}):
        answer = client.post(address, {"span": "week"} | wrong)
        assert answer.status_code == 422
    form = {"creator": "@Bob", "span": "week", "coins": "500"}
    assert client.post(address, form)["Location"] == "/wallet/limits/"
    limit = SpendingLimit.objects.get()
    assert (limit.creator, limit.span, limit.coins) == (bob, "week", 500)
    assert "500 coins, a week" in client.get("/wallet/limits/").content.decode()
    client.post(address, form | {"coins": ""})  # no limit: only after the day of thought
    page = client.get("/wallet/limits/").content.decode()
    assert "500 coins, a week" in page and "no limit from" in page
    assert SpendingLimit.objects.get().in_force == 500


def test_a_limit_for_one_creator_does_not_bound_buying(bob: User, carol: User) -> None:
    set_limit(user=carol, span="day", coins=10, creator=bob)
    assert order(carol).coins == 1_000
    set_limit(user=carol, span="day", coins=2_000)
    assert SpendingLimit.objects.count() == 2


def bought(fan: User, coins: int, *, days_ago: float) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Purchase.objects.filter(pk=paid(fan, coins).pk).update(created_at=at, captured_at=at)


def veteran(**more: Any) -> User:
    return person("veteran", date_joined=timezone.now() - timedelta(days=100), **more)


def test_a_week_far_above_the_usual_one_is_named(client: Client) -> None:
    fan = veteran()
    for week in range(1, 9):
        bought(fan, 1_000, days_ago=7 * week + 1)
    bought(fan, 5_000, days_ago=1)
    found = unusual_week(fan)
    assert found is not None
    assert ([str(amount) for amount in found.paid], found.times) == (["€56.59"], 5)
    client.force_login(fan)
    shop = client.get("/coins/").content.decode()
    assert "You bought coins for €56.59 in the last 7 days." in shop
    assert "That is about 5 times your usual week." in shop
    assert 'href="/wallet/limits/"' in shop
    SpendingPolicy.objects.update(unusual_times=5)
    assert unusual_week(fan) is None


def test_a_usual_week_is_not_named() -> None:
    fan = veteran()
    for week in range(1, 9):
        bought(fan, 2_000, days_ago=7 * week + 1)
    bought(fan, 6_000, days_ago=1)  # three times as much, not more
    assert unusual_week(fan) is None


def test_little_money_is_never_unusual() -> None:
    fan = veteran()
    bought(fan, 4_999, days_ago=1)
    assert unusual_week(fan) is None
    SpendingPolicy.objects.update(unusual_from_usd=40)
    assert unusual_week(fan) is not None


def test_who_joined_lately_has_no_usual_week() -> None:
    fan = person("fresh", date_joined=timezone.now() - timedelta(days=13))
    bought(fan, 10_000, days_ago=1)
    assert unusual_week(fan) is None
