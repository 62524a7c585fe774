"""The bank's balance beside the ledger's: a difference stands until two people explain it."""

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import person
from payouts import refusals
from payouts.models import BankBalance, Proposal
from payouts.proposals import services
from payouts.statements import balances
from payouts.tests.bank import camt, entry, held, read
from payouts.tests.browsers import browser
from payouts.tests.builders import came_back, confirm_all, eur, fresh, ready, sent


def day(number: int, opening: str, closing: str, *rows: str) -> bytes:
    at = f"2026-03-{number:02}"
    return camt(held("OPBD", opening, at), held("CLBD", closing, at), *rows, ident=f"D-{number}")


def open_sums() -> list[int]:
    return [one.minor for one in balances.unexplained()]


@pytest.fixture
def gina(db: None) -> User:
    return person("gina", is_staff=True, is_superuser=True)


def explain(amount: int, dana: User, erin: User) -> Proposal:
    newest = balances.newest()[0].balance
    proposal = services.propose_explanation(
        balance=newest, by=dana, reason="Capital paid in", amount_minor=amount
    )
    return services.confirm(proposal=proposal, by=erin)


def test_a_difference_stands_until_two_people_explain_it(
    bob: User, dana: User, erin: User, gina: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    read(dana, day(10, "5000.00", "4930.32", entry("68.18", payout.end_to_end_id)))
    assert open_sums() == [500_000 - 150]
    with pytest.raises(refusals.OwnUpload):
        explain(500_000, erin, dana)
    assert open_sums() == [500_000 - 150]  # one person has explained nothing
    services.confirm(proposal=Proposal.objects.get(), by=gina)
    assert open_sums() == [-150]
    assert on_the_first_page(dana) == (1, True)
    read(erin, day(11, "4930.32", "4930.32"))
    assert open_sums() == [-150]
    explain(-150, dana, gina)
    assert open_sums() == []
    assert on_the_first_page(dana) == (0, False)


def on_the_first_page(dana: User) -> tuple[int, bool]:
    entries = browser(dana).get(reverse("admin:index")).context["queues"]
    queue = next(entry["queue"] for entry in entries if entry["queue"].name == "balances")
    return queue.count, queue.late


def test_a_charge_that_is_booked_explains_itself(
    bob: User, dana: User, erin: User, gina: User
) -> None:
    read(dana, day(10, "5000.00", "4990.10", entry("9.90", "NOTPROVIDED")))
    explain(500_000, erin, gina)
    line = BankBalance.objects.get().statement.lines.get()
    services.propose_for_line(line=line, kind=Proposal.Kind.CHARGE, by=erin, reason="March")
    assert open_sums() == [-990]
    confirm_all(gina)
    assert open_sums() == []


def test_the_test_bank_keeps_its_balance(
    bob: User, carol: User, dana: User, erin: User, gina: User
) -> None:
    payout, other = ready(bob), ready(carol, 2_000)
    came_back(dana, erin, sent(dana, erin, payout), payout)
    came_back(dana, erin, sent(dana, erin, other))
    assert open_sums() == [1_000_000]
    assert not balances.gaps().exists()
    explain(1_000_000, erin, gina)
    assert (open_sums(), eur("bank")) == ([], -1364)
    assert fresh(other).state == "settled"


def test_a_missing_statement_is_told(dana: User, erin: User, gina: User) -> None:
    read(dana, day(10, "100.00", "100.00"))
    read(dana, day(12, "90.00", "90.00"))
    assert [gap.opening_minor for gap in balances.gaps()] == [9_000]
    page = browser(erin).get(reverse("admin:payouts_bankstatement_changelist"))
    assert "D-12 opens with €90.00, but the one before closed with €100.00" in page.content.decode()
    read(dana, day(11, "100.00", "90.00"))
    assert not balances.gaps().exists()


def test_a_gap_is_explained_by_two_people(dana: User, erin: User, gina: User) -> None:
    read(dana, day(10, "100.00", "100.00"))
    read(dana, day(12, "90.00", "90.00"))
    gap = balances.gaps().get()
    press = reverse("admin:payouts_bankstatement_explain", args=[gap.statement_id])
    browser(erin).post(press, {"balance": gap.pk, "reason": "The bank lost a statement"})
    assert balances.gaps().exists()
    confirm_all(gina)
    assert not balances.gaps().exists()
    assert open_sums() == [9_000]  # what it holds is another question


@pytest.mark.parametrize("amount", ["", "0", "1e9", "NaN", "1.005", "12,50", "9" * 40])
def test_an_amount_that_cannot_be_read_changes_nothing(dana: User, amount: str) -> None:
    read(dana, day(10, "100.00", "100.00"))
    balance = BankBalance.objects.get()
    press = reverse("admin:payouts_bankstatement_explain", args=[balance.statement_id])
    answer = browser(dana).post(
        press, {"balance": balance.pk, "reason": "Capital", "amount": amount}, follow=True
    )
    assert "Enter an amount other than 0" in answer.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "written",
    [
        "",
        held("ITBD", "5.00"),
        held("CLBD", "five"),
        held("CLBD", "5.00", mark="UP"),
        held("CLBD", "5.00").replace("EUR", "XXQ"),
    ],
)
def test_what_is_no_closing_balance_is_left_out(dana: User, written: str) -> None:
    read(dana, camt(written))
    assert not BankBalance.objects.exists()


def test_an_overdrawn_account_is_below_zero(dana: User) -> None:
    read(dana, camt(held("CLBD", "5.00", mark="DBIT"), held("PRCD", "1.00")))
    balance = BankBalance.objects.get()
    assert (balance.opening_minor, balance.closing_minor) == (100, -500)
    assert open_sums() == [-500]
