"""Orders that come due together: asked about by the page, settled in one transaction."""

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from stripe_standin.faults import Kind as Fault
from stripe_standin.operations import start
from stripe_standin.server import Standin
from wallet.models import Purchase, VelocityHit
from wallet.providers.stripe.provider import provider
from wallet.providers.stripe.together import FEW, PAGE
from wallet.purchases import capturing, settlement
from wallet.tests.stripe.stage import asked, charge, coins_of, crowd, make_due, order, states
from wallet.tests.velocity.stage import Kind, only

pytestmark = pytest.mark.django_db
State = Purchase.State
LIST, ONE = "/v1/checkout/sessions", "/v1/checkout/sessions/{session}"
MANY = FEW + 4


def strangers(standin: Standin, many: int) -> None:
    """Let sessions be opened that are not of the batch."""
    price = {"currency": "eur", "unit_amount": "500"}
    item = {"price_data": price, "quantity": "1"}
    for _ in range(many):
        wish = {"mode": "payment", "line_items": [item], "success_url": "https://shop.test/"}
        start(standin.account, wish, "")


def test_many_orders_are_asked_about_in_one_page(standin: Standin) -> None:
    orders, seen = crowd(standin, MANY), asked(standin)
    assert settlement.sweep() == MANY
    forms = [form for form, _params in seen]
    assert (forms.count(LIST), forms.count(ONE), forms.count("/v1/disputes")) == (1, 1, 1)
    assert states(orders) == [State.PAID] * MANY
    assert [coins_of(each.user) for each in orders] == [1_000] * MANY
    assert Purchase.objects.filter(due_at=None).count() == MANY


def test_a_page_says_what_each_answer_alone_says(standin: Standin) -> None:
    """Paid, refunded, disputed, declined, still open: whoever asks, and however."""
    paid = crowd(standin, 3)
    other = [order(person(f"other{number}")) for number in range(4)]
    standin.account.give_back(charge(standin, paid[0]), 100, {})
    standin.account.open_dispute(charge(standin, paid[1]))
    standin.account.decline(other[0].provider_reference)
    standin.account.pay_later(other[1].provider_reference)
    standin.account.expire(other[2].provider_reference)
    names = [each.provider_reference for each in reversed([*paid, *other])]
    together = provider.together(names)
    seen = asked(standin)
    found = [together(name) for name in names]
    assert [form for form, _params in seen].count(ONE) == 1  # the page's beginning
    assert found == [provider.fetch(name) for name in names]


def test_what_lies_between_is_passed_over(standin: Standin) -> None:
    """Each page begins at an order of the batch, so that strangers fill no page alone."""
    older = crowd(standin, MANY, "older")
    strangers(standin, PAGE)
    newer = crowd(standin, MANY, "newer")
    seen = asked(standin)
    settlement.sweep()
    assert states(older + newer) == [State.PAID] * 2 * MANY
    forms = [form for form, _params in seen]
    assert (forms.count(LIST), forms.count(ONE)) == (2, 2)


def test_pages_of_strangers_are_not_turned(standin: Standin) -> None:
    orders = []
    for number in range(MANY):
        orders += crowd(standin, 1, f"lonely{number}x")
        strangers(standin, PAGE)
    seen = asked(standin)
    settlement.sweep()
    assert states(orders) == [State.PAID] * MANY
    forms = [form for form, _params in seen]
    assert (forms.count(LIST), forms.count(ONE)) == (1, MANY)


def test_a_few_orders_are_asked_about_one_by_one(standin: Standin) -> None:
    orders, seen = crowd(standin, FEW), asked(standin)
    settlement.sweep()
    assert states(orders) == [State.PAID] * FEW
    assert [form for form, _params in seen].count(LIST) == 0


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.DROP_BEFORE, Fault.DROP_AFTER])
def test_a_page_that_does_not_come_costs_nothing_but_questions(
    standin: Standin, fault: Fault
) -> None:
    orders = crowd(standin, MANY)
    standin.faults.order(fault, path=LIST, method="GET")
    seen = asked(standin)
    settlement.sweep()
    assert states(orders) == [State.PAID] * MANY
    assert [form for form, _params in seen].count(ONE) == MANY


def test_a_page_that_begins_nowhere_costs_nothing_but_questions(standin: Standin) -> None:
    """The newest order's session is another account's: it is put off, and the others are paid."""
    orders = crowd(standin, MANY)
    Purchase.objects.filter(pk=orders[-1].pk).update(provider_reference="cs_test_gone")
    settlement.sweep()
    assert states(orders) == [State.PAID] * (MANY - 1) + [State.STARTED]
    assert Purchase.objects.get(pk=orders[-1].pk).due_at is not None


def test_an_amount_that_a_page_tells_is_compared(standin: Standin) -> None:
    orders = crowd(standin, MANY)
    Purchase.objects.filter(pk=orders[2].pk).update(
        total_minor=orders[2].total_minor + 1, net_minor=orders[2].net_minor + 1
    )
    settlement.sweep()
    expected = [State.PAID] * MANY
    expected[2] = State.REVIEW
    assert states(orders) == expected
    assert coins_of(orders[2].user) == 0


def test_statements_do_not_grow_with_the_orders(standin: Standin) -> None:
    """Warm first: the first order of a kind opens accounts and reads what is kept then."""

    def statements(many: int, name: str) -> int:
        crowd(standin, many, name)
        with CaptureQueriesContext(connection) as asked_for:
            assert settlement.sweep() == many
        return len(asked_for)

    statements(MANY, "warm")
    assert statements(3 * MANY, "thrice") == statements(MANY, "once")


def test_one_that_cannot_be_credited_keeps_up_no_other(standin: Standin) -> None:
    """Its key was used for something else: its batch is undone and settled one by one."""
    orders = crowd(standin, MANY)
    broken = orders[3]
    legs = [ledger.Leg("COIN", *_issued_and_coins(broken.user), 1)]
    ledger.post_one(key=capturing.posting_key(broken), kind="test", legs=legs)
    assert settlement.sweep() == MANY
    expected = [State.PAID] * MANY
    expected[3] = State.STARTED
    assert states(orders) == expected
    assert coins_of(broken.user) == 1  # of the other posting
    assert {coins_of(each.user) for each in orders if each != broken} == {1_000}
    broken.refresh_from_db()
    assert (broken.attempts, broken.due_at is None) == (1, False)


def _issued_and_coins(user: User) -> tuple[int, int]:
    issued, coins = ledger.account_ids([("coins_issued", "COIN", None), ("coins", "COIN", user.pk)])
    return issued, coins


def test_orders_of_one_card_in_a_batch_are_counted_one_after_another(standin: Standin) -> None:
    """The rule lets two accounts use one card: the first two of a batch, as if they had come alone.

    Counted together, each would find all of them, and be held.
    """
    only(Kind.ACCOUNTS_PER_CARD, threshold=2)
    orders = crowd(standin, 4, card="4321")
    settlement.sweep()
    assert sorted(states(orders)) == [State.PAID] * 2 + [State.REVIEW] * 2
    assert sorted(VelocityHit.objects.values_list("counted", flat=True)) == [3, 4]


def test_orders_of_one_fan_in_a_batch_are_counted_one_after_another(standin: Standin) -> None:
    only(Kind.CARDS_PER_ACCOUNT, threshold=2)
    fan = person("collector")
    orders = [order(fan, coins) for coins in (1_000, 1_100, 1_200, 1_300)]
    for number, each in enumerate(orders):
        standin.account.pay(each.provider_reference, card=f"{number}")
        make_due(each)
    settlement.sweep()
    assert sorted(states(orders)) == [State.PAID] * 2 + [State.REVIEW] * 2
    assert sorted(VelocityHit.objects.values_list("counted", flat=True)) == [3, 4]


def test_what_a_rule_holds_waits_and_the_rest_of_its_batch_does_not(standin: Standin) -> None:
    only(Kind.COUNTRIES)
    orders = crowd(standin, MANY)
    abroad = order(person("abroad"))
    standin.account.pay(abroad.provider_reference, card="abroad", country="US")
    make_due(abroad)
    settlement.sweep()
    assert states([*orders, abroad]) == [State.PAID] * MANY + [State.REVIEW]
    assert [hit.purchase for hit in VelocityHit.objects.all()] == [abroad]
    assert coins_of(abroad.user) == 0


@pytest.mark.parametrize("was", [State.PAID, State.CREATED])
def test_orders_move_to_paid_together_or_none_does(standin: Standin, was: State) -> None:
    """One was moved by somebody else since it was read; one may not be paid from where it is."""
    orders = crowd(standin, 2)
    moved = Purchase.objects.filter(pk=orders[1].pk)
    moved.update(state=was, captured_at=Now() if was == State.PAID else None)
    if was == State.CREATED:
        orders[1].refresh_from_db()
    with pytest.raises(WrongState), transaction.atomic():
        capturing.capture(orders)
    assert states(orders) == [State.STARTED, was]
    assert [coins_of(each.user) for each in orders] == [0, 0]
