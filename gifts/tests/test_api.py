"""The API of gifts: the same rules as the pages, as problem JSON."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

import ledger
from accounts.models import User
from gifts.models import Gift, GiftPolicy, SentGift
from gifts.sending.services import send_gift
from live.models import Event, Stream
from live.streams.services import end
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def send(user: User | None, stream: Stream, **fields: Any) -> Any:
    body = {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields}
    return api(user).post(f"/api/v1/streams/{stream.public_id}/gifts/", body, format="json")


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def test_the_catalogue_is_public_and_lists_every_price(alice: User) -> None:
    gifts = api().get("/api/v1/gifts/").data
    assert len(gifts) == 24
    assert gifts[0]["slug"] == "pebble"
    frog = next(
        gift for gift in api(alice).get("/api/v1/gifts/").data if gift["slug"] == "moss-frog"
    )
    assert (frog["coins"], frog["combo"]) == (25, True)
    assert frog["price"] == {"amount": "0.2898", "currency": "EUR"}
    assert frog["creator_gets"] == {"amount": "0.1704375", "currency": "EUR"}


def test_sending_answers_with_the_gift_and_the_balance(alice: User, stream: Stream) -> None:
    key = str(uuid.uuid4())
    answer = send(alice, stream, key=key, quantity=2, message="Play on!")
    assert answer.status_code == 201
    assert answer.data["balance"] == 4_950
    assert answer.data["sent"]["key"] == key
    assert (answer.data["sent"]["coins"], answer.data["already"]) == (50, False)
    again = send(alice, stream, key=key, quantity=2, message="Play on!")
    assert (again.status_code, again.data["already"]) == (200, True)
    assert coins(alice) == 4_950


def test_sending_needs_a_sign_in(stream: Stream) -> None:
    assert send(None, stream).status_code in (401, 403)
    assert not SentGift.objects.exists()


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"gift": "new-horizon", "confirmed": True}, 409, "insufficient_coins", ""),
    ({"gift": "tide-hello"}, 409, "confirm_first", "confirmed"),
    ({"gift": "no-such"}, 404, "unknown_gift", "gift"),
    ({"gift": "neon-umbrella", "quantity": 2}, 422, "bad_quantity", "quantity"),
    ({"quantity": 0}, 422, "bad_quantity", "quantity"),
    ({"quantity": -1}, 422, "bad_quantity", "quantity"),
    ({"quantity": "many"}, 400, "check_input", "quantity"),
    ({"key": None}, 400, "check_input", "key"),
    ({"key": "17"}, 400, "check_input", "key"),
    ({"message": "m" * 301}, 400, "check_input", "message"),
]


@pytest.mark.parametrize(("fields", "status", "code", "field"), REFUSED)
def test_a_refusal_is_problem_json_and_changes_nothing(
    alice: User, stream: Stream, fields: dict[str, Any], status: int, code: str, field: str
) -> None:
    answer = send(alice, stream, **fields)
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.data["detail"]
    assert not field or field in answer.data["fields"]
    assert coins(alice) == 5_000
    assert not SentGift.objects.exists()


def test_what_the_room_refuses_the_api_refuses(alice: User, bob: User, stream: Stream) -> None:
    assert send(bob, stream).data["code"] == "gift_to_self"
    Gift.objects.filter(slug="pebble").update(retired_at=timezone.now())
    retired = send(alice, stream, gift="pebble")
    assert (retired.status_code, retired.data["code"]) == (410, "gift_retired")
    end(creator=bob, stream=stream)
    ended = send(alice, stream)
    assert (ended.status_code, ended.data["code"]) == (410, "stream_ended")
    assert coins(alice) == 5_000


def test_a_key_for_something_else_is_422(alice: User, stream: Stream) -> None:
    key = str(uuid.uuid4())
    send(alice, stream, key=key)
    answer = send(alice, stream, key=key, gift="pebble")
    assert (answer.status_code, answer.data["code"]) == (422, "key_reused")
    assert coins(alice) == 4_975


def test_undo_and_its_refusals(alice: User, carol: User, stream: Stream) -> None:
    GiftPolicy.objects.update(undo_small_seconds=60)
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    url = f"/api/v1/gifts/{sent.public_id}/undo/"
    assert api(carol).post(url).status_code == 404
    answer = api(alice).post(url)
    assert (answer.status_code, answer.data["balance"]) == (200, 5_000)
    sent_at = timezone.now() - timedelta(minutes=2)
    old = send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), sent_at=sent_at).gift
    late = api(alice).post(f"/api/v1/gifts/{old.public_id}/undo/")
    assert (late.status_code, late.data["code"]) == (409, "undo_too_late")


def test_thanks_go_out_once_and_only_from_the_creator(
    alice: User, bob: User, carol: User, stream: Stream
) -> None:
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    url = f"/api/v1/gifts/{sent.public_id}/thank/"
    assert api(carol).post(url).status_code == 404
    assert api(alice).post(url).status_code == 404
    assert [api(bob).post(url).status_code for _ in "12"] == [200, 200]
    assert Event.objects.filter(kind="thanks").count() == 1


def test_earnings_add_up_and_belong_to_the_creator(
    alice: User, bob: User, carol: User, stream: Stream
) -> None:
    paid(alice, 1_000)
    for slug in ("moss-frog", "drift-lamp", "pebble"):
        send_gift(fan=alice, stream=stream, gift=slug, key=uuid.uuid4())
    summary = api(bob).get("/api/v1/earnings/").data
    assert (summary["held"], summary["available"]) == (125, 0)
    assert summary["held_worth"] == {"amount": "0.85", "currency": "EUR"}
    assert summary["month"]["earned"] == {"amount": "0.8521", "currency": "EUR"}
    assert summary["calendar"][0]["diamonds"] == 125
    for who in (alice, carol):
        answer = api(who).get("/api/v1/earnings/")
        assert (answer.status_code, answer.data["code"]) == (403, "not_a_creator")
        assert api(who).get("/api/v1/earnings/statement/").status_code == 403


def test_the_statement_pages_by_cursor_without_gaps(alice: User, bob: User, stream: Stream) -> None:
    keys = [uuid.uuid4() for _ in range(5)]
    for key in keys:
        send_gift(fan=alice, stream=stream, gift="pebble", key=key)
    seen: list[str] = []
    before = ""
    while True:
        page = api(bob).get(f"/api/v1/earnings/statement/?limit=2{before}").data
        seen += [line["key"] for line in page["lines"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [str(key) for key in reversed(keys)]
    assert api(bob).get("/api/v1/earnings/statement/?limit=0").status_code == 400
