"""A test that commits leaves nothing behind, whatever it changed."""

from django.core.management import call_command
from django.db import connection

from accounts.models import Country
from conftest import give_coins, person
from gifts.models import Gift, GiftPolicy
from testing.economy import Economy
from wallet.models import RateCard


def everything() -> dict[str, list[str]]:
    """Read every row of every table."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = [text for (text,) in cursor.fetchall()]
    return rows


def next_ids() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return list(cursor.fetchall())


def test_a_changed_economy_is_put_back_to_the_last_row(committed: None) -> None:
    economy, before, ids = Economy.keep(), everything(), next_ids()
    GiftPolicy.objects.update(max_quantity=1)
    RateCard.objects.update(code="lower", diamond_payout_micro_usd=1)
    Gift.objects.get(slug="pebble").prices.all().delete()
    Country.objects.filter(code="KR").update(minimum_age=99)
    give_coins(person("alice"), 5_000)
    call_command("clearsessions")
    assert everything() != before

    changed = economy.restore()

    assert everything() == before
    assert next_ids() == ids
    assert changed >= {"gifts_giftpolicy", "gifts_giftprice", "accounts_user", "ledger_posting"}
    assert "gifts_gift" not in changed
    assert economy.restore() == set()
