"""Presses that came together, from the tray and through the API: each answered for itself."""

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

import ledger
from accounts.models import User
from conftest import give_coins
from gifts.models import SentGift
from gifts.sending.services import send_gift
from gifts.tray.ways import coins_page
from ledger import checks
from live.models import Event, Stream
from live.streams.services import end
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def press(gift: str = "moss-frog", **fields: object) -> dict[str, Any]:
    return {"gift": gift, "key": str(uuid.uuid4()), **fields}


def post(client: Client, stream: Stream, pressed: Sequence[dict[str, Any]], **more: object) -> Any:
    data: dict[str, object] = {"presses": len(pressed)}
    for place, fields in enumerate(pressed):
        data |= {f"{place}-{name}": value for name, value in fields.items()}
    url = reverse("gifts:send_batch", args=[stream.public_id])
    return client.post(url, data | more, headers=HTMX)


def answers(page: str) -> list[tuple[str, str]]:
    """Return status and code of each answer, in order."""
    found = re.findall(r'<div data-answer="(\d+)"(?: data-code="(\w+)")?', page)
    return [(status, code) for status, code in found]


# --- The tray ---------------------------------------------------------------------------------


def test_each_press_of_a_batch_has_its_own_answer(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    combo = str(uuid.uuid4())
    presses = [
        press(combo=combo, message="Play on!"),
        press("no-such"),
        press(combo=combo),
        press("tide-hello"),
        {"gift": "moss-frog"},
        press(key="17"),
        press(message="m" * 201),
        press(quantity="many"),
        press(combo=combo),
    ]
    answer = post(as_alice, stream, presses)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert answers(page) == [
        ("201", ""),
        ("404", "unknown_gift"),
        ("201", ""),
        ("409", "confirm_first"),
        ("400", "check_input"),
        ("400", "check_input"),
        ("422", "message_too_long"),
        ("400", "check_input"),
        ("201", ""),
    ]
    for sentence in (
        "This gift doesn&#x27;t exist.",
        "Tide Hello costs 700 coins. Confirm to send it.",
        "This request has no key. Reload the page.",
    ):
        assert sentence in page
    assert re.findall(r'data-balance-now="(\d+)"', page) == ["4975", "4950", "4925"]
    assert reverse("gifts:undo", args=[presses[8]["key"]]) in page
    rows = SentGift.objects.order_by("pk")
    assert [str(row.public_id) for row in rows] == [presses[n]["key"] for n in (0, 2, 8)]
    assert [row.message for row in rows] == ["Play on!", "", ""]
    assert {str(row.combo) for row in rows} == {combo}
    assert coins(alice) == 4_925


def test_a_batch_that_comes_again_is_answered_again_and_counted_once(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    presses = [press() for _ in range(5)]
    first = post(as_alice, stream, presses[:3]).content.decode()
    # Its answer was lost; meanwhile two more were pressed, and they go along.
    again = post(as_alice, stream, presses).content.decode()
    assert answers(first) == [("201", "")] * 3
    assert answers(again) == [("201", "")] * 5
    assert coins(alice) == 5_000 - 5 * 25
    assert Event.objects.filter(kind="gift").count() == 5


def test_coins_that_run_out_lead_to_more(as_alice: Client, carol: User, stream: Stream) -> None:
    give_coins(carol, 30)
    client = signed_in(carol)
    page = post(client, stream, [press(), press()]).content.decode()
    assert answers(page) == [("201", ""), ("409", "insufficient_coins")]
    assert "You have 5 coins. This gift needs 25." in page
    assert escape(coins_page(stream.public_id, coins=20, gift="moss-frog")) in page


def test_a_batch_costs_no_query_per_press(as_alice: Client, stream: Stream) -> None:
    post(as_alice, stream, [press()])

    def queries(many: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            post(as_alice, stream, [press("pebble") for _ in range(many)])
        return len(asked.captured_queries)

    assert queries(2) == queries(20)


@pytest.mark.parametrize("presses", ["0", "51", "-1", "many", ""])
def test_what_is_no_batch_is_refused_whole(
    as_alice: Client, alice: User, stream: Stream, presses: str
) -> None:
    answer = post(as_alice, stream, [press()], presses=presses)
    assert (answer.status_code, answer["X-Error-Code"]) == (400, "check_input")
    assert "A batch can have 1 to 50 gifts." in answer.content.decode()
    assert coins(alice) == 5_000


def test_a_visitor_s_batch_leads_to_sign_in(client: Client, stream: Stream) -> None:
    answer = post(client, stream, [press(), press()])
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert not SentGift.objects.exists()


def test_a_stream_that_never_was_is_404_and_one_that_ended_says_so(
    as_alice: Client, bob: User, stream: Stream
) -> None:
    end(creator=bob, stream=stream)
    page = post(as_alice, stream, [press(), press()]).content.decode()
    assert answers(page) == [("410", "stream_ended")] * 2
    stream.public_id = uuid.uuid4()
    assert post(as_alice, stream, [press(), press()]).status_code == 404


def test_the_tray_knows_where_batches_go_and_how_large_they_are(
    as_alice: Client, stream: Stream
) -> None:
    url = reverse("gifts:tray", args=[stream.public_id])
    page = as_alice.get(url, headers=HTMX).content.decode()
    assert f'data-sends="{reverse("gifts:send_batch", args=[stream.public_id])}"' in page
    assert 'data-most="50"' in page
    assert len(answers(post(as_alice, stream, [press("pebble")] * 50).content.decode())) == 50


def test_a_combo_is_taken_back_in_one_request(
    as_alice: Client, alice: User, carol: User, stream: Stream
) -> None:
    presses = [press(combo=str(uuid.UUID(int=7))) for _ in range(4)]
    post(as_alice, stream, presses)
    url = reverse("gifts:undo_batch")
    keys = [one["key"] for one in presses]
    other = Client()
    other.force_login(carol)
    assert other.post(url, {"key": keys}, headers=HTMX).status_code == 404
    assert coins(alice) == 4_900
    for _ in range(2):  # twice is once
        answer = as_alice.post(url, {"key": keys}, headers=HTMX)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'data-balance-now="5000"' in page
        assert "stay sent" not in page
    assert "Gifts undone. 100 coins are back in your balance." in page
    assert coins(alice) == 5_000
    assert Event.objects.filter(kind="undo").count() == 4
    assert not checks.run()


def test_what_is_too_late_stays_sent_and_is_said(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    long_ago = timezone.now() - timedelta(minutes=1)
    old = send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), sent_at=long_ago)
    late = str(old.gift.public_id)
    new = press()
    post(as_alice, stream, [new])
    url = reverse("gifts:undo_batch")
    page = as_alice.post(url, {"key": [late, new["key"]]}, headers=HTMX).content.decode()
    assert "Gifts undone. 25 coins are back in your balance." in page
    assert "Earlier gifts in this combo stay sent." in page
    alone = as_alice.post(url, {"key": [late]}, headers=HTMX)
    assert (alone.status_code, alone["X-Error-Code"]) == (409, "undo_too_late")
    assert coins(alice) == 4_999


@pytest.mark.parametrize("keys", [[], ["17"], [str(uuid.uuid4())] * 201])
def test_what_are_no_keys_takes_nothing_back(as_alice: Client, keys: list[str]) -> None:
    answer = as_alice.post(reverse("gifts:undo_batch"), {"key": keys}, headers=HTMX)
    assert (answer.status_code, answer["X-Error-Code"]) == (400, "check_input")


# --- The API ----------------------------------------------------------------------------------


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def send_batch(user: User | None, stream: Stream, sends: object) -> Any:
    url = f"/api/v1/streams/{stream.public_id}/gifts/batch/"
    return api(user).post(url, {"sends": sends}, format="json")


def test_the_api_answers_each_send_for_itself(alice: User, stream: Stream) -> None:
    sends: list[Any] = [
        press(quantity=2, message="Play on!"),
        press("no-such"),
        press(quantity="many"),
        {"gift": "moss-frog"},
        "moss-frog",
        None,
        press("neon-umbrella", quantity=2),
        press(message="m" * 301),
    ]
    sends.append(sends[0])
    answer = send_batch(alice, stream, sends)
    assert answer.status_code == 200
    told = answer.data["answers"]
    assert [one["outcome"] for one in told] == ["done", *["refused"] * 7, "already"]
    assert [one["problem"] and one["problem"]["code"] for one in told] == [
        None,
        "unknown_gift",
        "check_input",
        "check_input",
        "check_input",
        "check_input",
        "bad_quantity",
        "check_input",
        None,
    ]
    assert [one["key"] for one in told[:3]] == [send["key"] for send in sends[:3]]
    assert told[0]["sent"]["coins"] == told[8]["sent"]["coins"] == 50
    assert [told[0]["balance"], told[1]["balance"], told[8]["balance"]] == [4_950, None, 4_950]
    assert told[1]["problem"] == {
        "type": "about:blank",
        "status": 404,
        "code": "unknown_gift",
        "detail": "This gift doesn't exist. Choose one from the catalogue.",
        "fields": {"gift": ["This gift doesn't exist. Choose one from the catalogue."]},
    }
    assert set(told[2]["problem"]["fields"]) == {"quantity"}
    assert coins(alice) == 4_950
    assert not checks.run()


def test_the_api_asks_for_a_sign_in_and_for_a_batch(alice: User, stream: Stream) -> None:
    assert send_batch(None, stream, [press()]).status_code in (401, 403)
    bodies: list[Any] = [[], "moss-frog", {}, None, [press()] * 51]
    for body in bodies:
        answer = send_batch(alice, stream, body)
        assert (answer.status_code, answer.data["code"]) == (400, "check_input")
        assert set(answer.data["fields"]) == {"sends"}
    stream.public_id = uuid.uuid4()
    assert send_batch(alice, stream, [press()]).status_code == 404
    assert coins(alice) == 5_000


def test_the_api_undoes_a_batch(alice: User, carol: User, stream: Stream) -> None:
    sends = [press() for _ in range(3)]
    send_batch(alice, stream, sends)
    unknown = str(uuid.uuid4())
    keys = [*(send["key"] for send in sends), unknown]
    other = api(carol).post("/api/v1/gifts/undo/", {"keys": keys}, format="json")
    assert {one["problem"]["code"] for one in other.data["answers"]} == {"not_found"}
    answer = api(alice).post("/api/v1/gifts/undo/", {"keys": keys}, format="json")
    assert answer.status_code == 200
    assert [one["key"] for one in answer.data["answers"]] == keys
    assert [one["outcome"] for one in answer.data["answers"]] == ["undone"] * 3 + ["refused"]
    assert answer.data["answers"][0]["sent"]["undone_at"]
    assert answer.data["balance"] == coins(alice) == 5_000
    bodies: list[Any] = [[], ["17"], "17", [unknown] * 201]
    for body in bodies:
        wrong = api(alice).post("/api/v1/gifts/undo/", {"keys": body}, format="json")
        assert (wrong.status_code, wrong.data["code"]) == (400, "check_input")
