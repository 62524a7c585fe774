"""A country's tax is dated, seen with its effect before it is saved, never for what was sold."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country, TaxRate, User
from wallet.models import Bundle, BundlePrice
from wallet.prices import impact, pricing
from wallet.tests.stage import moment, paid

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_taxrate_add"


def germany() -> Country:
    return Country.objects.get(code="DE")


def form(rate_bp: int, days: int = 1, **more: str) -> dict[str, str]:
    return {"country": "DE", "rate_bp": str(rate_bp), **moment(days), **more}


def test_a_rate_holds_from_its_day_on_and_orders_keep_theirs(carol: User) -> None:
    before = paid(carol, 1_000)
    now = timezone.now()
    TaxRate.objects.create(country=germany(), rate_bp=2_500, valid_from=now + timedelta(days=1))
    assert pricing.quote_for_coins(1_000, germany()).tax_rate_bp == 1_900
    TaxRate.objects.create(country=germany(), rate_bp=2_100, valid_from=now)
    assert pricing.quote_for_coins(1_000, germany()).tax_rate_bp == 2_100
    carol.refresh_from_db()
    assert paid(carol, 1_000).tax_rate_bp == 2_100
    before.refresh_from_db()
    assert (before.tax_rate_bp, before.tax_minor) == (1_900, 185)


def test_a_new_rate_is_previewed_then_saved(client: Client, dana: User) -> None:
    client.force_login(dana)
    page = client.post(reverse(ADD), form(2_100)).content.decode()
    assert "Impact preview" in page and "Germany: 21 %" in page and "_confirmed" in page
    assert "€11.59" in page and "€1.85 → €2.01" in page
    assert germany().tax_rates.count() == 1
    assert client.post(reverse(ADD), form(2_100, _confirmed="1")).status_code == 302
    rate = germany().tax_rates.first()
    assert rate is not None
    assert (rate.rate_bp, germany().tax_rate_bp) == (2_100, 1_900)
    assert "21 %" in client.get(reverse("admin:accounts_taxrate_changelist")).content.decode()
    there = client.get(reverse("admin:accounts_country_change", args=["DE"])).content.decode()
    assert f"{reverse(ADD)}?country=DE" in there
    change = reverse("admin:accounts_taxrate_change", args=[rate.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, form(700)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (form(6_000), "A tax above 30 % is rare. If this rate is right, tick “Checked”."),
        (form(6_000, checked="on"), "after tax and payment fees, but creators get"),
        (form(19_000, checked="on"), "A tax is at most 100 %. 1900 is 19 %."),
        (form(2_100, days=-1), "be changed in the past."),
    ],
)
def test_what_cannot_be_right_is_not_saved(
    client: Client, dana: User, fields: dict[str, str], sentence: str
) -> None:
    client.force_login(dana)
    page = client.post(reverse(ADD), fields | {"_confirmed": "1"}).content.decode()
    assert sentence in page
    assert germany().tax_rates.count() == 1


def test_a_price_scheduled_before_makes_room_for_a_tax(client: Client, dana: User) -> None:
    """What refuses a tax is the price: with a higher one from that day on, it is taken."""
    for bundle in Bundle.objects.filter(region=germany().region):
        BundlePrice.objects.create(
            bundle=bundle,
            price_minor=2 * bundle.price.price_minor,
            valid_from=timezone.now() + timedelta(hours=1),
        )
    client.force_login(dana)
    fields = form(5_000, checked="on", _confirmed="1")
    assert client.post(reverse(ADD), fields).status_code == 302
    assert germany().tax_rates.count() == 2


@pytest.mark.parametrize(
    ("rate_bp", "checked", "name"),
    [(3_001, False, "high_tax_rate_is_checked"), (10_001, True, "tax_rate_up_to_the_whole")],
)
def test_the_database_refuses_what_cannot_be_right(rate_bp: int, checked: bool, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TaxRate.objects.create(country=germany(), rate_bp=rate_bp, checked=checked)
    TaxRate.objects.create(country=germany(), rate_bp=3_001, checked=True)


def test_the_effect_is_that_of_each_pack_in_the_country() -> None:
    effects = impact.of_tax(TaxRate(country=germany(), rate_bp=2_100))
    assert len(effects) == Bundle.objects.filter(region=germany().region, active=True).count()
    assert {effect.after.tax_rate_bp for effect in effects} == {2_100}
    assert {effect.before.tax_rate_bp for effect in effects if effect.before} == {1_900}
