"""The ledger's rules, one by one."""

import pytest
from django.db import DatabaseError, connection, transaction

import ledger
from accounts.models import User
from conftest import give_coins
from ledger import Leg, Order, checks
from ledger.models import Account, Key, Posting

pytestmark = pytest.mark.django_db


def spend(user: User, coins: int, key: str = "spend") -> Order:
    """Return the order of a fan's coins being spent."""
    return Order(
        key,
        "test",
        [
            Leg(
                "COIN",
                ledger.account_id("coins", "COIN", user.pk),
                ledger.account_id("coins_spent", "COIN"),
                coins,
            )
        ],
    )


def test_a_posting_moves_both_sides(alice: User) -> None:
    (answer,) = ledger.post([spend(alice, 300)])
    assert answer.outcome == "done"
    assert ledger.balance("coins", "COIN", alice.pk) == 4_700
    assert ledger.balance("coins_spent", "COIN") == 300
    assert ledger.balance("coins_issued", "COIN") == 5_000


def test_the_same_key_and_input_answer_as_before(alice: User) -> None:
    first, second = (ledger.post([spend(alice, 300)])[0] for _ in range(2))
    assert (first.outcome, second.outcome) == ("done", "already")
    assert first.posting_id == second.posting_id
    assert ledger.balance("coins", "COIN", alice.pk) == 4_700


def test_the_same_key_with_another_input_is_refused(alice: User) -> None:
    ledger.post([spend(alice, 300)])
    with pytest.raises(ledger.KeyReused) as refusal:
        ledger.post([spend(alice, 301)])[0].or_raise()
    assert (refusal.value.status, refusal.value.code) == (422, "key_reused")
    assert ledger.balance("coins", "COIN", alice.pk) == 4_700


def test_a_guarded_account_never_goes_below_zero(alice: User) -> None:
    with pytest.raises(ledger.NotEnough) as refusal:
        ledger.post([spend(alice, 5_001)])[0].or_raise()
    assert refusal.value.facts["missing"] == 1
    assert not Posting.objects.filter(key="spend").exists()


def test_the_constraint_holds_where_the_function_is_bypassed(alice: User) -> None:
    with pytest.raises(DatabaseError, match="balance_never_negative"), transaction.atomic():
        Account.objects.filter(owner=alice, kind="coins").update(balance=-1)


def test_a_refused_order_refuses_only_itself(alice: User) -> None:
    answers = ledger.post(
        [spend(alice, 3_000, "a"), spend(alice, 3_000, "b"), spend(alice, 2_000, "c")]
    )
    assert [a.outcome for a in answers] == ["done", "refused", "done"]
    assert ledger.balance("coins", "COIN", alice.pk) == 0


def test_a_reversal_is_the_exact_mirror_and_happens_once(alice: User) -> None:
    ledger.post([spend(alice, 300)])
    ledger.post_one(key="undo", kind="undo", reverses="spend")
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000
    assert ledger.balance("coins_spent", "COIN") == 0
    again = ledger.post([Order("undo-2", "undo", reverses="spend")])[0]
    of_a_reversal = ledger.post([Order("undo-3", "undo", reverses="undo")])[0]
    assert (again.code, of_a_reversal.code) == ("already_reversed", "reversal_is_final")


@pytest.mark.parametrize("amount", [0, -5])
def test_amounts_are_positive(alice: User, amount: int) -> None:
    assert ledger.post([spend(alice, amount)])[0].code == "bad_transfer"


def test_units_do_not_mix(alice: User) -> None:
    legs = [
        Leg(
            "COIN",
            ledger.account_id("coins", "COIN", alice.pk),
            ledger.account_id("diamonds_issued", "DIAMOND"),
            1,
        )
    ]
    assert ledger.post([Order("mixed", "test", legs)])[0].code == "bad_transfer"


def test_an_account_that_does_not_exist_is_refused(alice: User) -> None:
    legs = [Leg("COIN", ledger.account_id("coins", "COIN", alice.pk), 999_999_999, 1)]
    assert ledger.post([Order("nowhere", "test", legs)])[0].code == "bad_transfer"


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_transfer"])
@pytest.mark.parametrize(
    "change", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {} CASCADE"]
)
def test_history_is_append_only(alice: User, table: str, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(change.format(table))


def test_what_may_happen_once_is_claimed_once(alice: User) -> None:
    ledger.post([spend(alice, 300)])
    ledger.post_one(key="undo", kind="undo", reverses="spend")
    for key in ("spend", "undo", "reverses:spend"):
        taken = Key.objects.get(key=key)
        with pytest.raises(DatabaseError, match="ledger_key_pkey"), transaction.atomic():
            Key.objects.create(
                key=key, posting=taken.posting, input_hash=b"", created_at=taken.created_at
            )


@pytest.fixture
def two_fans(alice: User, carol: User) -> tuple[User, User]:
    give_coins(carol, 100)
    return alice, carol


def test_a_batch_in_which_all_is_well_is_written_as_one(two_fans: tuple[User, User]) -> None:
    answers = ledger.post(
        [spend(fan, 30, f"{fan.handle}:{n}") for n in range(3) for fan in two_fans]
    )
    assert {a.outcome for a in answers} == {"done"}
    assert [ledger.balance("coins", "COIN", fan.pk) for fan in two_fans] == [4_910, 10]
    keys = Posting.objects.filter(pk__in=[a.posting_id for a in answers]).order_by("pk")
    assert [p.key for p in keys] == [f"{who}:{n}" for n in range(3) for who in ("alice", "carol")]
    assert not checks.run()


def test_who_runs_out_within_a_batch_runs_out_alone(two_fans: tuple[User, User]) -> None:
    answers = ledger.post(
        [spend(fan, 40, f"{fan.handle}:{n}") for n in range(3) for fan in two_fans]
    )
    assert [a.code for a in answers] == [None] * 5 + ["insufficient"]
    assert answers[5].detail["missing"] == 20
    assert [ledger.balance("coins", "COIN", fan.pk) for fan in two_fans] == [4_880, 20]


def test_a_batch_may_spend_what_it_brings_first(carol: User) -> None:
    account = ledger.account_id("coins", "COIN", carol.pk)
    issued = ledger.account_id("coins_issued", "COIN")
    brings = Order("brings", "test", [Leg("COIN", issued, account, 50)])
    takes = spend(carol, 50, "takes")
    assert [a.code for a in ledger.post([takes, brings])] == ["insufficient", None]
    ledger.post([spend(carol, 50, "again")])
    again = [Order("brings-2", "test", brings.legs), spend(carol, 50, "takes-2")]
    assert [a.code for a in ledger.post(again)] == [None, None]
    assert ledger.balance("coins", "COIN", carol.pk) == 0


def test_one_key_twice_in_a_batch_is_one_posting(alice: User) -> None:
    same, other = spend(alice, 30, "same"), spend(alice, 31, "same")
    answers = ledger.post([same, same, other, spend(alice, 5, "next")])
    assert [a.outcome for a in answers] == ["done", "already", "refused", "done"]
    assert answers[2].code == "key_reused"
    assert answers[0].posting_id == answers[1].posting_id == answers[2].posting_id
    assert ledger.balance("coins", "COIN", alice.pk) == 4_965
    assert Key.objects.filter(key__in=["same", "next"]).count() == 2


def test_a_batch_may_take_back_what_it_wrote_once(alice: User) -> None:
    answers = ledger.post(
        [
            spend(alice, 30),
            Order("back", "undo", reverses="spend"),
            Order("back-2", "undo", reverses="spend"),
            Order("back-3", "undo", reverses="nothing"),
        ]
    )
    assert [a.code for a in answers] == [None, None, "already_reversed", "nothing_to_reverse"]
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000
    assert not checks.run()


def test_transfers_bear_the_moment_of_their_posting(alice: User) -> None:
    (answer,) = ledger.post([spend(alice, 30)])
    posting = Posting.objects.get(key="spend")
    assert posting.pk == answer.posting_id
    moments = posting.transfers.values_list("created_at", flat=True)
    assert list(moments) == [posting.created_at]
