"""What is kept of an order for the buyer's bank, and for how long."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from wallet.evidence.pack import compose
from wallet.evidence.sections import sections_of
from wallet.models import Dispute, OrderTrace
from wallet.tasks import prune_traces
from wallet.tests.disputes.stage import disputed
from wallet.tests.velocity.stage import HOME, paid

pytestmark = pytest.mark.django_db
WHERE = "Where the order came from"


def found(dispute: Dispute) -> dict[str, str]:
    return next((dict(each.facts) for each in sections_of(dispute) if each.title == WHERE), {})


def test_the_evidence_says_where_the_order_came_from(carol: User) -> None:
    dispute = disputed(paid(carol, card="one", browser="phone"))
    said = found(dispute)
    assert said["Address"] == HOME
    assert said["Browser"] == carol.traces.get(kind="device").value[:12]
    assert said["Used by this account since"].endswith("UTC")
    assert compose(dispute).facts["customer_purchase_ip"] == HOME


def test_an_old_order_keeps_its_network_and_then_nothing(carol: User, settings: Settings) -> None:
    dispute = disputed(paid(carol, card="one"))
    for days, address in ((179, HOME), (181, "203.0.113.0/24"), (399, "203.0.113.0/24")):
        OrderTrace.objects.update(created_at=timezone.now() - timedelta(days=days))
        prune_traces()
        assert found(dispute)["Address"] == address
    assert "customer_purchase_ip" not in compose(dispute).facts
    OrderTrace.objects.update(created_at=timezone.now() - timedelta(days=401))
    prune_traces()
    assert found(dispute) == {}
    assert not OrderTrace.objects.exists()


def test_neither_card_nor_browser_can_be_read(carol: User) -> None:
    trace = paid(carol, card="4242424242424242", browser="phone").trace
    assert len(trace.card) == len(trace.device) == 64
    assert "4242" not in trace.card[:8] and trace.bank == "Sandbox bank"


def test_the_sandbox_has_cards_to_choose_from(client: Client, carol: User) -> None:
    from wallet.models import SandboxPayment
    from wallet.tests.velocity.stage import started

    order = started(carol)
    address = f"/sandbox/pay/{order.provider_reference}/"
    page = client.get(address).content.decode()
    assert page.count('<option value="4') == 2
    own = SandboxPayment.objects.get().card
    for number, card in (
        ("nonsense", own),
        ("4000 0566 5566 5556", f"{carol.public_id}:4000"),
        ("6011 1111 1111 1117", "shared"),
    ):
        client.post(address, {"card": number})
        assert SandboxPayment.objects.get().card == card
