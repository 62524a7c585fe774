"""The wallet's pages: what each person sees, what a press does, what a fragment says."""

import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import Country, SpendingLimit, User
from conftest import give_coins, person
from wallet.limits.spending import OverSpendingLimit, set_limit
from wallet.models import BundlePrice, Purchase, SandboxPayment
from wallet.prices import pricing
from wallet.purchases import settlement
from wallet.tests.stage import order, pack, paid, press, spend
from wallet.views.orders import SOON_S

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OnCommit = Callable[..., Any]


COMPARED = re.compile(r"takes ([\d.]+)% of the ([\d,]+) pack, but ([\d.]+)% of the ([\d,]+)")


def checkout(client: Client, user: User, **more: Any) -> Any:
    bundle = pack(user)
    form = {"key": str(uuid.uuid4()), "method": "card", "pack": str(bundle.pk)}
    form |= {"seen": str(bundle.pk), "total": "1159"} | more
    return client.post("/coins/checkout/", form)


def test_visitors_see_prices_of_the_default_region_and_may_choose_another(client: Client) -> None:
    assert "$10.69" in client.get("/coins/").content.decode()
    page = client.get("/coins/?country=DE").content.decode()
    assert "€11.59" in page and "with 19% VAT" in page and "A creator gets up to €6.82." in page
    assert "Join to buy" in page
    assert client.get("/coins/?country=nowhere").status_code == 200


def test_a_fan_sees_prices_of_their_own_country(carol: User, client: Client) -> None:
    client.force_login(carol)
    page = client.get("/coins/?country=US").content.decode()
    assert "€11.59" in page
    assert "$" not in page.split("</main>")[0].split("<main")[1]


def test_a_packs_card_follows_its_price_and_its_reader(carol: User, client: Client) -> None:
    """It is kept between pages; none is kept that shows other figures, or shows them otherwise."""
    client.force_login(carol)
    for _ in range(2):
        assert cards(client).count("€11.59") == 1
    assert "11,59\u00a0€" in cards(client, "de") and "€11.59" not in cards(client, "de")
    BundlePrice.objects.create(bundle=pack(carol), price_minor=1_259)
    assert "€12.59" in cards(client) and "€11.59" not in cards(client)
    set_limit(user=carol, span="day", coins=500)
    assert "More than your limit allows now" in cards(client)


def cards(client: Client, asks: str = "en") -> str:
    """Return the packs of the coins page, which a browser asks for in a language."""
    page = client.get("/coins/", headers={"Accept-Language": asks}).content.decode()
    return page.partition("buy__grid")[2].partition("price-card-custom")[0]


def test_the_total_follows_the_choice(carol: User, client: Client) -> None:
    client.force_login(carol)
    live = client.get("/coins/quote/?pack=custom&coins=750", headers=HTMX).content.decode()
    assert "custom:750" in live and 'hx-swap-oob="true"' in live
    refused = client.get("/coins/quote/?pack=custom&coins=7", headers=HTMX)
    assert refused.status_code == 422
    assert "You can buy 50 to 100,000 coins at once." in refused.content.decode()
    for nonsense in ("pack=x", "pack=999999999999", "pack=custom&coins=1e9", "", "pack=²"):
        assert client.get(f"/coins/quote/?{nonsense}", headers=HTMX).status_code in (410, 422)


def test_a_choice_over_the_fans_own_limit_is_told_before_the_press(
    carol: User, client: Client
) -> None:
    set_limit(user=carol, span="day", coins=500)
    client.force_login(carol)
    refused = client.get("/coins/quote/?pack=custom&coins=750", headers=HTMX)
    assert (
        refused.status_code,
        "Your spending limit is 500 coins" in refused.content.decode(),
    ) == (
        OverSpendingLimit.status,
        True,
    )
    assert client.get("/coins/quote/?pack=custom&coins=400", headers=HTMX).status_code == 200
    page = client.get("/coins/").content.decode()
    assert "Your own limit is 500 coins a day." in page and "500 are left now." in page


def test_one_press_places_the_order_and_leads_to_the_pay_page(carol: User, client: Client) -> None:
    client.force_login(carol)
    answer = checkout(client, carol)
    purchase = Purchase.objects.get()
    assert answer["Location"] == f"/sandbox/pay/{purchase.provider_reference}/"
    assert client.get(answer["Location"]).status_code == 200


def test_pressing_twice_is_one_order(carol: User, client: Client) -> None:
    client.force_login(carol)
    key = str(uuid.uuid4())
    assert (
        checkout(client, carol, key=key)["Location"] == checkout(client, carol, key=key)["Location"]
    )
    assert Purchase.objects.count() == 1


def test_another_choice_with_the_same_key_is_another_order(carol: User, client: Client) -> None:
    client.force_login(carol)
    key = str(uuid.uuid4())
    checkout(client, carol, key=key)
    smaller = {"pack": "custom", "coins": "750", "seen": "custom:750", "total": "869"}
    answer = checkout(client, carol, key=key, **smaller)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "You already placed another order from this page." in page
    assert Purchase.objects.count() == 1
    (anew,) = re.findall(r'name="key" value="([^"]+)"', page)
    assert anew != key
    total = re.findall(r'name="total" value="([^"]+)"', page)[0]
    assert checkout(client, carol, key=anew, **smaller | {"total": total}).status_code == 302
    assert {order.coins for order in Purchase.objects.all()} == {1_000, 750}


def test_a_choice_whose_total_was_not_seen_is_shown_first(carol: User, client: Client) -> None:
    client.force_login(carol)
    there = checkout(client, carol, pack="custom", coins="750", method="bank")["Location"]
    assert there == "/coins/checkout/?pack=custom&coins=750&method=bank"
    page = client.get(there).content.decode()
    assert "Your order" in page and "custom:750" in page
    assert re.search(r'value="bank" checked', page)
    assert 'href="/coins/?pack=custom%3A750&amp;coins=750"' in page  # the way back
    assert not Purchase.objects.exists()


def test_the_checkout_of_a_pack_can_be_reloaded_and_shared(carol: User, client: Client) -> None:
    there = f"/coins/checkout/?pack={pack(carol).pk}&next=/live/1/"
    assert "/login/?next=/coins/checkout/" in client.get(there)["Location"]
    client.force_login(carol)
    keys = set()
    for _ in range(2):
        page = client.get(there).content.decode()
        assert re.search(r"<span>Pay €11\.59</span>", page)
        assert '<input type="hidden" name="next" value="/live/1/">' in page
        keys |= set(re.findall(r'name="key" value="([^"]+)"', page))
    assert len(keys) == 2 and not Purchase.objects.exists()
    elsewhere = client.get(there.replace("/live/1/", "//elsewhere/")).content.decode()
    assert 'name="next"' not in elsewhere
    gone = client.get("/coins/checkout/?pack=0&next=/live/1/", follow=True)
    assert gone.redirect_chain == [("/coins/?next=%2Flive%2F1%2F", 302)]
    assert "no longer on sale" in gone.content.decode()


def test_the_checkout_says_why_it_sells_nothing_now(carol: User, client: Client) -> None:
    SpendingLimit.objects.create(user=carol, span="day", coins=200)
    client.force_login(carol)
    page = client.get(f"/coins/checkout/?pack={pack(carol).pk}").content.decode()
    assert re.search(r'class="field__error">[^<]*200', page)
    assert 'id="pay"' not in page and 'name="method"' not in page


def test_a_price_that_changed_meanwhile_is_refused(carol: User, client: Client) -> None:
    client.force_login(carol)
    BundlePrice.objects.create(bundle=pack(carol), price_minor=1_259)
    answer = checkout(client, carol)
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "price_changed")
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("page", ["order", "order_progress", "receipt"])
def test_others_do_not_find_my_order(alice: User, carol: User, client: Client, page: str) -> None:
    address = reverse(f"wallet:{page}", args=[order(alice).public_id])
    client.force_login(carol)
    assert client.get(address).status_code == 404
    client.force_login(alice)
    assert client.get(address).status_code in (200, 302)


@pytest.mark.parametrize(
    "path", ["/wallet/", "/wallet/history/", "/wallet/balance/", "/orders/", "/coins/checkout/"]
)
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.post(path) if "checkout" in path else client.get(path)
    assert answer.status_code == 302 and "/login/" in answer["Location"]


def test_the_success_page_credits_nothing(carol: User, client: Client) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    client.force_login(carol)
    for _ in range(3):
        assert client.get(f"/orders/{purchase.public_id}/?status=paid").status_code == 200
    assert ledger.balance("coins", "COIN", carol.pk) == 0


def follow_on(page: str) -> str:
    """Return the address that the order page asks next."""
    return unescape(re.findall(r'hx-get="([^"]+progress[^"]+)"', page)[0])


def test_the_order_page_follows_while_open_and_stops_when_done(carol: User, client: Client) -> None:
    purchase = order(carol)
    client.force_login(carol)
    waiting = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert "Waiting for your payment" in waiting and "Continue to pay" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert client.get(follow_on(waiting)).status_code == 204
    press(purchase, SandboxPayment.State.SUCCEEDED)
    settlement.inspect(purchase)
    done = client.get(follow_on(waiting))
    assert "every" not in done.content.decode()
    assert "<title>Your coins are here" in done.content.decode()
    assert "1,000 coins added to your wallet" in done.content.decode()
    assert done["HX-Trigger"] == "balance:changed"


def test_who_comes_back_from_paying_is_not_asked_to_pay_again(carol: User, client: Client) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert "Payment received" in page and "Your bank said yes" in page
    assert "Continue to pay" not in page and "Waiting for your payment" not in page
    assert 'hx-trigger="every 250ms"' in page
    assert client.get(follow_on(page)).status_code == 204
    settlement.inspect(purchase)
    assert "<title>Your coins are here" in client.get(follow_on(page)).content.decode()


def test_a_page_that_waits_long_asks_less_often(carol: User, client: Client) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    late = re.sub(r"began=\d+", f"began={int(time.time()) - SOON_S - 2}", follow_on(page))
    slower = client.get(late).content.decode()
    assert 'hx-trigger="every 2s"' in slower and "Payment received" in slower
    assert client.get(follow_on(slower)).status_code == 204


def test_a_provider_that_does_not_answer_is_no_reason_to_ask_for_money(
    carol: User, client: Client
) -> None:
    purchase = order(carol)
    SandboxPayment.objects.update(reference=uuid.uuid4())  # the provider does not know it now
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert "checking your payment" in page and "Continue to pay" not in page
    SandboxPayment.objects.update(reference=purchase.provider_reference)
    found = client.get(follow_on(page)).content.decode()
    assert "Continue to pay" in found


def test_a_payment_that_is_not_for_this_order_is_not_called_received(
    carol: User, client: Client
) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    SandboxPayment.objects.update(amount_minor=1)
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert "Payment received" not in page


def test_a_paid_order_leads_back_to_where_the_coins_ran_out(carol: User, client: Client) -> None:
    client.force_login(carol)
    room = "/live/1234/?gift=moss-frog"
    shop = client.get("/coins/", {"coins": "600", "next": room}).content.decode()
    (back,) = re.findall(r'name="next" value="([^"]+)"', shop)
    assert checkout(client, carol, next=unescape(back)).status_code == 302
    purchase = Purchase.objects.get()
    press(purchase, SandboxPayment.State.SUCCEEDED)
    settlement.inspect(purchase)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert f'href="{room}"' in page and "Back to where you were" in page
    paid(carol)
    other = client.get(f"/orders/{Purchase.objects.latest('pk').public_id}/").content.decode()
    assert room not in other


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/x"])
def test_an_order_leads_back_to_this_site_only(carol: User, client: Client, address: str) -> None:
    client.force_login(carol)
    page = client.get("/coins/", {"next": address}).content.decode()
    assert 'name="next"' not in page and f'href="{address}' not in page
    checkout(client, carol, next=address)
    assert "orders_came_from" not in client.session


@pytest.mark.parametrize(
    ("wanted", "coins"), [({"coins": "1000"}, 1_000), ({"coins": "100"}, 100), ({}, 1_000)]
)
def test_a_pack_of_the_size_that_is_wanted_is_chosen(
    carol: User, client: Client, wanted: dict[str, str], coins: int
) -> None:
    client.force_login(carol)
    page = client.get("/coins/", wanted).content.decode()
    (chosen,) = re.findall(r'name="pack" value="(\d+)" checked', page)
    assert chosen == str(pack(carol, coins).pk)


@pytest.mark.parametrize(
    ("lacking", "chosen"), [(2_109, 2_109), (750, 750), (12, 50), (12_345, 12_345)]
)
def test_exactly_what_is_missing_is_chosen_or_the_least_that_is_sold(
    alice: User, client: Client, lacking: int, chosen: int
) -> None:
    client.force_login(alice)
    page = client.get("/coins/", {"coins": str(lacking)}).content.decode()
    assert 'value="custom" id="custom" checked' in page
    assert f'name="seen" value="custom:{chosen}"' in page
    assert not re.findall(r'name="pack" value="\d+" checked', page)


def test_where_a_pack_is_nearer_than_the_least_own_amount_it_is_chosen(client: Client) -> None:
    fan = person("bruna", country="BR")  # its smallest pack has 30 coins, an own amount 50
    client.force_login(fan)
    page = client.get("/coins/", {"coins": "12"}).content.decode()
    (chosen,) = re.findall(r'name="pack" value="(\d+)" checked', page)
    assert chosen == str(pack(fan, 30).pk)


def test_more_than_is_sold_at_once_chooses_the_largest_pack(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/coins/", {"coins": "100001"}).content.decode()
    (chosen,) = re.findall(r'name="pack" value="(\d+)" checked', page)
    assert chosen == str(pack(alice, 10_000).pk)


def test_what_a_visitor_chose_is_still_chosen_after_joining(client: Client, carol: User) -> None:
    page = client.get("/coins/?country=DE&next=/live/1/").content.decode()
    assert 'formaction="/coins/join/"' in page
    choice = {"pack": "custom", "coins": "750", "country": "DE", "next": "/live/1/"}
    join = client.post("/coins/join/", choice)["Location"]
    form = client.get(join).content.decode()
    assert re.search(r'<option value="DE" selected>', form)
    there = parse_qs(urlsplit(join).query)["next"][0]
    client.force_login(carol)
    shop = client.get(there).content.decode()
    assert 'value="custom" id="custom" checked' in shop and 'value="750"' in shop
    assert 'name="next" value="/live/1/"' in shop


def test_a_visitor_joins_whatever_they_typed(client: Client) -> None:
    for choice in ({"pack": "custom", "coins": "7"}, {"pack": "0"}, {"next": "//elsewhere/"}, {}):
        join = client.post("/coins/join/", choice)["Location"]
        assert parse_qs(urlsplit(join).query)["next"] == ["/coins/"]
        assert client.get(join).status_code == 200


def test_a_button_says_an_amount_where_it_follows_the_choice(carol: User, client: Client) -> None:
    client.force_login(carol)
    button = client.get("/coins/").content.decode().split('id="pay"')[1].split("</button>")[0]
    assert re.search(r'<span class="with-htmx">Pay €[\d.]+</span>', button)
    assert '<span class="without-htmx">Continue to pay</span>' in button
    other = {"pack": pack(carol, 300).pk, "key": uuid.uuid4(), "method": "card", "next": "/live/1/"}
    fixed = client.post("/coins/checkout/", other, follow=True).content.decode()
    assert re.search(r"<span>Pay €[\d.]+</span>", fixed) and "Continue to pay" not in fixed
    assert '<input type="hidden" name="next" value="/live/1/">' in fixed


def test_every_page_says_how_many_coins_there_are(carol: User, client: Client) -> None:
    client.force_login(carol)
    give_coins(carol, 1_234)
    for page in ("/", "/rates/", "/wallet/", reverse("accounts:settings"), "/coins/"):
        header = client.get(page).content.decode().split("</header>")[0]
        assert "1,234" in header, page


@pytest.mark.parametrize(("pressed", "state"), [("confirm", "processing"), ("deny", "declined")])
def test_who_pays_from_an_account_sees_the_bank(
    carol: User, client: Client, pressed: str, state: str
) -> None:
    client.force_login(carol)
    bank = checkout(client, carol, method="bank")["Location"]
    page = client.get(bank).content.decode()
    assert "Pay from your account" in page and "Pay by card" not in page
    assert client.get(bank.replace("/bank/", "/pay/"))["Location"] == bank
    assert client.post(bank, {"pressed": pressed}).status_code == 302
    assert SandboxPayment.objects.get().state == state


@pytest.mark.parametrize(
    ("pressed", "title", "action"),
    [
        (SandboxPayment.State.DECLINED, "Payment declined", "Try again"),
        (SandboxPayment.State.PROCESSING, "Your payment is on its way", ""),
        (SandboxPayment.State.NEEDS_AUTHENTICATION, "Confirm with your bank", "Continue to pay"),
    ],
)
def test_the_order_page_says_what_happens(
    carol: User, client: Client, pressed: SandboxPayment.State, title: str, action: str
) -> None:
    purchase = order(carol)
    press(purchase, pressed)
    settlement.inspect(purchase)
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert title in page and action in page


@pytest.mark.parametrize(
    ("presses", "state"),
    [
        (["approve"], "succeeded"),
        (["approve", "decline"], "succeeded"),
        (["decline"], "declined"),
        (["decline", "approve"], "declined"),
        (["later"], "processing"),
        (["authenticate", "confirm"], "succeeded"),
        (["authenticate", "deny"], "declined"),
        (["something"], "open"),
    ],
)
def test_the_sandboxs_pay_page(carol: User, client: Client, presses: list[str], state: str) -> None:
    reference = order(carol).provider_reference
    for button in presses:
        page = "bank" if button in ("confirm", "deny") else "pay"
        client.post(f"/sandbox/{page}/{reference}/", {"pressed": button})
    assert SandboxPayment.objects.get().state == state


def test_an_order_that_is_not_paid_has_no_receipt(carol: User, client: Client) -> None:
    client.force_login(carol)
    purchase = order(carol, 100)
    answer = client.get(f"/orders/{purchase.public_id}/receipt/")
    assert answer["Location"] == f"/orders/{purchase.public_id}/"


def test_the_wallet_shows_balance_and_history(carol: User, client: Client) -> None:
    paid(carol)
    spend(carol, 250, kind="gift")
    client.force_login(carol)
    page = client.get("/wallet/").content.decode()
    for part in ("Bought 1,000 coins", "Gift sent", "-250", "750", "worth", "€8.69"):
        assert part in page
    assert "750" in client.get("/wallet/balance/").content.decode()


def test_the_history_is_paged_by_key(carol: User, client: Client) -> None:
    for _ in range(45):
        give_coins(carol, 10)
    client.force_login(carol)
    first = client.get("/wallet/").content.decode()
    assert first.count('<details class="entry"') == 12
    before = first.split("?before=")[1].split('"')[0]
    older = client.get(f"/wallet/history/?before={before}", headers=HTMX).content.decode()
    assert older.count('<details class="entry"') == 30
    assert "<html" not in older
    assert "<html" in client.get(f"/wallet/history/?before={before}").content.decode()
    assert client.get("/wallet/history/?before=nonsense").status_code == 200


def test_a_slider_sets_a_limit(carol: User, client: Client) -> None:
    client.force_login(carol)
    answer = client.post("/wallet/limits/", {"span": "day", "step": "3"}, headers=HTMX)
    assert answer.status_code == 200
    assert SpendingLimit.objects.get().coins == 500
    assert (
        client.post("/wallet/limits/", {"span": "day", "step": "5"})["Location"]
        == "/wallet/limits/"
    )
    assert SpendingLimit.objects.get().in_force == 500
    assert (
        client.post("/wallet/limits/", {"span": "hour", "step": "1"}, headers=HTMX).status_code
        == 422
    )


def test_the_rates_are_public_and_add_up(client: Client) -> None:
    page = client.get("/rates/?country=DE").content.decode()
    for part in ("€10", "€5.88", "€2.05", "€0.47", "€1.60", "$0.0075", "75%", "2026-default"):
        assert part in page


def test_without_a_provider_prices_are_shown_and_nothing_is_sold(
    carol: User, client: Client, settings: Any
) -> None:
    settings.PAYMENT_PROVIDERS = []
    client.force_login(carol)
    page = client.get("/coins/").content.decode()
    assert "€11.59" in page and "Coins aren't on sale here right now." in page
    assert "disabled" in page.split('id="pay"')[1].split(">")[0]
    answer = checkout(client, carol)
    assert (answer.status_code, answer["X-Error-Code"]) == (422, "method_unavailable")


def test_only_what_may_be_bought_now_is_for_sale_and_the_page_says_when_there_is_more(
    carol: User, client: Client
) -> None:
    set_limit(user=carol, span="week", coins=1_200)
    earlier = order(carol, 500)
    client.force_login(carol)
    page = client.get("/coins/?coins=5000").content.decode()
    state = dict(re.findall(r'name="pack" value="(\d+)"( checked| disabled)?', page))
    sold = {bundle.coins: state[str(bundle.pk)] for bundle in carol.region.bundles.all()}
    assert {coins for coins, how in sold.items() if how != " disabled"} == {100, 300, 500}
    assert sold[500] == " checked"
    assert "Your own limit is 1,200 coins a week." in page and "700 are left now." in page
    assert (earlier.created_at + timedelta(days=7)).isoformat()[:16] in page
    assert 'href="/wallet/limits/"' in page
    assert 'max="700"' in page
    assert checkout(client, carol, pack=str(pack(carol).pk)).status_code == 409


def test_a_fan_with_no_limit_in_the_way_reads_nothing_of_it(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/coins/").content.decode()
    assert "left now" not in page and "disabled>" not in page.split("</form>")[0]


def test_what_the_coins_page_says_of_packs_is_true_in_every_country(client: Client) -> None:
    """A comparison is shown only where it holds: fees that do not fall are not said to fall."""
    shown = set()
    for country in Country.objects.select_related("region"):
        offers = {offer.coins: offer for offer in pricing.price_list(country)}
        page = client.get("/coins/", {"country": country.pk}).content.decode()
        said = COMPARED.search(page)
        if said:
            small, large = (offers[int(said[at].replace(",", ""))] for at in (2, 4))
            assert (said[1], said[3]) == (str(small.fee_percent), str(large.fee_percent)), country
            assert small.coins < large.coins and small.fee_percent > large.fee_percent, country
        shown.add(bool(said))
        badges = re.findall(r"price-card__badge.+?<svg.+?([\d,]+)", page, re.DOTALL)
        most = max(offers.values(), key=lambda offer: offer.creator_percent).creator_percent
        for coins in badges:
            assert offers[int(coins.replace(",", ""))].creator_percent == most, country
    assert shown == {True, False}  # Japan's fees do not fall


def test_a_refused_purchase_by_an_own_limit_leads_back_from_the_limits(
    carol: User, client: Client
) -> None:
    client.force_login(carol)
    page = client.get("/wallet/", {"next": "/live/1/?gift=moss-frog"}).content.decode()
    assert 'class="page-head__back" href="/live/1/?gift=moss-frog"' in page


def test_a_fan_with_nothing_left_finds_nothing_to_press(carol: User, client: Client) -> None:
    set_limit(user=carol, span="day", coins=100)
    order(carol, 100)
    client.force_login(carol)
    page = client.get("/coins/").content.decode()
    assert "You&#x27;ve used all of it." in page or "You've used all of it." in page
    packs = re.findall(r'name="pack" value="[^"]+"[^>]*>', page)
    assert packs and all("disabled" in pack and "checked" not in pack for pack in packs)


def test_limits_are_set_from_a_list_without_scripts(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get(reverse("wallet:wallet")).content.decode()
    plain = re.findall(r"<noscript>.*?</noscript>", page, re.DOTALL)
    day = next(part for part in plain if 'id="place-day"' in part)
    places = dict(re.findall(r'<option value="(\d+)"[^>]*>([^<]+)</option>', day))
    chosen = next(place for place, words in places.items() if words == "2,000 coins")
    sent = {"span": "day", "step": chosen}
    page = client.post(reverse("wallet:limits"), sent, follow=True).content.decode()
    assert f'<option value="{chosen}" selected>2,000 coins</option>' in page
    assert SpendingLimit.objects.get(user=alice).coins == 2_000
