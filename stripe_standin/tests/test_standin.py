"""The stand-in behaves as Stripe does where that matters, and misbehaves where it is told to."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from stripe import StripeClient

from stripe_standin import API_VERSION
from stripe_standin.deliveries import sign
from stripe_standin.faults import Kind
from stripe_standin.forms import nested
from stripe_standin.operations import ROUTES
from stripe_standin.server import Exchange, Standin
from stripe_standin.tests.description import description, differences

ORDER = {
    "mode": "payment",
    "success_url": "https://gifts.example.org/orders/1/",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "1159",
    "line_items[0][price_data][product_data][name]": "1000 coins",
}


@pytest.fixture
def standin() -> Iterator[Standin]:
    standin = Standin().start()
    yield standin
    standin.stop()


def ask(
    standin: Standin, method: str, path: str, params: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    """Ask the API and return status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", standin.server_port, timeout=10)
    said = {
        "Authorization": f"Bearer {standin.key}",
        "Stripe-Version": API_VERSION,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, urlencode(params or {}), said)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def start(standin: Standin, key: str = "", **more: str) -> tuple[int, dict[str, Any]]:
    """Open a Checkout Session."""
    headers = {"Idempotency_Key": key} if key else {}
    return ask(standin, "POST", "/v1/checkout/sessions", ORDER | more, **headers)


def test_the_description_is_of_the_version_that_we_speak() -> None:
    assert description()["version"] == API_VERSION
    assert description()["operations"].keys() == {f"{verb} {path}" for verb, path, _ in ROUTES}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"colour": "blue"}, "colour"),
        ({"status": "fine"}, "fine"),
        ({"amount_total": "1159"}, "1159"),
        ({"livemode": None}, "None"),
        ({"customer_details": {"email": "a@b.c"}}, "customer_details"),
    ],
)
def test_the_description_finds_what_stripe_would_not_say(
    standin: Standin, changed: dict[str, Any], wrong: str
) -> None:
    told: list[Exchange] = []
    standin.told = told.append
    start(standin)
    [right] = told
    assert differences(right) == []
    form = (right.method, right.form, right.params)
    assert wrong in str(differences(Exchange(*form, 200, right.body | changed)))
    less = {name: value for name, value in right.body.items() if name != "expires_at"}
    assert "expires_at" in str(differences(Exchange(*form, 200, less)))


@pytest.mark.parametrize(
    "asked", [{"colour": "blue"}, {"mode": "gift"}, {"line_items": [{"quantity": "many"}]}]
)
def test_the_description_finds_what_stripe_would_not_take(
    standin: Standin, asked: dict[str, Any]
) -> None:
    told: list[Exchange] = []
    standin.told = told.append
    start(standin)
    [right] = told
    odd = Exchange(right.method, right.form, right.params | asked, 200, right.body)
    assert differences(odd)


def test_the_same_key_is_the_same_request(standin: Standin) -> None:
    status, first = start(standin, "one")
    assert status == 200
    assert start(standin, "one") == (200, first)
    assert len(standin.store.all("checkout.session")) == 1
    status, refused = start(standin, "one", success_url="https://elsewhere.example.org/")
    assert (status, refused["error"]["type"]) == (400, "idempotency_error")
    assert start(standin, "two")[1]["id"] != first["id"]


def test_what_was_refused_for_its_parameters_holds_no_key(standin: Standin) -> None:
    assert start(standin, "one", colour="blue")[0] == 400
    assert start(standin, "one")[0] == 200


def test_who_has_no_key_or_another_version_is_refused(standin: Standin) -> None:
    assert ask(standin, "GET", "/v1/balance", Authorization="Bearer sk_test_other")[0] == 401
    assert ask(standin, "GET", "/v1/balance", Stripe_Version="2020-08-27")[0] == 400
    assert ask(standin, "GET", "/v1/balance")[0] == 200
    assert ask(standin, "GET", "/v1/customers")[0] == 404
    assert ask(standin, "GET", "/v1/checkout/sessions/cs_test_none")[0] == 404


def test_pages_of_a_list_hold_everything_once(standin: Standin) -> None:
    for _ in range(5):
        start(standin)
    seen: list[str] = []
    after: dict[str, str] = {}
    more, at = True, "/v1/checkout/sessions"
    while more:
        page = ask(standin, "GET", f"{at}?" + urlencode({"limit": "2"} | after))[1]
        at = page["url"]  # as clients ask for the next page
        seen += [session["id"] for session in page["data"]]
        after, more = {"starting_after": seen[-1]}, page["has_more"]
    assert len(seen) == len(set(seen)) == 5


def test_a_page_begins_after_whatever_is_named(standin: Standin) -> None:
    names = [start(standin)[1]["id"] for _ in range(4)]
    refund = {"id": "re_1", "object": "refund", "created": 1, "payment_intent": None}
    standin.store.put(refund)
    asked = "/v1/checkout/sessions?" + urlencode({"starting_after": names[2]})
    found = ask(standin, "GET", asked)[1]
    assert [session["id"] for session in found["data"]] == [names[1], names[0]]
    assert found["has_more"] is False
    for gone in ("cs_test_none", "re_1"):
        assert ask(standin, "GET", asked.replace(names[2], gone))[0] == 404


def test_a_list_holds_what_was_made_since_and_what_is_of_a_payment(standin: Standin) -> None:
    for number in range(3):
        of = {"created": 100 + number, "payment_intent": f"pi_{number % 2}"}
        standin.store.put({"id": f"re_{number}", "object": "refund"} | of)

    def listed(**wish: str) -> list[str]:
        body = ask(standin, "GET", "/v1/refunds?" + urlencode(wish))[1]
        return [refund["id"] for refund in body["data"]]

    assert listed() == ["re_2", "re_1", "re_0"]
    assert listed(**{"created[gte]": "101"}) == ["re_2", "re_1"]
    assert listed(payment_intent="pi_0") == ["re_2", "re_0"]
    assert listed(payment_intent="pi_0", starting_after="re_2") == ["re_0"]


def test_four_levels_are_expanded_and_no_more(standin: Standin) -> None:
    start(standin)
    four = "data.payment_intent.latest_charge.refunds"
    at = "/v1/checkout/sessions?" + urlencode({"expand[]": four})
    assert ask(standin, "GET", at)[0] == 200
    assert ask(standin, "GET", f"{at}.data")[0] == 400


def test_the_library_turns_the_pages_of_every_list(standin: Standin) -> None:
    sessions = {start(standin)[1]["id"] for _ in range(5)}
    client = StripeClient(
        standin.key, stripe_version=API_VERSION, base_addresses={"api": standin.url}
    )
    found = client.v1.checkout.sessions.list({"limit": 2})
    assert {session.id for session in found.auto_paging_iter()} == sessions


def test_errors_come_as_they_were_ordered_and_do_nothing(standin: Standin) -> None:
    standin.faults.order(Kind.ERROR_500)
    standin.faults.order(Kind.ERROR_429)
    assert [start(standin, "one")[0] for _ in range(3)] == [500, 429, 200]
    assert len(standin.store.all("checkout.session")) == 1


def test_a_line_that_dies_before_did_nothing_and_one_that_dies_after_did_it(
    standin: Standin,
) -> None:
    standin.faults.order(Kind.DROP_BEFORE)
    with pytest.raises((OSError, http.client.HTTPException)):
        start(standin, "one")
    assert standin.store.all("checkout.session") == []
    standin.faults.order(Kind.DROP_AFTER)
    with pytest.raises((OSError, http.client.HTTPException)):
        start(standin, "one")
    [made] = standin.store.all("checkout.session")
    assert start(standin, "one")[1]["id"] == made["id"]


def test_paused_requests_wait_until_they_may_go_on(standin: Standin) -> None:
    standin.faults.order(Kind.PAUSED, method="POST")
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(start(standin)[0]))
    waiting.start()
    assert ask(standin, "GET", "/v1/balance")[0] == 200  # others are served meanwhile
    assert answers == []
    standin.faults.resume()
    waiting.join(10)
    assert answers == [200]


def test_a_slow_answer_takes_its_time(standin: Standin) -> None:
    standin.faults.order(Kind.SLOW, seconds=0.3)
    begun = time.monotonic()
    assert start(standin)[0] == 200
    assert time.monotonic() - begun >= 0.3


def test_webhooks_are_delivered_until_they_are_heard(standin: Standin) -> None:
    standin.account.pay(start(standin)[1]["id"])
    heard: list[tuple[bytes, str]] = []
    answers = iter([500, 500, 200, 200])

    def post(body: bytes, signature: str) -> int:
        heard.append((body, signature))
        return next(answers)

    assert standin.deliveries.deliver(post) == [500, 500]
    assert standin.deliveries.deliver(post) == []  # not before their time has come
    standin.store.rows.execute("UPDATE delivery SET due = 0")
    assert standin.deliveries.deliver(post) == [200, 200]
    standin.store.rows.execute("UPDATE delivery SET due = 0")
    assert standin.deliveries.deliver(post) == []
    body, signature = heard[-1]
    moment = int(signature.split(",")[0].removeprefix("t="))
    assert signature == sign(body, standin.deliveries.secrets, moment)


def test_state_outlives_the_server(tmp_path: Any) -> None:
    path = str(tmp_path / "state.sqlite3")
    first = Standin(path=path).start()
    made = start(first, "one")[1]
    first.stop()
    again = Standin(path=path).start()
    assert start(again, "one")[1] == made
    again.stop()


def test_brackets_are_objects_and_lists() -> None:
    text = "a[0][b]=1&a[1][b]=2&c[d]=3&expand[]=x&expand[]=y&e="
    assert nested(text) == {
        "a": [{"b": "1"}, {"b": "2"}],
        "c": {"d": "3"},
        "expand": ["x", "y"],
        "e": "",
    }


def test_a_person_pays_on_the_page(standin: Standin) -> None:
    session = start(standin, cancel_url="https://gifts.example.org/back/")[1]
    path = f"/pay/{session['id']}"
    assert "11.59 EUR" in page(standin, "GET", path)[1]
    assert "was declined" in page(standin, "POST", path, pressed="decline")[1]
    assert "Confirm this payment" in page(standin, "POST", path, pressed="challenge")[1]
    status, where = page(standin, "POST", path, pressed="pay", method="card", country="US")
    assert (status, where) == (303, ORDER["success_url"])
    assert page(standin, "GET", path)[0] == 303
    assert page(standin, "GET", "/pay/cs_test_none")[0] == 404
    assert "11.59 EUR" in page(standin, "GET", "/")[1]


def page(standin: Standin, verb: str, path: str, /, **form: str) -> tuple[int, str]:
    """Ask for a page and return its status, and its text or where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", standin.server_port, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request(verb, path, urlencode(form), kind)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers.get("Location") or text


def test_what_is_pressed_on_the_dashboard_happens(standin: Standin) -> None:
    session = start(standin)[1]["id"]
    standin.account.pay(session)
    for do in ("half", "dispute", "won"):
        assert page(standin, "POST", "/", do=do, session=session)[0] == 303
    assert page(standin, "POST", "/", do="arrive", session=session)[0] == 400
    [dispute] = standin.store.all("dispute")
    assert dispute["status"] == "won"
    assert [refund["amount"] for refund in standin.store.all("refund")] == [579]
    left = start(standin)[1]["id"]
    assert page(standin, "POST", "/", do="expire", session=left)[0] == 303
    assert page(standin, "POST", "/", do="expire", session=left)[0] == 400
    assert "This page has expired" in page(standin, "GET", f"/pay/{left}")[1]


SAVE = {
    "mode": "setup",
    "customer_creation": "always",
    "payment_method_types[0]": "card",
    "success_url": "https://gifts.example.org/wallet/",
}
CHARGE = {
    "amount": "1159",
    "currency": "eur",
    "payment_method_types[0]": "card",
    "confirm": "true",
    "off_session": "true",
}


def saved(standin: Standin, pressed: str) -> dict[str, str]:
    """Save a card on the page, as its owner does, and return what charges it."""
    told: list[Exchange] = []
    standin.told = told.append
    name = ask(standin, "POST", "/v1/checkout/sessions", SAVE)[1]["id"]
    assert "Nothing is charged now" in page(standin, "GET", f"/pay/{name}")[1]
    assert page(standin, "POST", f"/pay/{name}", pressed=pressed)[0] == 303
    wish = urlencode({"expand[0]": "setup_intent.payment_method"})
    session = ask(standin, "GET", f"/v1/checkout/sessions/{name}?{wish}")[1]
    card = session["setup_intent"]["payment_method"]
    assert (card["card"]["brand"], card["card"]["last4"]) == ("visa", "4242")
    assert [one for exchange in told for one in differences(exchange)] == []
    return CHARGE | {"customer": session["customer"], "payment_method": card["id"]}


def test_a_saved_card_is_charged_without_its_owner_until_it_is_forgotten(
    standin: Standin,
) -> None:
    charge = saved(standin, "pays")
    paid = ask(standin, "POST", "/v1/payment_intents", charge, Idempotency_Key="one")[1]
    again = ask(standin, "POST", "/v1/payment_intents", charge, Idempotency_Key="one")[1]
    assert paid["status"] == "succeeded" and paid == again
    asked = f"/v1/payment_intents?customer={charge['customer']}"
    assert [one["id"] for one in ask(standin, "GET", asked)[1]["data"]] == [paid["id"]]
    assert "11.59 EUR" in page(standin, "GET", "/")[1]
    assert page(standin, "POST", "/", do="refund", session=paid["id"])[0] == 303
    gone = ask(standin, "DELETE", f"/v1/customers/{charge['customer']}")
    assert gone[1]["deleted"] is True
    assert ask(standin, "POST", "/v1/payment_intents", charge)[0] == 404
    assert ask(standin, "DELETE", f"/v1/customers/{charge['customer']}")[0] == 404


@pytest.mark.parametrize(
    ("pressed", "code"), [("declines", "card_declined"), ("asks", "authentication_required")]
)
def test_a_saved_cards_bank_says_no(standin: Standin, pressed: str, code: str) -> None:
    charge = saved(standin, pressed)
    status, said = ask(standin, "POST", "/v1/payment_intents", charge)
    assert (status, said["error"]["code"]) == (402, code)
    assert said["error"]["payment_intent"]["last_payment_error"]["code"] == code
    [session] = standin.store.all("checkout.session")
    assert page(standin, "POST", "/", do="pays", session=session["id"])[0] == 303
    assert ask(standin, "POST", "/v1/payment_intents", charge)[0] == 200


def test_words_of_a_shop_are_no_markup(standin: Standin) -> None:
    bad = {"payment_intent_data[description]": "<script>x</script>"}
    session = start(standin, **bad)[1]
    assert "<script>" not in page(standin, "GET", f"/pay/{session['id']}")[1]
