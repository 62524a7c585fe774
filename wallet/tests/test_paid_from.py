"""Two proofs of whose tax is due: the country a fan named, and the one the payment came from."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from accounts import services
from accounts.models import Country, User
from wallet.models import Purchase, SandboxPayment
from wallet.providers.sandbox.provider import provider
from wallet.purchases import settlement
from wallet.tests.stage import order, press

pytestmark = pytest.mark.django_db
State = Purchase.State


def paid(purchase: Purchase, country: str) -> Purchase:
    """Let an order be paid with a card of a country, as the provider reports it."""
    press(purchase, SandboxPayment.State.SUCCEEDED)
    told = replace(provider.fetch(purchase.provider_reference), country=country)
    settlement.settle([(purchase, told)])
    purchase.refresh_from_db()
    return purchase


def test_the_country_of_the_card_is_kept_with_the_order(client: Client, carol: User) -> None:
    purchase = order(carol)
    client.post(purchase.pay_url, {"pressed": "approve", "country": "US"})
    purchase = settlement.inspect(purchase)
    assert (purchase.state, purchase.country_id, purchase.paid_from) == (State.PAID, "DE", "US")
    assert purchase.needs_attention == ""  # a card from abroad alone is nothing to look at


@pytest.mark.parametrize("said", ["", "DEU", "d1", "de", "<b", "\x00\x00"])
def test_what_is_no_country_is_left_out_and_the_coins_are_credited(carol: User, said: str) -> None:
    purchase = paid(order(carol), said)
    assert (purchase.state, purchase.paid_from) == (State.PAID, "")


def test_a_card_of_the_country_that_one_moved_away_from_is_reported_to_staff(carol: User) -> None:
    services.move(user=carol, country=Country.objects.get(code="US"))
    with override("en"):
        purchase = paid(order(carol), "DE")
    assert purchase.state == State.PAID
    assert purchase.needs_attention == (
        "Paid from DE, the country this person moved away from. Tax is for US."
    )


def test_the_database_takes_country_codes_alone(carol: User) -> None:
    purchase = order(carol)
    with pytest.raises(IntegrityError, match="purchase_paid_from"), transaction.atomic():
        Purchase.objects.filter(pk=purchase.pk).update(paid_from="d1")


def test_staff_find_orders_paid_from_elsewhere(client: Client, dana: User, carol: User) -> None:
    orders = {code: paid(order(carol), code) for code in ("DE", "US", "")}
    client.force_login(dana)
    for choice, code in (("same", "DE"), ("other", "US"), ("unknown", "")):
        shown = client.get("/admin/wallet/purchase/", {"paid_from": choice}).content.decode()
        found = {each for each, one in orders.items() if f"/purchase/{one.pk}/change/" in shown}
        assert found == {code}
