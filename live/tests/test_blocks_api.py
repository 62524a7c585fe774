"""The API of blocks by name."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from conftest import person
from live.models import Block, Stream
from live.moderation import blocks

pytestmark = pytest.mark.django_db
ALL = "/api/v1/me/blocks/"
ALICE = f"{ALL}alice/"


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def hide(bob: User, alice: User) -> Block:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    return blocks.block_anonymous(creator=bob, user=alice, gift=uuid4(), gift_at=at)[0]


def test_out_and_in_again_each_twice(as_bob: Client, alice: User) -> None:
    assert as_bob.get(ALICE).status_code == 404
    made = as_bob.put(ALICE)
    assert (made.status_code, made.json()["handle"], made.json()["gift"]) == (201, "alice", None)
    again = as_bob.put(ALICE)
    assert (again.status_code, again.json()) == (200, made.json())
    assert as_bob.get(ALICE).json() == made.json()
    assert as_bob.get(ALL).json() == {"blocks": [made.json()], "next": None}
    assert [as_bob.delete(ALICE).status_code for _ in range(2)] == [204, 204]
    assert as_bob.get(ALL).json()["blocks"] == []


def test_an_anonymous_block_has_no_handle_and_is_not_found_by_it(
    as_bob: Client, bob: User, alice: User
) -> None:
    hidden = hide(bob, alice)
    (listed,) = as_bob.get(ALL).json()["blocks"]
    assert (listed["handle"], listed["display_name"]) == (None, None)
    assert (listed["gift"], listed["gift_at"]) == (str(hidden.gift), "2026-11-22T09:30:00Z")
    assert "alice" not in as_bob.get(ALL).content.decode().lower()
    # Neither asking, nor letting in, nor blocking by name shows who it is.
    assert as_bob.get(ALICE).status_code == 404
    assert as_bob.delete(ALICE).status_code == 204
    assert as_bob.put(ALICE).status_code == 201
    assert [one["handle"] for one in as_bob.get(ALL).json()["blocks"]] == ["alice", None]


def test_pages_go_on_without_gap_or_repetition(as_bob: Client, bob: User) -> None:
    for number in range(5):
        blocks.block(creator=bob, user=person(f"fan{number}"))
    seen: list[str] = []
    address = f"{ALL}?limit=2"
    while True:
        page = as_bob.get(address).json()
        seen += [one["handle"] for one in page["blocks"]]
        if page["next"] is None:
            break
        address = f"{ALL}?limit=2&before={page['next']}"
    assert seen == ["fan4", "fan3", "fan2", "fan1", "fan0"]
    assert as_bob.get(f"{ALL}?limit={'9' * 500}&before=x").status_code == 200


def test_who_may_not_and_who_cannot_be(as_bob: Client, alice: User, client: Client) -> None:
    assert client.get(ALL).status_code == 401
    client.force_login(alice)
    for answer in (client.get(ALL), client.put(f"{ALL}bob/"), client.delete(f"{ALL}bob/")):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_creator")
    oneself = as_bob.put(f"{ALL}bob/")
    assert (oneself.status_code, oneself.json()["code"]) == (422, "block_yourself")
    nobody = as_bob.put(f"{ALL}nobody/")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")
    assert not Block.objects.exists()


def test_chat_answers_a_blocked_person_with_a_code(
    as_bob: Client, alice: User, stream: Stream
) -> None:
    cache.clear()
    as_bob.put(ALICE)
    client = Client()
    client.force_login(alice)
    url = f"/api/v1/streams/{stream.public_id}/chat/"
    answer = client.post(url, {"text": "Hello"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "blocked")
    assert answer.json()["detail"] == "@bob has blocked you from chatting. You can still watch."
    assert client.get(f"/api/v1/streams/{stream.public_id}/events/").status_code == 200
