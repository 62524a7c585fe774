"""A bank's charge beside a payout or by itself: shown, and booked by two people."""

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from payouts import refusals
from payouts.models import Payout, Proposal, StatementLine
from payouts.proposals import services
from payouts.tests.bank import books_hold, camt, entry, read
from payouts.tests.browsers import browser
from payouts.tests.builders import confirm_all, eur, fresh, ready, sent

Kind = Proposal.Kind
CHARGE = '<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
INSTRUCTED = '<AmtDtls><InstdAmt><Amt Ccy="EUR">68.18</Amt></InstdAmt></AmtDtls>'


def with_entry(total: str, row: str) -> str:
    """A row whose entry is of another sum than its transaction."""
    before, _own, after = row.partition('<Amt Ccy="EUR">')
    return f'{before}<Amt Ccy="EUR">{total}</Amt>{after.partition("</Amt>")[2]}'


def book(dana: User, gina: User) -> None:
    line = StatementLine.objects.get(charge_minor__gt=0)
    proposal = services.propose_for_line(
        line=line, kind=Kind.CHARGE, by=dana, reason="Their price list"
    )
    services.confirm(proposal=proposal, by=gina)


@pytest.fixture
def gina(db: None) -> User:
    return person("gina", is_staff=True)


WAYS = [
    pytest.param(lambda e2e: with_entry("69.68", entry("68.18", e2e, extra=CHARGE)), id="beside"),
    pytest.param(lambda e2e: with_entry("69.68", entry("68.18", e2e)), id="not named"),
    pytest.param(lambda e2e: entry("69.68", e2e, extra=INSTRUCTED + CHARGE), id="within"),
    pytest.param(
        lambda e2e: entry(
            "69.68",
            e2e,
            extra='<Chrgs><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>',
        ),
        id="version 02",
    ),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_debit_with_its_charge_settles_and_shows_it(
    bob: User, dana: User, erin: User, gina: User, way: object
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    assert read(dana, camt(way(payout.end_to_end_id))) == ["settled"]  # type: ignore[operator]  # a function
    line = StatementLine.objects.get()
    page = browser(dana).get(
        reverse("admin:payouts_bankstatement_change", args=[line.statement_id])
    )
    assert "Bank charge €1.50" in page.content.decode()
    assert eur("bank") == -6818
    book(dana, gina)
    assert (eur("bank"), eur("payout_fees")) == (-6968, 150)
    with pytest.raises(refusals.AlreadyProposed):
        book(dana, gina)
    books_hold()


def test_a_return_less_a_charge_comes_back_whole(
    bob: User, dana: User, erin: User, gina: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    e2e = payout.end_to_end_id
    back = entry("66.68", e2e, credit=True, ref="BACK", extra=INSTRUCTED + CHARGE)
    assert read(dana, camt(entry("68.18", e2e), back)) == ["settled", "waiting"]
    line = StatementLine.objects.get(reference="BACK")
    with pytest.raises(refusals.DoesNotApply):  # it has not come back before two people say so
        services.propose_for_line(line=line, kind=Kind.CHARGE, by=erin, reason="Their price list")
    confirm_all(erin)
    assert (fresh(payout).state, eur("cash", bob)) == (Payout.State.RETURNED, 6818)
    book(dana, gina)
    assert (eur("bank"), eur("payout_fees"), eur("cash", bob)) == (-150, 150, 6818)
    books_hold()


def test_a_row_of_the_bank_itself_is_booked_as_a_charge(dana: User, erin: User, gina: User) -> None:
    rows = [entry("9.90", "NOTPROVIDED", ref="FEE"), entry("5.00", "", credit=True, ref="IN")]
    assert read(dana, camt(*rows)) == ["unknown"] * 2
    fee, income = StatementLine.objects.order_by("number")
    with pytest.raises(refusals.DoesNotApply):
        services.propose_for_line(line=income, kind=Kind.CHARGE, by=erin, reason="Interest")
    proposal = services.propose_for_line(line=fee, kind=Kind.CHARGE, by=erin, reason="March")
    with pytest.raises(refusals.OwnUpload):
        services.confirm(proposal=proposal, by=dana)
    services.confirm(proposal=proposal, by=gina)
    assert (eur("bank"), eur("payout_fees")) == (-990, 990)
    books_hold()


def test_what_is_not_booked_yet_is_no_charge(dana: User) -> None:
    row = entry("9.90", "NOTPROVIDED").replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>")
    read(dana, camt(row))
    with pytest.raises(refusals.DoesNotApply):
        services.propose_for_line(
            line=StatementLine.objects.get(), kind=Kind.CHARGE, by=dana, reason="March"
        )


def test_a_charge_that_is_not_in_the_amount_changes_nothing(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    apart = CHARGE.replace("<Rcrd>", "<Rcrd><ChrgInclInd>false</ChrgInclInd>")
    assert read(dana, camt(entry("68.18", payout.end_to_end_id, extra=apart))) == ["settled"]
    assert StatementLine.objects.get().charge_minor == 0
    other = ready(bob, 2_000)
    sent(dana, erin, other)
    assert read(dana, camt(entry("15.14", other.end_to_end_id, extra=apart))) == ["contradicts"]


def test_a_charge_of_a_whole_entry_stands_in_its_first_row(
    bob: User, carol: User, dana: User, erin: User, gina: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    sent(dana, erin, one, two)
    detail = '<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs><Amt Ccy="EUR">{}</Amt></TxDtls>'
    row = (
        '<Ntry><Amt Ccy="EUR">82.82</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls>'
        f"{detail.format(one.end_to_end_id, '68.18')}{detail.format(two.end_to_end_id, '13.64')}"
        "</NtryDtls></Ntry>"
    )
    assert read(dana, camt(row)) == ["settled"] * 2
    book(dana, gina)
    assert (eur("bank"), eur("payout_fees")) == (-8282, 100)


def test_a_charge_is_booked_as_it_stood(bob: User, dana: User, erin: User, gina: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    read(dana, camt(with_entry("69.68", entry("68.18", payout.end_to_end_id))))
    line = StatementLine.objects.get()
    proposal = services.propose_for_line(line=line, kind=Kind.CHARGE, by=dana, reason="Theirs")
    StatementLine.objects.update(charge_minor=1)
    with pytest.raises(WrongState):
        services.confirm(proposal=proposal, by=gina)
