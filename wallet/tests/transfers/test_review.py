"""What the rules do not decide, people do: with a reason, and large money by two of them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from foundation.errors import WrongState
from wallet.models import BankTransfer, GiveBack, Purchase, SenderRule
from wallet.tests.transfers.stage import (
    THEIRS,
    books_hold,
    came,
    coins_of,
    credit,
    fresh,
    held,
    order,
    take,
    work,
)
from wallet.transfers import giving_back, payers, refusals, review

pytestmark = pytest.mark.django_db
State = BankTransfer.State


@pytest.fixture
def none_alone(settings: Settings) -> None:
    """No amount becomes coins by one person."""
    settings.TRANSFERS = {**settings.TRANSFERS, "alone_usd": 0}


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_a_person_matches_what_has_no_reference(alice: User, dana: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, words="coins please")
    assert list(review.suggestions(transfer)) == [purchase]
    assert list(review.suggestions(transfer, "alice")) == [purchase]
    assert list(review.suggestions(transfer, purchase.provider_reference.lower())) == [purchase]
    review.match(transfer=transfer, order=purchase, by=dana, reason="She sent a screenshot")
    work()
    assert fresh(purchase).state == Purchase.State.PAID
    books_hold()


def test_what_staff_decide_has_a_reason(alice: User, dana: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, words="coins please")
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(refusals.ReasonMissing):
            review.match(transfer=transfer, order=purchase, by=dana, reason=reason)
        with pytest.raises(refusals.ReasonMissing):
            review.give_back(transfer=transfer, by=dana, reason=reason)
    assert again(transfer).state == State.REVIEW


def test_money_is_not_matched_to_what_cannot_have_it(alice: User, carol: User, dana: User) -> None:
    from wallet.tests.stage import order as by_card

    purchase = order(alice)
    dollars = came(purchase, words="no words", currency="USD")
    nameless = came(purchase, words="no words")
    with pytest.raises(refusals.OtherCurrency):
        review.match(transfer=dollars, order=purchase, by=dana, reason="Same person")
    with pytest.raises(refusals.OrderNotByTransfer):
        review.match(transfer=nameless, order=by_card(alice, 100), by=dana, reason="Same person")
    review.give_back(transfer=nameless, by=dana, reason="Nobody knows it")
    with pytest.raises(WrongState):
        review.match(transfer=nameless, order=purchase, by=dana, reason="Too late")


def test_dismissed_money_is_owed_to_nobody(alice: User, dana: User) -> None:
    transfer = came(order(alice), words="Stripe payout")
    assert held("owed_payers") == transfer.amount_minor
    review.dismiss(transfer=transfer, by=dana, reason="Booked with the provider's book")
    assert (held("owed_payers"), held("bank")) == (0, 0)
    books_hold()


def test_large_money_waits_for_another_person(
    alice: User, dana: User, erin: User, none_alone: None
) -> None:
    purchase = order(alice)
    before = coins_of(alice)
    transfer = came(purchase, by=dana)
    assert (transfer.state, fresh(purchase).state) == (State.APPROVAL, Purchase.State.PENDING)
    with pytest.raises(refusals.NeedsAnother):  # she brought the file
        review.approve(transfer=transfer, by=dana)
    assert coins_of(alice) == before
    review.approve(transfer=transfer, by=erin)
    work()
    assert coins_of(alice) == before + purchase.coins
    books_hold()


def test_who_matched_it_does_not_approve_it(
    alice: User, dana: User, erin: User, none_alone: None
) -> None:
    purchase = order(alice)
    transfer = came(purchase, words="no words")
    review.match(transfer=transfer, order=purchase, by=dana, reason="It is hers")
    with pytest.raises(refusals.NeedsAnother):
        review.approve(transfer=again(transfer), by=dana)
    review.approve(transfer=again(transfer), by=erin)
    work()
    assert fresh(purchase).state == Purchase.State.PAID


@pytest.mark.parametrize("first", ["uploaded_by", "decided_by"])
def test_the_database_wants_two_people_for_large_money(
    alice: User, dana: User, none_alone: None, first: str
) -> None:
    purchase = order(alice)
    transfer = came(purchase)
    used = {"used_minor": 1, "used_at": transfer.created_at, "state": "used"}
    same = BankTransfer.objects.filter(pk=transfer.pk)
    for people in ({}, {"approved_by": dana, first: dana, "reason": "x"}):
        with pytest.raises(IntegrityError, match="needs_two_people"), transaction.atomic():
            same.update(**used, **people)


def test_a_second_person_may_turn_it_down(
    alice: User, dana: User, erin: User, none_alone: None
) -> None:
    purchase = order(alice)
    transfer = came(purchase)
    review.send_to_review(transfer=transfer, by=erin, reason="Name differs")
    review.give_back(transfer=again(transfer), by=dana, reason="Name differs")
    work()
    assert held("owed_payers") == purchase.total_minor
    assert fresh(purchase).state in Purchase.OPEN
    books_hold()


@pytest.mark.parametrize("by_account", [True, False])
def test_money_of_a_sender_on_hold_brings_no_coins(
    alice: User, dana: User, erin: User, by_account: bool
) -> None:
    payers.add_rule(
        treatment=SenderRule.Treatment.HOLD,
        name="" if by_account else "ÁLICE  Ahoi!",
        iban=f"{THEIRS[:4]} {THEIRS[4:]}" if by_account else "",
        reason="Stolen account",
        by=dana,
    )
    purchase = order(alice)
    before = coins_of(alice)
    transfer = came(purchase)
    assert (transfer.state, transfer.why) == (State.REVIEW, "sender")
    assert coins_of(alice) == before
    review.match(transfer=transfer, order=purchase, by=dana, reason="The police say it is fine")
    assert again(transfer).state == State.APPROVAL
    review.approve(transfer=again(transfer), by=erin)
    work()
    assert coins_of(alice) == before + purchase.coins


def test_money_that_is_booked_elsewhere_is_left_out(alice: User, dana: User) -> None:
    payers.add_rule(
        treatment=SenderRule.Treatment.OURS, name="STRIPE", iban="", reason="Its book", by=dana
    )
    taken = take(credit(5_000, "payout", name="Stripe", ref="S-1"))
    assert (taken.new, taken.others) == (0, 1)


def test_money_goes_back_by_two_people(alice: User, dana: User, erin: User) -> None:
    purchase = order(alice)
    back = came(purchase, purchase.total_minor + 250).given_back.get()
    with pytest.raises(WrongState):
        giving_back.confirm(give_back=back, by=erin)
    giving_back.order(give_back=back, by=dana, bank_reference="OUT-1")
    with pytest.raises(refusals.GiveBackNeedsAnother):
        giving_back.confirm(give_back=back, by=dana)
    assert held("owed_payers") == 250
    giving_back.confirm(give_back=back, by=erin)
    assert (held("owed_payers"), held("bank")) == (0, purchase.total_minor)
    with pytest.raises(WrongState):
        giving_back.put_back(give_back=back)
    books_hold()


def test_the_database_wants_two_people_for_what_goes_back(alice: User, dana: User) -> None:
    purchase = order(alice)
    back = came(purchase, purchase.total_minor + 250).given_back.get()
    giving_back.order(give_back=back, by=dana)
    same = GiveBack.objects.filter(pk=back.pk)
    with pytest.raises(IntegrityError, match="giveback_needs_two_people"), transaction.atomic():
        same.update(state="sent", sent_by=dana, sent_at=back.created_at)


def test_the_payers_account_is_encrypted_and_shown_to_who_sends(
    client: Client, alice: User, dana: User, caplog: pytest.LogCaptureFixture
) -> None:
    purchase = order(alice)
    transfer = came(purchase, purchase.total_minor + 250)
    assert THEIRS.encode() not in bytes(transfer.payer_iban or b"")
    assert payers.account_of(transfer) == THEIRS
    client.force_login(dana)
    page = reverse("admin:wallet_giveback_change", args=[transfer.given_back.get().pk])
    assert THEIRS in client.get(page).content.decode()
    shown = [reverse("admin:wallet_giveback_changelist")]
    shown += [reverse("admin:wallet_banktransfer_change", args=[transfer.pk])]
    assert all(THEIRS not in client.get(one).content.decode() for one in shown)
    assert THEIRS not in caplog.text


def test_another_account_in_the_row_is_noticed(alice: User, carol: User) -> None:
    mine, other = came(order(alice)), came(order(carol, 500), iban="DE75512108001245126199")
    BankTransfer.objects.filter(pk=mine.pk).update(payer_iban=other.payer_iban)
    with pytest.raises(refusals.AccountUnknown):
        payers.account_of(again(mine))


def test_staff_work_the_queue_from_page_to_page(
    client: Client, alice: User, dana: User, erin: User, none_alone: None
) -> None:
    purchase = order(alice)
    transfer = came(purchase, words="for coins")
    client.force_login(dana)
    front = client.get(reverse("admin:index")).content.decode()
    address = f"{reverse('admin:wallet_banktransfer_changelist')}?waiting=yes"
    assert address in front
    assert "for coins" in client.get(address).content.decode()
    page = reverse("admin:wallet_banktransfer_change", args=[transfer.pk])
    assert purchase.provider_reference in client.get(page, {"order": "alice"}).content.decode()
    match = reverse("admin:wallet_banktransfer_match", args=[transfer.pk])
    client.post(match, {"order": purchase.pk, "reason": "Hers"})
    approve = reverse("admin:wallet_banktransfer_approve", args=[transfer.pk])
    client.post(approve)
    assert again(transfer).state == State.APPROVAL
    client.force_login(erin)
    client.post(approve)
    work()
    assert fresh(purchase).state == Purchase.State.PAID
