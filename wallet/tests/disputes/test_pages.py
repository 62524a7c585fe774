"""What the buyer and staff read of a dispute, and what their presses do."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from conftest import person
from testing.browsers import signed_in
from wallet.disputes.costs import costs
from wallet.evidence import handing_in
from wallet.models import Dispute, DisputeEvidence, DisputePolicy, Purchase, SandboxDispute
from wallet.purchases import settlement
from wallet.tests import stage
from wallet.tests.disputes.stage import State, complain, decided, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    return person("frida")


@pytest.fixture
def order(fan: User) -> Purchase:
    return stage.paid(fan, 1_000)


def words(client: Client, name: str, *args: object) -> str:
    html = client.get(reverse(name, args=args)).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_order_tells_what_happened(fan: User, order: Purchase) -> None:
    dispute = disputed(order)
    shown = words(signed_in(fan), "wallet:order", order.public_id)
    assert "Your bank is deciding" in shown
    assert "1,000 coins on hold" in shown
    decided(dispute, State.LOST)
    shown = words(signed_in(fan), "wallet:order", order.public_id)
    assert "Your bank took the payment back" in shown
    assert "1,000 coins taken back" in shown


def test_an_order_whose_dispute_was_won_is_paid_as_before(fan: User, order: Purchase) -> None:
    decided(disputed(order), State.WON)
    shown = words(signed_in(fan), "wallet:order", order.public_id)
    assert "Your coins are here" in shown
    assert "1,000 coins are yours again" in shown


@pytest.mark.parametrize("page", ["wallet:coins", "wallet:wallet"])
def test_pages_that_sell_say_why_not_and_lead_to_the_order(
    fan: User, order: Purchase, page: str
) -> None:
    dispute = disputed(order)
    client = signed_in(fan)
    assert "You can't buy coins right now." in words(client, page)
    assert (
        reverse("wallet:order", args=[order.public_id])
        in client.get(reverse(page)).content.decode()
    )
    decided(dispute, State.WON)
    assert "You can't buy" not in words(client, page)


def test_the_press_to_pay_is_refused_with_its_code(fan: User, order: Purchase) -> None:
    disputed(order)
    answer = signed_in(fan).post(
        "/api/v1/purchases/",
        {"key": str(uuid.uuid4()), "coins": 100, "method": "card"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "dispute_open")


def test_staff_look_at_the_evidence_and_hand_it_in(order: Purchase, dana: User) -> None:
    dispute, client = disputed(order), signed_in(dana)
    assert "@frida" in words(client, "admin:wallet_dispute_changelist")
    assert "Hand in" in words(client, "admin:wallet_dispute_change", dispute.pk)
    preview = client.get(reverse("admin:wallet_dispute_evidence", args=[dispute.pk]))
    assert preview.content.startswith(b"%PDF")
    client.post(reverse("admin:wallet_dispute_hand_in", args=[dispute.pk]), {"note": "Ours."})
    evidence = DisputeEvidence.objects.get()
    assert (evidence.created_by, evidence.note) == (dana, "Ours.")
    shown = words(client, "admin:wallet_dispute_change", dispute.pk)
    assert "being handed in" in shown
    handing_in.send_due()
    kept = client.get(reverse("admin:wallet_dispute_evidence", args=[dispute.pk]))
    assert kept.content == bytes(evidence.pdf)
    assert "was handed in" in words(client, "admin:wallet_dispute_change", dispute.pk)


def test_a_second_press_says_that_it_was_handed_in(order: Purchase, dana: User) -> None:
    dispute, client = disputed(order), signed_in(dana)
    address = reverse("admin:wallet_dispute_hand_in", args=[dispute.pk])
    client.post(address)
    assert "handed in already" in client.post(address, follow=True).content.decode()


def test_a_note_for_staff_goes_once_it_was_seen(order: Purchase, dana: User) -> None:
    dispute = disputed(order)
    Dispute.objects.update(needs_attention="Look at it")
    client = signed_in(dana)
    client.post(reverse("admin:wallet_dispute_noted", args=[dispute.pk]))
    dispute.refresh_from_db()
    assert dispute.needs_attention == ""


def test_the_rules_say_who_changed_them(dana: User) -> None:
    client = signed_in(dana)
    address = reverse("admin:wallet_disputepolicy_change", args=[1])
    client.post(address, {"bearer": "creator", "tax_back": "none", "reserve_bp": "150"})
    rules = DisputePolicy.current()
    assert (rules.bearer, rules.changed_by) == ("creator", dana)
    assert rules.changed_at


def test_costs_stand_beside_the_reserve(fan: User, order: Purchase, dana: User) -> None:
    stage.spend(fan, 1_000)
    decided(disputed(order), State.LOST)
    (row,) = costs()
    assert (row.lost_minor, row.fees_minor) == (order.total_minor, 1_500)
    assert row.over
    assert str(row.reserve) in words(signed_in(dana), "admin:wallet_dispute_changelist")


def test_the_buyers_bank_of_the_sandbox_plays_the_whole_way(order: Purchase) -> None:
    address = reverse("wallet:sandbox_disputes", args=[order.provider_reference])
    client = Client()
    client.post(address, {"pressed": "inquire"})
    client.post(address, {"pressed": "complain"})  # one at a time
    theirs = SandboxDispute.objects.get()
    assert theirs.inquiry
    for pressed, state in (("escalate", "needs_response"), ("lose", "lost"), ("win", "lost")):
        client.post(address, {"pressed": pressed, "dispute": theirs.pk})
        theirs.refresh_from_db()
        assert theirs.state == state
    assert client.get(address).status_code == 200
    assert client.post(address, {"pressed": "win", "dispute": "x"}).status_code == 404


def test_outside_a_sandbox_there_is_no_such_bank(order: Purchase, settings: Settings) -> None:
    settings.SANDBOX = False
    address = reverse("wallet:sandbox_disputes", args=[order.provider_reference])
    assert Client().get(address).status_code == 404


def test_a_dispute_is_found_by_its_webhook_and_by_the_poll(order: Purchase) -> None:
    complain(order)
    assert not Dispute.objects.exists()
    assert settlement.poll(timedelta(hours=1)) == 1
    settlement.sweep()
    assert Dispute.objects.get().held_coins == 1_000
    assert settlement.poll(timedelta(hours=1)) == 0
