"""What is kept as reference data is read from tables whose changes are noticed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import reference_data
from wallet.models import Promotion
from wallet.prices import pricing

NOTICED = """
SELECT t.relname, coalesce(array_agg(a.attname::text) FILTER (WHERE a.attname IS NOT NULL), '{}')
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(g.tgattr::int2[])
WHERE g.tgname = 'renew_reference' AND g.tgtype & (4 + 8 + 16 + 32) = 4 + 8 + 16 + 32
GROUP BY t.relname
"""
# What each one that is decorated is asked for.
ASKED: dict[str, tuple[Any, ...]] = {
    "accounts.models.places._country": ("DE",),
    "accounts.models.terms._not_replaced": (),
    "wallet.models.codes._code_policy": (),
    "wallet.models.disputes._dispute_policy": (),
    "wallet.models.prices._fx_rates": ("EUR",),
    "wallet.models.prices._rate_cards": (),
    "wallet.models.prices._spending_policy": (),
    "wallet.models.promotions._not_over": (),
    "wallet.prices.pricing._countries_of": ("eu",),
    "wallet.prices.pricing.bundles_of": ("eu",),
    "wallet.prices.pricing.default_country": (),
    "wallet.velocity.rules._rules": (),
}


def noticed() -> dict[str, list[str]]:
    """Return the tables with the trigger, and the columns where it looks at some only."""
    with connection.cursor() as cursor:
        cursor.execute(NOTICED)
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_every_table_that_is_kept_has_the_trigger() -> None:
    reads = {f"{read.__module__}.{read.__name__}": read for read in reference_data.READS}
    assert set(reads) == set(ASKED)
    tables = noticed()
    for name, read in reads.items():
        with CaptureQueriesContext(connection) as queries:
            read(*ASKED[name])
        read_from = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', str(queries.captured_queries)))
        assert read_from, name
        assert read_from <= set(tables), name


@pytest.mark.django_db
def test_of_a_promotion_all_is_noticed_but_what_it_has_granted() -> None:
    columns = {field.column for field in Promotion._meta.local_fields}
    assert columns - set(noticed()["wallet_promotion"]) == {
        "id",
        "granted_coins",
        "created_by_id",
        "created_at",
    }
    assert {table: some for table, some in noticed().items() if some}.keys() == {"wallet_promotion"}


@pytest.mark.django_db
def test_a_pack_that_is_taken_off_the_list_is_sold_no_more() -> None:
    first = pricing.bundles_of("eu")[0]
    first.active = False
    first.save()
    assert first not in pricing.bundles_of("eu")
