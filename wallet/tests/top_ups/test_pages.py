"""Auto top-up on its pages, in the API and for staff: a fan's yes turns it on, one press off."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Scope, User
from conftest import api_key, give_coins, person
from foundation.money import Money, money
from stripe_standin.server import Standin
from testing.browsers import just_signed_in, signed_in
from wallet.models import SandboxSavedCard, TopUp
from wallet.tests.stage import pack
from wallet.tests.top_ups.stage import agreed, run_low, turned_on
from wallet.top_ups import consent

pytestmark = pytest.mark.django_db
NEW, PAGE, OFF = "/wallet/auto-top-up/new/", "/wallet/auto-top-up/", "/wallet/auto-top-up/off/"
PRESSES = re.compile(r"^(buy|get|grab|top up|spend) (now|more|today)|hurry|don't miss", re.I)
API = "/api/v1/wallet/auto-top-up/"


def chosen(fan: User, **other: str) -> dict[str, str]:
    return {"pack": str(pack(fan).pk), "below_coins": "300", "month": "40", **other}


def seen(**other: str) -> dict[str, str]:
    return {"total": "1159", "version": consent.VERSION, **other}


def test_nobody_turns_it_on_without_proving_who_they_are(carol: User) -> None:
    client = signed_in(carol)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = client.post(NEW, chosen(carol) | seen(agree="on"))
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not TopUp.objects.exists()


def test_a_fan_reads_the_sentence_agrees_and_saves_a_card(carol: User) -> None:
    client = just_signed_in(signed_in(carol))
    asked = client.get(NEW).content.decode()
    assert "checked" not in asked.split("<main")[1].split("</main>")[0]
    read = client.post(NEW, chosen(carol)).content.decode()
    sentence = consent.sentence(
        total=price(carol), coins=1_000, below=300, month=price(carol, 4_000)
    )
    assert sentence in read and "checked" not in read.split("<main")[1]
    assert not TopUp.objects.exists()
    unread = client.post(NEW, chosen(carol) | seen())
    assert unread.status_code == 422 and "Tick the box" in unread.content.decode()
    left = client.post(NEW, chosen(carol) | seen(agree="on"))
    [card] = SandboxSavedCard.objects.all()
    assert left["Location"] == f"/sandbox/save/{card.reference}/"
    assert "Not on yet" in client.get(PAGE).content.decode()
    client.post(left["Location"], {"pressed": "pays"})
    on = client.get(PAGE).content.decode()
    assert "Visa ending in 4242" in on and sentence in on
    kept = TopUp.objects.get()
    assert (kept.state, kept.consent, kept.consent_version) == ("on", sentence, consent.VERSION)


def price(fan: User, minor: int = 1_159) -> Money:
    return money(minor, fan.region.currency)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pack": ""}, "Choose what is bought each time."),
        ({"pack": "9999999"}, "no longer on sale"),
        ({"below_coins": ""}, "Enter a number of coins."),
        ({"below_coins": "1001"}, "Enter no more than that."),
        ({"below_coins": "-1"}, ""),
        ({"month": "5"}, "One order costs"),
        ({"month": "40.001"}, "decimal places"),
        ({"month": "999999999999"}, ""),
        ({"month": "NaN"}, ""),
        ({"month": ""}, "Enter the most that 30 days may cost."),
    ],
)
def test_what_cannot_be_agreed_to_says_why(carol: User, wrong: dict[str, str], said: str) -> None:
    client = just_signed_in(signed_in(carol))
    answer = client.post(NEW, chosen(carol, **wrong) | seen(agree="on"))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not TopUp.objects.exists()


@pytest.mark.parametrize("old", [{"total": "999"}, {"version": "2020-01-01"}])
def test_another_price_or_sentence_is_read_before_it_is_agreed_to(
    carol: User, old: dict[str, str]
) -> None:
    client = just_signed_in(signed_in(carol))
    answer = client.post(NEW, chosen(carol) | seen(agree="on", **old))
    assert answer.status_code == 200 and not TopUp.objects.exists()


def test_one_press_turns_it_off_with_no_second_look(carol: User) -> None:
    turned_on(carol)
    client = signed_in(carol)
    assert "Turn off" in client.get(OFF).content.decode()
    client.post(OFF)
    assert TopUp.objects.get().state == TopUp.State.OFF
    assert client.get(OFF).status_code == 302


def test_a_way_back_to_another_site_is_no_way(carol: User) -> None:
    page = signed_in(carol).get(f"{PAGE}?next=https://elsewhere.example/").content.decode()
    assert "elsewhere" not in page.split("<main")[1].split("</main>")[0]


def test_history_and_orders_name_it(carol: User) -> None:
    give_coins(carol, 600)
    turned_on(carol)
    [order] = run_low(carol, 200)
    client = signed_in(carol)
    assert "Auto top-up: 1,000 coins" in client.get("/wallet/").content.decode()
    assert "Auto top-up" in client.get("/orders/").content.decode()
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    assert "Placed by auto top-up" in page and "Refund unused coins" in page


def test_an_order_of_it_has_no_button_to_pay(carol: User) -> None:
    give_coins(carol, 600)
    turned_on(carol, plays="declines")
    [order] = run_low(carol, 200)
    page = signed_in(carol).get(f"/orders/{order.public_id}/").content.decode()
    assert "Continue to pay" not in page and "Auto top-up is off" in page


def test_a_fan_sees_only_their_own(carol: User) -> None:
    turned_on(carol)
    other = signed_in(person("other"))
    assert "4242" not in other.get(PAGE).content.decode()
    other.post(OFF)
    assert TopUp.objects.get().state == TopUp.State.ON


def test_no_page_of_it_presses_anybody(carol: User) -> None:
    turned_on(carol)
    client = just_signed_in(signed_in(carol))
    pages = [client.get(PAGE), client.get(OFF), client.post(NEW, chosen(carol))]
    client.post(OFF)
    pages += [client.get(PAGE), client.get(NEW), client.get("/coins/"), client.get("/wallet/")]
    for page in pages:
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        words = [text.strip() for text in re.findall(r">([^<>]+)<", main) if text.strip()]
        assert not [text for text in words if PRESSES.search(text)]
        assert 'name="agree" checked' not in main


def test_a_site_whose_provider_keeps_no_cards_offers_none(
    carol: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wallet.providers.sandbox.provider import SandboxProvider

    monkeypatch.delattr(SandboxProvider, "savable")
    client = just_signed_in(signed_in(carol))
    assert "/wallet/auto-top-up/" not in client.get("/coins/").content.decode()
    assert "isn't offered" in client.get(PAGE).content.decode().replace("&#x27;", "'")
    answer = client.post(NEW, chosen(carol) | seen(agree="on"))
    assert answer.status_code == 422 and not TopUp.objects.exists()


# Programs.


def put(client: Client, fan: User, **headers: Any) -> Any:
    wish = {
        "bundle": pack(fan).pk,
        "total_minor": 1_159,
        "below_coins": 300,
        "month_minor": 4_000,
        "consent_version": consent.VERSION,
    }
    return client.put(API, json.dumps(wish), content_type="application/json", headers=headers)


def test_a_program_reads_it_and_turns_it_off_but_never_on_by_a_key(carol: User) -> None:
    turned_on(carol)
    key = {"Authorization": f"Token {api_key(carol, Scope.READ, Scope.SEND)}"}
    client = Client()
    told = client.get(API, headers=key).json()
    assert (told["state"], told["total"]["amount"], told["card"]) == (
        "on",
        "11.59",
        "Visa ending in 4242",
    )
    refused = put(client, carol, **key)
    assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_required")
    assert client.delete(API, headers=key).status_code == 204
    assert client.delete(API, headers=key).status_code == 204
    assert client.get(API, headers=key).json()["state"] == "off"


def test_a_page_of_ours_turns_it_on_over_the_api(standin: Standin, carol: User) -> None:
    told = put(just_signed_in(signed_in(carol)), carol).json()
    assert told["state"] == "waiting" and told["save_url"].startswith(f"{standin.url}/pay/")


# Staff.


def test_staff_with_the_right_turn_it_off_and_the_fan_is_told(carol: User, dana: User) -> None:
    top_up = turned_on(carol)
    dana.user_permissions.set(Permission.objects.filter(codename__in=["view_topup", "view_user"]))
    stop = f"/admin/wallet/topup/{top_up.pk}/stop/"
    rita = User.objects.get(pk=dana.pk)
    User.objects.filter(pk=rita.pk).update(is_superuser=False)
    assert just_signed_in(signed_in(rita)).post(stop).status_code == 403
    User.objects.filter(pk=rita.pk).update(is_superuser=True)
    boss = just_signed_in(signed_in(User.objects.get(pk=dana.pk)))
    assert "Auto top-up" in boss.get(f"/admin/accounts/user/{carol.pk}/change/").content.decode()
    boss.post(stop)
    top_up.refresh_from_db()
    assert (top_up.off_reason, top_up.off_by_id) == (TopUp.Reason.STAFF, dana.pk)
    assert top_up.emails.count() == 1


def test_a_page_left_half_way_can_be_gone_on_with(carol: User) -> None:
    top_up = agreed(carol)
    answer = signed_in(carol).post("/wallet/auto-top-up/card/")
    assert answer["Location"] == f"/sandbox/save/{top_up.saved_method.setup_reference}/"
