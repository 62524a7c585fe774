"""Reference data: read once, and anew when it has changed."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import reference_data
from accounts.models import Country, ReferenceVersion, TaxRate, Terms
from foundation.once import reading

VERSION = "SELECT version FROM accounts_referenceversion"


def asked() -> list[str]:
    """Return what the database is asked for a country, and for the terms."""
    with CaptureQueriesContext(connection) as queries:
        country = Country.objects.of_code("DE")
        assert country and country.region.currency == "EUR" and country.tax_rate_bp
        assert Terms.objects.current().text
    return [query["sql"] for query in queries.captured_queries]


@pytest.mark.django_db
def test_rows_that_nobody_changed_are_not_read_again() -> None:
    asked()
    assert asked() == [VERSION, VERSION]
    with reading():
        assert asked() == [VERSION]
        assert asked() == []
    with reference_data.held():
        assert asked() == []


@pytest.mark.django_db
def test_a_change_is_seen_at_once_and_one_that_is_undone_is_gone() -> None:
    def name() -> str:
        country = Country.objects.of_code("DE")
        assert country
        return country.name

    assert name() == "Germany"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Country.objects.filter(code="DE").update(name="Allemagne")
        assert name() == "Allemagne"
        raise ZeroDivisionError
    assert name() == "Germany"
    Country.objects.filter(code="DE").update(name="Deutschland")
    assert name() == "Deutschland"


@pytest.mark.django_db
def test_a_tax_is_in_force_from_its_moment_without_a_change() -> None:
    country = Country.objects.of_code("DE")
    assert country
    rate = country.tax_rates.order_by("-valid_from")[0]
    assert country.tax_rate_bp == rate.rate_bp
    country.tax_rate_bp = 5  # what one caller works out is not another's
    again = Country.objects.of_code("DE")
    assert again
    assert again.tax_rate_bp == rate.rate_bp


@pytest.mark.parametrize("change", ["INSERT", "UPDATE", "DELETE"])
@pytest.mark.django_db
def test_each_kind_of_change_renews_the_version(change: str) -> None:
    before = reference_data.version()
    country = Country.objects.get(code="DE")
    if change == "INSERT":
        TaxRate.objects.create(country=country, rate_bp=1_000)
    elif change == "UPDATE":
        country.tax_rates.update(rate_bp=1_000)
    else:
        country.tax_rates.all().delete()
    assert reference_data.version() != before
    found = Country.objects.of_code("DE")
    assert found
    assert found.tax_rate_bp == (0 if change == "DELETE" else 1_000)


def test_nobody_keeps_what_another_has_not_committed(committed: None) -> None:
    """Another process that reads while a change is under way keeps the old rows for the old
    version, and reads the new ones once they are committed.
    """
    seen: list[str] = []

    def read() -> None:
        country = Country.objects.of_code("DE")
        assert country
        seen.append(country.name)
        connection.close()

    def elsewhere() -> None:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()

    with transaction.atomic():
        Country.objects.filter(code="DE").update(name="Deutschland")
        elsewhere()
    elsewhere()
    assert seen == ["Germany", "Deutschland"]


@pytest.mark.django_db
def test_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_data, "MOST_ROWS", 10)
    for first in "ABCDE":
        for second in "ABCDE":
            Country.objects.of_code(first + second)
    assert len(reference_data._rows_of(reference_data.version())) <= 10
    for _ in range(reference_data.VERSIONS + 3):
        ReferenceVersion.objects.get().save()
        TaxRate.objects.update(checked=True)
        Country.objects.of_code("DE")
    assert len(reference_data._kept) <= reference_data.VERSIONS
