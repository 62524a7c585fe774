"""Buying: one order per press, limits, refusals, and credit exactly once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

import ledger
from accounts.models import SpendingLimit, User
from conftest import person
from foundation.errors import WrongState
from ledger.checks import run as check_books
from ledger.models import Posting
from wallet.limits import spending
from wallet.models import Bundle, BundlePrice, Purchase, SandboxPayment
from wallet.providers.base import ProviderOff
from wallet.purchases import buying, settlement
from wallet.tests.stage import order, pack, paid, press

pytestmark = pytest.mark.django_db
State = Purchase.State
Theirs = SandboxPayment.State


def coins_of(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def test_a_paid_order_credits_coins_and_books_net_and_tax(carol: User) -> None:
    purchase = paid(carol)
    assert (purchase.state, purchase.due_at) == (State.PAID, None)
    assert coins_of(carol) == 1_000
    assert ledger.balance("clearing:sandbox", "EUR") == 1_159
    assert ledger.balance("unearned", "EUR") == 974
    assert ledger.balance("tax:DE", "EUR") == 185
    assert [e.state for e in purchase.events.all()] == ["created", "started", "paid"]
    assert check_books() == []


def test_looking_again_credits_nothing_more(carol: User) -> None:
    purchase = paid(carol)
    for _ in range(3):
        settlement.inspect(purchase)
    assert coins_of(carol) == 1_000
    assert Posting.objects.filter(kind="purchase").count() == 1


def test_pressing_twice_places_one_order(carol: User) -> None:
    key = uuid.uuid4()
    first, second = (
        buying.buy(user=carol, key=key, method="card", bundle=pack(carol)) for _ in range(2)
    )
    assert first.pk == second.pk
    assert Purchase.objects.count() == 1


def test_a_key_used_for_something_else_is_refused(carol: User) -> None:
    key = uuid.uuid4()
    buying.buy(user=carol, key=key, method="card", coins=1_000)
    for coins, total in ((500, None), (1_000, 1_158)):
        with pytest.raises(ledger.KeyReused):
            buying.buy(user=carol, key=key, method="card", coins=coins, expected_total_minor=total)
    with pytest.raises(ledger.KeyReused):
        buying.buy(user=carol, key=key, method="bank", coins=1_000)
    assert Purchase.objects.count() == 1


def test_two_fans_may_use_the_same_key(alice: User, carol: User) -> None:
    key = uuid.uuid4()
    orders = {buying.buy(user=u, key=key, method="card", coins=100).pk for u in (alice, carol)}
    assert len(orders) == 2


def test_starting_twice_opens_one_payment(carol: User) -> None:
    purchase = order(carol)
    assert buying.start(purchase) == buying.start(purchase)
    assert SandboxPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("pressed", "state"),
    [
        (Theirs.DECLINED, State.DECLINED),
        (Theirs.EXPIRED, State.EXPIRED),
        (Theirs.PROCESSING, State.PENDING),
        (Theirs.NEEDS_AUTHENTICATION, State.AUTHENTICATING),
    ],
)
def test_what_is_not_paid_credits_nothing(carol: User, pressed: Theirs, state: State) -> None:
    purchase = order(carol)
    press(purchase, pressed)
    assert settlement.inspect(purchase).state == state
    assert coins_of(carol) == 0
    assert not Posting.objects.filter(kind="purchase").exists()


def test_money_that_comes_late_still_brings_coins(carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.filter(pk=purchase.pk).update(state=State.EXPIRED, due_at=None)
    press(purchase, Theirs.SUCCEEDED)
    assert settlement.inspect(purchase).state == State.PAID
    assert coins_of(carol) == 1_000


@pytest.mark.parametrize(
    "wrong",
    [{"amount_minor": 1_158}, {"currency": "USD"}, {"idempotency_key": "somebody else's"}],
)
def test_a_payment_that_does_not_match_goes_to_review(
    carol: User, wrong: dict[str, object]
) -> None:
    purchase = order(carol)
    press(purchase, Theirs.SUCCEEDED)
    SandboxPayment.objects.update(**wrong)
    reviewed = settlement.inspect(purchase)
    assert (reviewed.state, reviewed.due_at) == (State.REVIEW, None)
    assert reviewed.needs_attention
    assert coins_of(carol) == 0


def test_an_order_that_is_over_cannot_be_paid_again(carol: User) -> None:
    with pytest.raises(WrongState):
        buying.start(paid(carol))


def test_a_price_that_changed_meanwhile_charges_nothing(carol: User) -> None:
    BundlePrice.objects.create(bundle=pack(carol), price_minor=1_259)
    with pytest.raises(buying.PriceChanged, match=r"€12\.59"):
        buying.buy(
            user=carol,
            key=uuid.uuid4(),
            method="card",
            bundle=pack(carol),
            expected_total_minor=1_159,
        )
    assert not Purchase.objects.exists()


def test_a_pack_of_another_region_or_off_sale_is_refused(carol: User) -> None:
    for bundle in (
        Bundle.objects.filter(region="us")[0],
        Bundle(region=carol.region, active=False),
    ):
        with pytest.raises(buying.BundleGone):
            buying.buy(user=carol, key=uuid.uuid4(), method="card", bundle=bundle)


def test_an_unknown_way_to_pay_is_refused(carol: User) -> None:
    with pytest.raises(ProviderOff):
        buying.buy(user=carol, key=uuid.uuid4(), method="cheque", coins=100)


def test_without_providers_nothing_is_sold(carol: User, settings: object) -> None:
    settings.PAYMENT_PROVIDERS = []  # type: ignore[attr-defined]  # pytest-django's fixture
    with pytest.raises(ProviderOff):
        buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=100)


def test_without_a_country_there_is_no_price(carol: User) -> None:
    carol.country = None
    carol.save()
    with pytest.raises(buying.CountryUnknown):
        buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=100)


def test_people_under_age_cannot_buy(carol: User) -> None:
    carol.date_of_birth = timezone.now().date() - timedelta(days=365 * 17)
    carol.save()
    with pytest.raises(buying.TooYoung) as refusal:
        buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=100)
    assert refusal.value.detail == (
        "You must be 18 to buy coins in Germany. Until then you can watch and chat."
    )


def test_a_new_fan_may_buy_for_fifty_dollars_a_day(carol: User) -> None:
    paid(carol, 2_500)
    paid(carol, 2_500)
    with pytest.raises(spending.OverLimit) as refusal:
        order(carol, 100)
    assert refusal.value.detail == (
        "You can buy up to 5,000 coins a day. You have 0 left. Choose fewer coins."
    )
    assert Purchase.objects.count() == 2


def test_orders_that_failed_free_the_limit(carol: User) -> None:
    purchase = order(carol, 5_000)
    press(purchase, Theirs.DECLINED)
    settlement.inspect(purchase)
    assert order(carol, 5_000).state == State.STARTED


def test_everybody_has_a_limit_for_a_day_a_week_and_a_month() -> None:
    fan = person("veteran", date_joined=timezone.now() - timedelta(days=100))
    paid(fan, 50_000)
    with pytest.raises(spending.OverLimit, match="50,000 coins a day"):
        order(fan, 50)
    for days in (2, 3, 4):
        Purchase.objects.filter(created_at__gt=timezone.now() - timedelta(days=1)).update(
            created_at=timezone.now() - timedelta(days=days)
        )
        paid(fan, 50_000)
    Purchase.objects.filter(created_at__gt=timezone.now() - timedelta(days=1)).update(
        created_at=timezone.now() - timedelta(days=5)
    )
    with pytest.raises(spending.OverLimit, match="200,000 coins a week"):
        order(fan, 50)
    for days in (8, 9, 10, 11, 12, 13):
        Purchase.objects.filter(created_at__gt=timezone.now() - timedelta(days=7)).update(
            created_at=timezone.now() - timedelta(days=days)
        )
        if days < 13:
            paid(fan, 50_000)
    assert spending.bought(fan)[SpendingLimit.Span.MONTH] == 450_000
    last = paid(fan, 49_999)
    Purchase.objects.filter(pk=last.pk).update(created_at=timezone.now() - timedelta(days=14))
    with pytest.raises(spending.OverLimit, match=r"500,000 coins a month\. You have 1 left\."):
        order(fan, 50)


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_a_fans_own_limit_binds(alice: User, span: str) -> None:
    spending.set_limit(user=alice, span=span, coins=1_200)
    order(alice, 1_000)
    with pytest.raises(spending.OverSpendingLimit) as refusal:
        order(alice, 300)
    assert refusal.value.code == "over_spending_limit"
    assert "You have 200 left." in refusal.value.detail


def test_own_limits_fall_at_once_and_rise_after_a_day(alice: User) -> None:
    assert spending.set_limit(user=alice, span="day", coins=1_000).in_force == 1_000
    assert spending.set_limit(user=alice, span="day", coins=400).in_force == 400
    raised = spending.set_limit(user=alice, span="day", coins=5_000)
    assert (raised.in_force, raised.next_coins) == (400, 5_000)
    none_at_all = spending.set_limit(user=alice, span="day", coins=None)
    assert none_at_all.in_force == 400
    SpendingLimit.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert alice.spending_limits.get().in_force is None
    assert spending.set_limit(user=alice, span="day", coins=9_000).in_force == 9_000


def test_who_holds_an_old_picture_of_an_order_cannot_move_it(carol: User) -> None:
    """The step is compare-and-set: it refuses even where the row is not locked."""
    stale = order(carol)
    press(stale, Theirs.SUCCEEDED)
    settlement.inspect(Purchase.objects.get(pk=stale.pk))
    with pytest.raises(WrongState):
        stale.move(State.DECLINED)
    assert Purchase.objects.get(pk=stale.pk).state == State.PAID
    assert stale.events.count() == 3
