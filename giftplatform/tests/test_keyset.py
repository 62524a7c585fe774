"""The staff's lists of the ledger: by key, never counted, found by whole keys."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from conftest import give_coins
from foundation.keyset import KeysetAdmin
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from ledger.models import Account, Posting, Transfer
from live.models import Stream
from wallet.models import Purchase
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db

LISTS = (Account, Posting, Transfer, SentGift)
LARGE = ("ledger_posting", "ledger_transfer", "ledger_key", "gifts_sentgift")


@pytest.fixture
def desk(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of three rows a page."""
    for model in LISTS:
        monkeypatch.setattr(type(admin.site._registry[model]), "list_per_page", 3, raising=False)


@pytest.fixture
def sent(alice: User, stream: Stream) -> list[SentGift]:
    return [send_gift(fan=alice, stream=stream, gift="pebble", key=uuid4()).gift for _ in range(7)]


def address(model: type) -> str:
    meta = admin.site._registry[model].model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def rows(page: str) -> list[int]:
    """Return the keys of the rows that a list links to, in its order."""
    found = re.findall(r'<th[^>]*>\s*<a href="[^"]*?/(\d+)/change/', page)
    return [int(pk) for pk in dict.fromkeys(found)]


def pages(desk: Client, start: str) -> Iterator[str]:
    """Yield a list's pages, one after the other."""
    following: str | None = ""
    while following is not None:
        page = desk.get(start + following).content.decode()
        yield page
        link = re.search(r'rel="next" href="([^"]+)"', page)
        following = link[1].replace("&amp;", "&") if link else None


@pytest.mark.parametrize("model", LISTS)
def test_the_pages_hold_every_row_once(
    desk: Client, sent: list[SentGift], few: None, model: type[Posting]
) -> None:
    desk_admin = admin.site._registry[model]
    assert isinstance(desk_admin, KeysetAdmin)
    found = [pk for page in pages(desk, address(model)) for pk in rows(page)]
    order = "pk" if desk_admin.oldest_first else "-pk"
    assert found == list(model.objects.order_by(order).values_list("pk", flat=True))
    assert len(found) > 3


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_counted_and_nothing_told_apart(
    desk: Client, sent: list[SentGift], model: type[Posting]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address(model)).status_code == 200
    own = model._meta.db_table
    of_own = [q["sql"] for q in queries if f'FROM "{own}"' in q["sql"]]
    listed = [sql for sql in of_own if "due" not in sql and "ORDER BY" in sql]
    assert listed
    assert not [sql for sql in of_own if "DISTINCT" in sql or "COUNT(*)" in sql]


def test_the_way_back_leads_to_the_newest(desk: Client, sent: list[SentGift], few: None) -> None:
    first, second, *_ = pages(desk, address(Posting))
    assert "Newest" not in first
    assert "Newest" in second


@pytest.mark.parametrize("asked", ["p=0", "p=-3", "p=nonsense", "p=" + "9" * 30, "o=1.-2"])
def test_an_odd_address_shows_the_first_page(
    desk: Client, sent: list[SentGift], asked: str
) -> None:
    page = desk.get(f"{address(Posting)}?{asked}").content.decode()
    assert rows(page) == rows(desk.get(address(Posting)).content.decode())


def test_a_posting_is_found_by_its_key_and_by_the_number_in_it(
    desk: Client, alice: User, carol: User, sent: list[SentGift]
) -> None:
    gift = sent[2]
    undo_gift(fan=alice, key=gift.public_id)
    bought = paid(carol)
    undo = Posting.objects.get(kind="undo").pk
    expected = {
        f"gift:{gift.public_id}": [gift.posting_id],
        f"undo:{gift.public_id}": [undo],
        f" {gift.public_id} ": [undo, gift.posting_id],
        str(bought.public_id): [Posting.objects.get(kind="purchase").pk],
        "gift:": [],
        "moss": [],
    }
    for text, found in expected.items():
        page = desk.get(address(Posting), {"q": text}).content.decode()
        assert rows(page) == found, text
        moved = desk.get(address(Transfer), {"q": text}).content.decode()
        assert set(rows(moved)) == set(
            Transfer.objects.filter(posting__in=found).values_list("pk", flat=True)
        )


def test_filters_know_their_choices(
    desk: Client, alice: User, carol: User, sent: list[SentGift]
) -> None:
    paid(carol)
    undo_gift(fan=alice, key=sent[0].public_id)
    page = desk.get(address(Posting)).content.decode()
    for kind in ("gift", "purchase", "test", "undo"):
        assert f"?kind={kind}" in page
        listed = rows(desk.get(f"{address(Posting)}?kind={kind}").content.decode())
        assert listed == list(
            Posting.objects.filter(kind=kind).order_by("-pk").values_list("pk", flat=True)
        )
    euros = rows(desk.get(f"{address(Transfer)}?unit=EUR").content.decode())
    assert euros == list(
        Transfer.objects.filter(unit="EUR").order_by("-pk").values_list("pk", flat=True)
    )
    tax = rows(desk.get(f"{address(Account)}?kind=tax").content.decode())
    assert tax == [Account.objects.get(kind="tax:DE").pk]
    for whose, owned in (("site", False), ("people", True)):
        listed = rows(desk.get(f"{address(Account)}?whose={whose}").content.decode())
        assert listed == list(
            Account.objects.filter(owner__isnull=not owned)
            .order_by("pk")
            .values_list("pk", flat=True)
        )


def test_a_sent_gift_is_found_by_number_and_by_person(
    desk: Client, alice: User, bob: User, carol: User, stream: Stream, sent: list[SentGift]
) -> None:
    give_coins(carol, 10)
    other = send_gift(fan=carol, stream=stream, gift="pebble", key=uuid4()).gift
    everything = [other.pk, *(gift.pk for gift in reversed(sent))]
    expected = {
        str(other.public_id): [other.pk],
        "carol": [other.pk],
        "@Carol": [other.pk],
        "CAROL@example.com": [other.pk],
        "bob": everything,
        "nobody": [],
        "caro": [],
    }
    for text, found in expected.items():
        assert rows(desk.get(address(SentGift), {"q": text}).content.decode()) == found, text


def test_a_purchase_leads_to_its_posting(desk: Client, carol: User) -> None:
    bought = paid(carol)
    page = desk.get(reverse("admin:wallet_purchase_change", args=[bought.pk])).content.decode()
    posting = Posting.objects.get(kind="purchase")
    assert reverse("admin:ledger_posting_change", args=[posting.pk]) in page
    assert Purchase.objects.count() == 1
