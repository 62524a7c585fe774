"""What a paid order says to staff waits until one of them has looked into it."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from wallet.models import Purchase
from wallet.purchases.attention import mark_seen
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db
WORDS = "Paid from DE, the country this person moved away from."


@pytest.fixture
def order(alice: User) -> Purchase:
    order = paid(alice)
    Purchase.objects.filter(pk=order.pk).update(needs_attention=WORDS)
    order.refresh_from_db()
    return order


def test_a_paid_order_with_a_notice_waits_until_it_was_seen(order: Purchase, dana: User) -> None:
    assert list(Purchase.objects.unseen()) == [order]
    assert order.waits_for_staff
    mark_seen(purchase=order, words=WORDS, by=dana)
    order.refresh_from_db()
    assert not Purchase.objects.unseen().exists()
    assert (order.waits_for_staff, order.attention_seen_by) == (False, dana)
    assert order.attention_seen_at is not None


def test_other_words_wait_again(order: Purchase, dana: User) -> None:
    mark_seen(purchase=order, words=WORDS, by=dana)
    Purchase.objects.filter(pk=order.pk).update(needs_attention="Another thing.")
    assert list(Purchase.objects.unseen()) == [order]


def test_only_what_was_read_is_marked_and_once(order: Purchase, dana: User, erin: User) -> None:
    for words in ("", "Something else"):
        with pytest.raises(WrongState):
            mark_seen(purchase=order, words=words, by=dana)
    mark_seen(purchase=order, words=WORDS, by=dana)
    with pytest.raises(WrongState):
        mark_seen(purchase=order, words=WORDS, by=erin)
    order.refresh_from_db()
    assert order.attention_seen_by == dana


def test_the_database_asks_who_saw_it(order: Purchase) -> None:
    with pytest.raises(IntegrityError, match="attention_seen_by"), transaction.atomic():
        Purchase.objects.filter(pk=order.pk).update(attention_seen=WORDS)


def test_staff_with_the_right_mark_it_on_its_page(client: Client, order: Purchase) -> None:
    clerk = person("clara", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_purchase"))
    client.force_login(clerk)
    page, press = (
        reverse(f"admin:wallet_purchase_{name}", args=[order.pk]) for name in ("change", "seen")
    )
    assert "Mark as seen" not in client.get(page).content.decode()
    assert client.post(press, {"words": WORDS}).status_code == 403
    assert Purchase.objects.unseen().exists()
    clerk.user_permissions.add(Permission.objects.get(codename="see_attention"))
    listed = reverse("admin:wallet_purchase_changelist") + "?attention=unseen"
    assert str(order.user) in client.get(listed).content.decode()
    assert "Paid orders to look into" in client.get("/admin/").content.decode()
    assert "Mark as seen" in client.get(page).content.decode()
    told = client.post(press, {"words": WORDS}, follow=True).content.decode()
    assert "Marked as seen." in told
    assert clerk.name in told
    assert not Purchase.objects.unseen().exists()
