"""What staff decide: money and gifts go back once, the account is taken care of, all are told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.approvers import ApproverTooNew
from accounts.models import StaffNote, User
from accounts.tests.people import signed_in
from care.guardians import decisions, refusals, sums
from care.guardians.following import follow_all
from care.models import GuardianCase
from care.tests.guardians.stage import EMAIL, opened, page_of, subjects, tokens
from foundation.errors import WrongState
from gifts import tasks as gift_tasks
from gifts.models import SentGift
from gifts.tests.clawback.stage import bought, buyer, sent
from live.models import Stream
from wallet.models import Purchase, Refund, SandboxPayment, SandboxRefund, SpendingPolicy
from wallet.purchases import buying, settlement
from wallet.refunds import by_hand, requests, sending
from wallet.refunds import refusals as refund_refusals
from wallet.tests.disputes.stage import audit

pytestmark = pytest.mark.django_db
State = GuardianCase.State
Measure = GuardianCase.Measure


@pytest.fixture
def child(db: None) -> User:
    return buyer("kim")


def grant(case: GuardianCase, by: User, orders: dict[int, str], **more: Any) -> GuardianCase:
    return decisions.grant(
        case=case, orders=orders, by=by, **{"measure": Measure.NONE, "born": None} | more
    )


def arrive() -> None:
    """Let refunds go through the provider, gifts follow, and cases too."""
    sending.send_due()
    for order in Purchase.objects.filter(refunds__state="sent"):
        settlement.inspect(order)
    gift_tasks.follow_disputes()
    follow_all()


def test_unused_coins_and_recent_gifts_go_back_and_everybody_is_told(
    child: User, bob: User, dana: User, stream: Stream
) -> None:
    first, second = bought(child, 500), bought(child, 300)
    sent(child, stream, 4)
    case = opened(child, dana)
    case = grant(case, dana, {first.pk: "recent", second.pk: "unused"}, answer="We are sorry.")
    assert case.state == State.GRANTED
    arrive()
    case.refresh_from_db()
    assert case.state == State.SETTLED
    back = sum(r.refund.total_minor for r in case.refunds.select_related("refund"))
    assert back == first.total_minor + second.total_minor
    assert ledger.balance("coins", "COIN", child.pk) == 0
    assert ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 0
    assert [s.partition(":")[2] or s for s in subjects()][2:] == [
        " money is on its way back",
        " the money went back",
    ]
    granted = next(m.body for m in mail.outbox if "on its way" in m.subject)
    assert str(first.total) in granted
    assert "We are sorry." in granted
    assert [m for m in mail.outbox if m.to == [bob.email]]
    audit()
    page = Client().get(page_of(tokens()[-1])).content.decode()
    assert "The money went back" in page
    assert first.total.__html__() in page


def test_only_gifts_of_late_are_recent(child: User, dana: User, stream: Stream) -> None:
    order = bought(child, 500)
    sent(child, stream, 4, days_ago=91)
    sent(child, stream, 2)
    found = sums.of_order(order)
    assert (found.unused, found.recent_coins, found.gift_coins, found.held_coins) == (
        *(350, 50, 150),
        150,
    )
    assert [name for name, _worth in found.choices] == ["unused", "recent", "all"]
    grant(opened(child, dana), dana, {order.pk: "recent"})
    assert Refund.objects.get().gift_coins == 50
    arrive()
    assert sums.of_order(order).gift_coins == 100
    audit()


def test_what_is_above_one_persons_limit_waits_for_a_second_as_a_whole(
    child: User, dana: User, erin: User, stream: Stream
) -> None:
    """Many small orders are no way round it."""
    SpendingPolicy.objects.update(refund_alone_usd=10)
    orders = [bought(child, 500) for _turn in range(3)]
    case = grant(opened(child, dana), dana, {order.pk: "unused" for order in orders})
    assert case.state == State.CHECKING
    assert {r.refund.state for r in case.refunds.all()} == {"proposed"}
    assert "on its way" not in str(subjects())
    arrive()
    assert sending.send_due() == 0
    with pytest.raises(refund_refusals.OwnRefund):
        decisions.confirm(case=case, by=dana)
    case = decisions.confirm(case=case, by=erin)
    assert case.state == State.GRANTED
    assert subjects()[-1].endswith("money is on its way back")
    arrive()
    case.refresh_from_db()
    assert case.state == State.SETTLED
    audit()


def test_a_person_who_was_just_given_the_right_confirms_nothing(
    child: User, dana: User, erin: User
) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    case = grant(opened(child, dana), dana, {bought(child, 500).pk: "unused"})
    erin.date_joined = timezone.now()
    with pytest.raises(ApproverTooNew):
        decisions.confirm(case=case, by=erin)
    assert Refund.objects.get().state == "proposed"


def test_the_right_to_confirm_a_case_rests_too(child: User, dana: User, erin: User) -> None:
    """Whoever may confirm refunds for long, and cases since a moment ago, confirms no case."""
    SpendingPolicy.objects.update(refund_alone_usd=1)
    case = grant(opened(child, dana), dana, {bought(child, 500).pk: "unused"})
    erin.user_permissions.add(Permission.objects.get(codename="confirm_guardian"))
    with pytest.raises(ApproverTooNew):
        decisions.confirm(case=case, by=erin)
    assert Refund.objects.get().state == "proposed"


def test_what_the_second_person_turns_down_is_decided_anew(
    child: User, dana: User, erin: User, stream: Stream
) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    order = bought(child, 500)
    sent(child, stream, 4)
    case = grant(opened(child, dana), dana, {order.pk: "recent"})
    gift_tasks.follow_disputes()
    case = decisions.turn_down(case=case, by=erin)
    assert (case.state, bool(case.needs_attention)) == (State.OPEN, True)
    gift_tasks.follow_disputes()
    assert not SentGift.objects.filter(frozen=True).exists()
    case = grant(case, dana, {order.pk: "unused"})
    decisions.confirm(case=case, by=erin)
    arrive()
    case.refresh_from_db()
    assert (case.state, case.needs_attention) == (State.SETTLED, "")
    audit()


def test_refunds_confirmed_one_by_one_elsewhere_move_the_case_too(
    child: User, dana: User, erin: User
) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    case = grant(opened(child, dana), dana, {bought(child, 500).pk: "unused"})
    requests.confirm(refund=Refund.objects.get(), by=erin)
    follow_all()
    case.refresh_from_db()
    assert case.state == State.GRANTED


def test_money_that_the_bank_sends_back_opens_the_case_again(child: User, dana: User) -> None:
    order = bought(child, 500)
    case = grant(opened(child, dana), dana, {order.pk: "unused"})
    arrive()
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    SandboxRefund.objects.filter(payment=payment).update(failed="lost_or_stolen_card")
    settlement.inspect(order)
    follow_all()
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (State.OPEN, None)
    assert subjects()[-1].endswith("could not be given back yet")
    follow_all()
    assert len([s for s in subjects() if "could not" in s]) == 1
    case = grant(case, dana, {order.pk: "unused"})
    assert case.refunds.count() == 2
    audit()


def test_what_goes_back_by_hand_settles_the_case(child: User, dana: User, erin: User) -> None:
    order = bought(child, 500)
    case = grant(opened(child, dana), dana, {order.pk: "unused"})
    arrive()
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    SandboxRefund.objects.filter(payment=payment).update(failed="lost_or_stolen_card")
    settlement.inspect(order)
    follow_all()
    stands = by_hand.propose(refund=Refund.objects.get(), reference="SEPA 4711", by=dana)
    follow_all()
    case.refresh_from_db()
    assert case.state == State.OPEN
    by_hand.confirm(refund=stands, by=erin)
    follow_all()
    case.refresh_from_db()
    assert (case.state, case.needs_attention) == (State.SETTLED, "")
    page = Client().get(page_of(tokens()[-1])).content.decode()
    assert "Went back another way" in page
    assert not [m for m in mail.outbox if m.to == [child.email]]  # the case tells the guardian
    audit()


def test_a_case_is_rejected_with_a_reason(child: User, dana: User) -> None:
    case = opened(child, dana)
    for wrong in ("", " \u200b", "x" * 501):
        with pytest.raises(refusals.AnswerMissing):
            decisions.reject(case=case, answer=wrong, by=dana)
    case = decisions.reject(case=case, answer="The coins were a present from you.", by=dana)
    assert case.state == State.REJECTED
    assert subjects()[-1].endswith("our answer")
    assert "a present from you" in mail.outbox[-1].body
    with pytest.raises(WrongState):
        grant(case, dana, {bought(child, 500).pk: "unused"})
    assert not Refund.objects.exists()


def test_with_the_childs_age_the_account_neither_buys_nor_sends(child: User, dana: User) -> None:
    order = bought(child, 500)
    case = opened(child, dana)
    adult = date(1990, 1, 1)
    for born, refusal in ((None, refusals.BirthMissing), (adult, refusals.NotAChild)):
        with pytest.raises(refusal):
            grant(case, dana, {order.pk: "unused"}, measure=Measure.AGE, born=born)
    assert not Refund.objects.exists()
    born = timezone.localdate() - timedelta(days=12 * 366)
    grant(case, dana, {order.pk: "unused"}, measure=Measure.AGE, born=born)
    child.refresh_from_db()
    assert (child.date_of_birth, child.is_active) == (born, True)
    with pytest.raises(buying.TooYoung):
        buying.quote(user=child, coins=500)
    assert case.number in StaffNote.objects.get(user=child).text


def test_a_suspended_account_is_signed_out_everywhere(child: User, dana: User) -> None:
    from conftest import api_key

    order, browser, key = bought(child, 500), signed_in(child), api_key(child)
    program = Client(headers={"Authorization": f"Token {key}"})
    ways = (browser, "/wallet/"), (program, "/api/v1/wallet/")
    assert [one.get(page).status_code for one, page in ways] == [200, 200]
    grant(opened(child, dana), dana, {order.pk: "unused"}, measure=Measure.SUSPEND)
    assert [one.get(page).status_code for one, page in ways] == [302, 401]
    child.refresh_from_db()
    assert not child.is_active


def test_nobody_decides_about_their_own_account(child: User, dana: User) -> None:
    case = opened()
    with pytest.raises(refusals.OwnCase):
        decisions.match(case=case, account=dana.email, by=dana)
    GuardianCase.objects.update(user=dana)
    with pytest.raises(refusals.OwnCase):
        grant(case, dana, {1: "unused"})
    with pytest.raises(refusals.OwnCase):
        decisions.reject(case=case, answer="No", by=dana)
    with pytest.raises(IntegrityError, match="somebody_else"), transaction.atomic():
        GuardianCase.objects.update(state="granted", decided_by=dana, decided_at=timezone.now())


def test_only_orders_of_the_account_go_back(child: User, alice: User, dana: User) -> None:
    theirs = bought(alice, 500)
    case = opened(child, dana)
    with pytest.raises(refusals.OrderNotTheirs):
        grant(case, dana, {theirs.pk: "unused"})
    for nothing in ({}, {theirs.pk: ""}):
        with pytest.raises(refusals.NothingDecided):
            grant(case, dana, nothing)
    with pytest.raises(refusals.AccountMissing):
        grant(opened(email="other@example.org"), dana, {theirs.pk: "unused"})


def test_all_of_a_decision_is_written_or_none(
    child: User, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies in the middle leaves nothing, and the same decision comes once."""
    order = bought(child, 500)
    case = opened(child, dana)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(decisions, "_act", dies)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            grant(case, dana, {order.pk: "unused"})
    assert not Refund.objects.exists()
    assert ledger.balance("coins", "COIN", child.pk) == 500
    grant(case, dana, {order.pk: "unused"})
    with pytest.raises(WrongState):
        grant(case, dana, {order.pk: "unused"})
    assert Refund.objects.count() == 1


STAFF = "admin:care_guardiancase_"


def test_staff_decide_a_case_on_its_page(
    child: User, bob: User, dana: User, erin: User, stream: Stream
) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    order = bought(child, 500)
    sent(child, stream, 4)
    case, page = opened(), reverse(f"{STAFF}change", args=[1])
    page = page.replace("/1/", f"/{case.pk}/")
    browser = Client()
    browser.force_login(dana)
    shown = browser.get(page).content.decode()
    assert "It is this one" in shown
    assert "@kim" in shown
    browser.post(reverse(f"{STAFF}match", args=[case.pk]), {"account": "nobody"})
    browser.post(reverse(f"{STAFF}match", args=[case.pk]), {"account": child.handle})
    shown = browser.get(page).content.decode()
    assert "No account has this handle" in shown
    assert f"{order.total}: and recent gifts" in shown.replace("\u00a0", " ")
    browser.post(
        reverse(f"{STAFF}grant", args=[case.pk]),
        {f"order-{order.pk}": "recent", "order-x": "all", "measure": "suspend", "answer": ""},
    )
    shown = browser.get(page).content.decode()
    assert "another person must confirm it" in shown
    assert "Confirm all refunds" not in shown
    second = Client()
    second.force_login(erin)
    assert "Confirm all refunds" in second.get(page).content.decode()
    second.post(reverse(f"{STAFF}approve", args=[case.pk]))
    arrive()
    assert "The money went back" in second.get(page).content.decode()
    child.refresh_from_db()
    assert not child.is_active


@pytest.mark.parametrize("named", ["handle", "email", "name", "order", "receipt", "payment"])
def test_staff_find_the_account_by_what_the_guardian_wrote(child: User, named: str) -> None:
    from care.guardians.candidates import candidates
    from wallet.documents.issuing import issue_receipt

    order = bought(child, 500)
    receipt = issue_receipt(order.pk)
    assert receipt
    wrote: dict[str, Any] = {
        "handle": {"account_named": "@Kim"},
        "email": {"account_named": child.email.upper()},
        "name": {"account_named": "kim"},
        "order": {"account_named": "", "order_named": str(order.public_id)},
        "receipt": {"account_named": "", "order_named": receipt.label.lower()},
        "payment": {"account_named": "", "order_named": order.provider_reference},
    }[named]
    assert candidates(opened(**wrote)) == [child]
    assert candidates(opened(account_named="nobody", order_named="X-9", email="a@b.example")) == []


def test_the_guardian_is_never_told_of_the_second_person(child: User, dana: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=1)
    case = grant(opened(child, dana), dana, {bought(child, 500).pk: "unused"}, answer="Sorry")
    page = Client().get(page_of(tokens(EMAIL)[0])).content.decode()
    assert case.state == State.CHECKING
    for word in ("second person", "Sorry", "Money that goes back"):
        assert word not in page
