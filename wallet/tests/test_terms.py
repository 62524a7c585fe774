"""Each order keeps the version of the terms that the fan accepted by paying."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Terms, User
from wallet.models import Purchase
from wallet.tests.stage import order, pack

pytestmark = pytest.mark.django_db


def new_terms(version: str = "2026-07") -> Terms:
    return Terms.objects.create(version=version, valid_from=timezone.now(), text="Be kinder.")


def checkout(client: Client, user: User, terms: str) -> Any:
    bundle = str(pack(user).pk)
    form = {"key": str(uuid.uuid4()), "method": "card", "pack": bundle, "seen": bundle}
    return client.post("/coins/checkout/", form | {"total": "1159", "terms": terms})


def test_an_order_keeps_the_version_in_force_whatever_comes_later(
    carol: User, client: Client
) -> None:
    first = order(carol)
    new_terms()
    second = order(carol, 500)
    assert (first.terms_version, second.terms_version) == ("2026-01", "2026-07")
    client.force_login(carol)
    page = client.get(f"/orders/{first.public_id}/").content.decode()
    assert '<a href="/terms/2026-01/">2026-01</a>' in page


def test_the_shop_says_what_one_accepts_by_paying(carol: User, client: Client) -> None:
    client.force_login(carol)
    bundle = str(pack(carol).pk)
    unseen = {"key": str(uuid.uuid4()), "method": "card", "pack": bundle}
    for page in (client.get("/coins/"), client.post("/coins/checkout/", unseen, follow=True)):
        text = page.content.decode()
        assert 'By paying you accept the <a href="/terms/2026-01/">terms 2026-01</a>.' in text
        assert '<input type="hidden" name="terms" value="2026-01">' in text


def test_terms_that_changed_since_the_page_are_shown_before_anything_is_ordered(
    carol: User, client: Client
) -> None:
    client.force_login(carol)
    new_terms()
    answer = client.get(checkout(client, carol, "2026-01")["Location"])
    assert not Purchase.objects.exists()
    (shown,) = re.findall(r'name="terms" value="([^"]+)"', answer.content.decode())
    assert shown == "2026-07"
    assert "/sandbox/pay/" in checkout(client, carol, shown)["Location"]
    assert Purchase.objects.get().terms_version == "2026-07"
