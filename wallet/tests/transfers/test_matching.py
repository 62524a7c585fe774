"""Money that names an order is counted by written rules: exactly, in parts, too much, too late."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from wallet.models import BankTransfer, GiveBack, Purchase
from wallet.tests.transfers.stage import (
    books_hold,
    came,
    camt,
    coins_of,
    credit,
    days_later,
    fresh,
    held,
    order,
    take,
    work,
)
from wallet.transfers.rules import Facts, decide

pytestmark = pytest.mark.django_db
State = Purchase.State
Kind = GiveBack.Kind


def back(transfer: BankTransfer) -> tuple[str, int] | None:
    found = transfer.given_back.first()
    return (found.kind, found.amount_minor) if found else None


def test_the_exact_amount_brings_the_coins(alice: User) -> None:
    before = coins_of(alice)
    purchase = order(alice)
    transfer = came(purchase)
    assert (fresh(purchase).state, transfer.state) == (State.PAID, BankTransfer.State.USED)
    assert coins_of(alice) == before + purchase.coins
    assert fresh(purchase).paid_from == "NL"
    assert (held("clearing:bank_transfer"), held("owed_payers")) == (0, 0)
    assert held("bank") == purchase.total_minor
    books_hold()


@pytest.mark.parametrize(
    "words",
    [
        "{ref}",
        "coins {low} thank you",
        "Ref.: {groups}, for Alice",
        "/ROC/{ref}//",
        "RF{rest}".lower(),
    ],
)
def test_a_reference_is_known_as_people_type_it(alice: User, words: str) -> None:
    purchase = order(alice)
    ref = purchase.provider_reference
    groups = "-".join(ref[at : at + 4] for at in range(0, len(ref), 4))
    came(purchase, words=words.format(ref=ref, low=ref.lower(), groups=groups, rest=ref[2:]))
    assert fresh(purchase).state == State.PAID


def test_parts_add_up_to_the_price(alice: User) -> None:
    purchase = order(alice)
    before = coins_of(alice)
    came(purchase, 400)
    assert fresh(purchase).state == State.PENDING
    assert coins_of(alice) == before
    books_hold()
    came(purchase, purchase.total_minor - 400)
    assert fresh(purchase).state == State.PAID
    assert coins_of(alice) == before + purchase.coins
    books_hold()


def test_what_is_too_much_goes_back(alice: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, purchase.total_minor + 250)
    assert fresh(purchase).state == State.PAID
    assert back(transfer) == (Kind.SURPLUS, 250)
    assert held("owed_payers") == 250
    books_hold()


def test_a_second_payment_goes_back(alice: User) -> None:
    purchase = order(alice)
    before = coins_of(alice)
    came(purchase)
    second = came(purchase)
    assert (second.state, back(second)) == ("owed", (Kind.SECOND, purchase.total_minor))
    assert coins_of(alice) == before + purchase.coins
    books_hold()


def test_parts_go_back_when_the_rest_does_not_come(alice: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, 400)
    days_later(purchase, 17)
    work()
    assert fresh(purchase).state == State.PENDING  # statements come some days after the money
    days_later(purchase, 1)
    work()
    work()
    assert fresh(purchase).state == State.EXPIRED
    transfer.refresh_from_db()
    assert (transfer.state, back(transfer)) == ("owed", (Kind.UNDERPAID, 400))
    assert held("owed_payers") == 400
    books_hold()
    rest = came(purchase, purchase.total_minor - 400)
    assert back(rest) == (Kind.LATE, purchase.total_minor - 400)


def test_money_that_comes_late_is_honored_in_full_and_for_so_many_days(alice: User) -> None:
    purchase = order(alice)
    days_later(purchase, 18)
    work()
    assert fresh(purchase).state == State.EXPIRED
    part = came(purchase, purchase.total_minor - 1)
    assert back(part) == (Kind.LATE, purchase.total_minor - 1)
    came(purchase)
    assert fresh(purchase).state == State.PAID
    books_hold()


def test_after_the_last_day_it_goes_back(alice: User) -> None:
    purchase = order(alice)
    days_later(purchase, 29)
    work()
    late = came(purchase)
    assert (fresh(purchase).state, back(late)) == (
        State.EXPIRED,
        (Kind.LATE, purchase.total_minor),
    )
    books_hold()


def test_the_banks_day_counts_and_not_the_day_of_the_upload(alice: User) -> None:
    purchase = order(alice)
    days_later(purchase, 29)
    in_time = timezone.localdate() - timedelta(days=16)
    came(purchase, booked=in_time)
    assert fresh(purchase).state == State.PAID
    books_hold()


def test_another_currency_waits_for_a_person(alice: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, currency="USD")
    assert (transfer.state, transfer.why) == ("review", "currency")
    assert fresh(purchase).state == State.PENDING
    books_hold()


def test_no_reference_and_two_references_wait_for_a_person(alice: User, carol: User) -> None:
    one, other = order(alice), order(carol, 500)
    nameless = came(one, words="coins please")
    both = came(one, words=f"{one.provider_reference} {other.provider_reference}")
    assert [nameless.why, both.why] == ["no_reference", "two_references"]
    assert {fresh(one).state, fresh(other).state} == {State.STARTED}
    books_hold()


def test_a_booking_named_by_two_statements_comes_once(alice: User) -> None:
    purchase = order(alice)
    entry = credit(purchase.total_minor, purchase.provider_reference, ref="B-1")
    first, second = take(entry), take(entry)
    work()
    assert (first.new, second.new, second.repeated) == (1, 0, 1)
    assert BankTransfer.objects.count() == 1
    books_hold()


def test_without_a_reference_of_the_bank_equal_bookings_of_one_file_are_two(alice: User) -> None:
    purchase = order(alice)
    entry = credit(300, purchase.provider_reference)
    take(content=camt(entry, entry, ident="A"))
    again = take(content=camt(entry, entry, ident="B"))
    assert BankTransfer.objects.count() == 2
    assert again.repeated == 2


def test_the_same_file_changes_nothing(alice: User) -> None:
    purchase = order(alice)
    content = camt(credit(purchase.total_minor, purchase.provider_reference, ref="B-1"))
    first = take(content=content)
    work()
    assert take(content=content).pk == first.pk
    work()
    assert held("bank") == purchase.total_minor


def test_a_known_booking_with_another_amount_is_told(alice: User) -> None:
    purchase = order(alice)
    take(credit(300, purchase.provider_reference, ref="B-1"))
    told = take(credit(30_000, purchase.provider_reference, ref="B-1"))
    assert "another amount" in told.attention
    work()
    assert held("bank") == 300
    books_hold()


@given(
    amounts=st.lists(st.integers(1, 3_000), min_size=1, max_size=6),
    total=st.integers(1, 2_000),
    day=st.integers(-3, 40),
    is_open=st.booleans(),
)
def test_no_order_counts_more_than_its_price(
    amounts: list[int], total: int, day: int, is_open: bool
) -> None:
    today = date(2026, 3, 1)
    received, back = 0, 0
    for amount in amounts:
        decision = decide(
            Facts(
                amount_minor=amount,
                booked_on=today + timedelta(days=day),
                total_minor=total,
                received_minor=received,
                paid=received == total,
                is_open=is_open,
                awaited_until=today + timedelta(days=14),
                honoured_until=today + timedelta(days=28),
            )
        )
        assert 0 <= decision.use_minor <= amount
        assert bool(decision.back) == (decision.use_minor < amount)
        received += decision.use_minor
        back += amount - decision.use_minor
    assert received <= total
    assert received + back == sum(amounts)
    assert received in {0, total} or (is_open and day <= 14)
