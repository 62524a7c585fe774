"""Codes, bonus coins and promotions as fans meet them: pages, emails, statement, API."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from conftest import person
from wallet.bonus import emails
from wallet.codes import alphabet
from wallet.coins.balance import coin_balance
from wallet.documents.content import content_of, in_words
from wallet.documents.issuing import issue_receipt
from wallet.models import BonusLot, Promotion, Purchase, Redemption
from wallet.statements.content import content_of as statement_of
from wallet.statements.months import month_of, this_month
from wallet.tests.codes import made_batch
from wallet.tests.promotions import bonus_lot, promotion
from wallet.tests.stage import order, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    return person("fanny", date_joined=timezone.now() - timedelta(days=100))


@pytest.fixture
def page(fan: User, client: Client) -> Client:
    client.force_login(fan)
    return client


def key_of(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found
    return found[1]


def test_a_visitor_keeps_the_code_on_the_way_through_the_sign_in(client: Client) -> None:
    code = alphabet.written(made_batch().codes[0])
    html = client.get(f"/redeem/?code={code}").content.decode()
    assert code in html
    assert f"/account/login/?next=%2Fredeem%2F%3Fcode%3D{code}" in html
    assert f"/account/signup/?next=%2Fredeem%2F%3Fcode%3D{code}" in html
    answer = client.post("/redeem/", {"code": code, "key": str(uuid.uuid4())})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/account/login/?next=%2Fredeem%2F%3Fcode%3D{code}",
    )
    assert not Redemption.objects.exists()


def test_a_link_fills_the_code_in_and_redeems_nothing(page: Client) -> None:
    code = alphabet.written(made_batch().codes[0])
    html = page.get(f"/redeem/?code={code}").content.decode()
    assert f'value="{code}"' in html
    assert not Redemption.objects.exists()


def test_a_promotion_code_leads_to_the_wallet_and_back(page: Client, fan: User) -> None:
    code = made_batch(coins=1_200).codes[0]
    key = key_of(page.get("/redeem/?next=/rates/").content.decode())
    answer = page.post("/redeem/", {"code": code, "key": key, "next": "/rates/"}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/wallet/?next=%2Frates%2F"
    assert "1,200 bonus coins are yours" in html
    assert 'href="/rates/"' in html
    assert re.search(r"1,200 bonus coins until <time", html)
    again = page.post("/redeem/", {"code": code, "key": str(uuid.uuid4())})
    assert (again.status_code, again["X-Error-Code"]) == (409, "code_used_by_you")
    assert "You redeemed it on <time" in again.content.decode()
    assert coin_balance(fan)["bonus_coins"] == 1_200


def test_a_prepaid_card_leads_to_its_order(page: Client) -> None:
    code = made_batch(coins=1_000, price_minor=1_190).codes[0]
    answer = page.post("/redeem/", {"code": code, "key": str(uuid.uuid4())}, follow=True)
    purchase = Purchase.objects.get()
    assert answer.redirect_chain[-1][0] == f"/orders/{purchase.public_id}/"
    assert "1,000 coins added to your wallet" in answer.content.decode()
    refund = page.get(f"/orders/{purchase.public_id}/refund/").content.decode()
    assert "came from a prepaid card" in refund
    receipt = issue_receipt(purchase.pk)
    assert receipt is not None
    assert any("Prepaid card" in value for _name, value in content_of(receipt, in_words).facts)


@pytest.mark.parametrize("typed", ["", "ABCD", "x" * 500, "\x00\x01", "' OR 1=1 --"])
def test_what_is_no_code_gets_a_sentence(page: Client, typed: str) -> None:
    answer = page.post("/redeem/", {"code": typed, "key": str(uuid.uuid4())})
    # What no form may hold never reaches this one.
    assert answer.status_code == (
        400 if "\x00" in typed else 422 if not 0 < len(typed) < 65 else 404
    )
    assert "field__error" in answer.content.decode() or "\x00" in typed
    assert not Redemption.objects.exists()


def test_doors_lead_to_the_code_from_the_wallet_and_the_shop(page: Client) -> None:
    for address in ("/wallet/", "/coins/"):
        assert 'href="/redeem/"' in page.get(address).content.decode()
    assert "/redeem/?next=%2Frates%2F" in page.get("/coins/?next=/rates/").content.decode()


def test_the_api_redeems_once_and_lists(fan: User) -> None:
    code, key = made_batch(coins=70).codes[0], str(uuid.uuid4())
    client = APIClient()
    client.force_authenticate(fan)
    first = client.post("/api/v1/redemptions/", {"code": code, "key": key}, format="json")
    assert first.status_code == 201
    assert (first.json()["kind"], first.json()["coins"], first.json()["order"]) == (
        "bonus",
        70,
        None,
    )
    assert (
        client.post("/api/v1/redemptions/", {"code": code, "key": key}, format="json").json()
        == first.json()
    )
    wrong = client.post(
        "/api/v1/redemptions/", {"code": "no", "key": str(uuid.uuid4())}, format="json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (404, "code_unknown")
    assert [one["public_id"] for one in client.get("/api/v1/redemptions/").json()] == [
        first.json()["public_id"]
    ]
    wallet = client.get("/api/v1/wallet/").json()
    assert wallet["bonuses"] == [{"coins": 70, "until": first.json()["bonus_until"]}]


def test_the_api_says_the_bonus_of_packs_and_orders(fan: User) -> None:
    promotion(percent=10)
    client = APIClient()
    client.force_authenticate(fan)
    packs = {pack["coins"]: pack["bonus_coins"] for pack in client.get("/api/v1/bundles/").json()}
    assert packs[1_000] == 100
    wish: dict[str, Any] = {"key": str(uuid.uuid4()), "method": "card", "coins": 1_000}
    refused = client.post("/api/v1/purchases/", wish | {"bonus_coins": 200}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "bonus_changed")
    placed = client.post("/api/v1/purchases/", wish | {"bonus_coins": 100}, format="json")
    assert (placed.status_code, placed.json()["bonus_coins"]) == (201, 100)


def test_the_shop_says_the_bonus_after_the_price_and_until_when(page: Client, fan: User) -> None:
    promotion(percent=10, ends_at=timezone.now() + timedelta(days=20))
    html = page.get("/coins/").content.decode()
    card = html.split("price-card__price")[1].split("</label>")[0]
    assert card.index("€") < card.index("bonus coins")
    summary = html.split('id="summary"')[1].split("</section>")[0]
    assert summary.index("€11.59") < summary.index("100 bonus coins come with it")
    assert "This offer holds until <time" in summary
    assert 'name="bonus" value="100"' in summary
    form = dict(re.findall(r'name="(seen|total|key|terms|bonus)" value="([^"]*)"', html))
    pack = form["seen"]
    Promotion.objects.update(stopped_at=timezone.now())
    refused = page.post("/coins/checkout/", form | {"pack": pack, "method": "card"})
    assert refused.status_code == 409
    assert "The bonus with this order is 0 coins now" in refused.content.decode()
    Promotion.objects.update(stopped_at=None)
    page.post("/coins/checkout/", form | {"pack": pack, "method": "card"})
    assert Purchase.objects.get().bonus.coins == 100


def test_order_receipt_and_refund_say_the_bonus(page: Client, fan: User) -> None:
    promotion(percent=10)
    waiting = order(fan, 500)
    assert "once it is paid" in page.get(f"/orders/{waiting.public_id}/").content.decode()
    purchase = paid(fan, 1_000)
    assert (
        "100 bonus coins added, Harbour days"
        in page.get(f"/orders/{purchase.public_id}/").content.decode()
    )
    receipt = issue_receipt(purchase.pk)
    assert receipt is not None
    notes = " ".join(content_of(receipt, in_words).notes)
    assert "100 bonus coins came with this order, free of charge" in notes
    refund = page.get(f"/orders/{purchase.public_id}/refund/?coins=250").content.decode()
    assert "25 of the bonus coins you have not spent are taken back" in refund


def test_wallet_header_and_statement_show_bonus_coins_apart(page: Client, fan: User) -> None:
    paid(fan, 1_000)
    bonus_lot(fan, 50)
    html = page.get("/wallet/").content.decode()
    assert "and 50 bonus coins" in html
    assert re.search(r"50 bonus coins until <time", html)
    header = page.get("/wallet/balance/").content.decode()
    assert "1,050" in header and "50 bonus" in header
    notes = " ".join(statement_of(month_of(fan, this_month()), str).notes)
    assert "50 are bonus coins, which can't be refunded: 50 until" in notes


def test_a_fan_is_told_once_before_bonus_coins_end(fan: User) -> None:
    lot, spent = bonus_lot(fan, 50, days=30), bonus_lot(person("other"), 10, days=30)
    assert lot.mail_due_at == lot.expires_at - timedelta(days=7)
    assert emails.send_due() == 0
    BonusLot.objects.update(mail_due_at=timezone.now())
    User.objects.filter(pk=spent.user_id).update(is_active=False)
    assert (emails.send_due(), emails.send_due()) == (1, 0)
    said = mail.outbox[-1]
    assert said.to == [fan.email]
    assert "50 bonus coins expire on" in said.subject
    assert "cannot be refunded" in said.body


def test_of_a_short_bonus_nothing_is_emailed(fan: User) -> None:
    assert bonus_lot(fan, 50, days=3).mail_due_at is None
