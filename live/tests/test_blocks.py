"""Keeping somebody out: who may, what it closes, and what it must not tell."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Creator, User
from accounts.services import save_profile
from conftest import person
from live import blocks, services
from live.models import Block, Event, Stream

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def block(creator: User, user: User) -> Block:
    return blocks.block(creator=creator, user=user)[0]


def hide(creator: User, user: User) -> Block:
    return blocks.block_hidden(creator=creator, user=user, gift=uuid.uuid4(), gift_at=MORNING)[0]


# --- The rule


def test_blocking_twice_is_blocking_once_and_so_is_letting_in(bob: User, alice: User) -> None:
    first = blocks.block(creator=bob, user=alice)
    assert (first[1], blocks.block(creator=bob, user=alice)) == (True, (first[0], False))
    for _ in range(2):
        blocks.unblock(creator=bob, user=alice)
        assert not blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


def test_only_creators_block_and_never_themselves(alice: User, bob: User) -> None:
    with pytest.raises(blocks.NoRooms):
        block(alice, bob)
    with pytest.raises(blocks.BlockYourself):
        block(bob, bob)
    with pytest.raises(blocks.BlockYourself):
        hide(bob, bob)
    assert not Block.objects.exists()


WRONG: list[tuple[str, Callable[[User, User], Block]]] = [
    ("block_somebody_else", lambda bob, alice: Block(creator=bob, user=bob)),
    ("one_block_per_person_and_gift", lambda bob, alice: Block(creator=bob, user=alice)),
    (
        "hidden_block_knows_its_gift",
        lambda bob, alice: Block(creator=bob, user=alice, gift=uuid.uuid4()),
    ),
    (
        "hidden_block_knows_its_gift",
        lambda bob, alice: Block(creator=bob, user=alice, gift_at=MORNING),
    ),
]


@pytest.mark.parametrize(("constraint", "wrong"), WRONG)
def test_the_database_refuses(
    bob: User, alice: User, constraint: str, wrong: Callable[[User, User], Block]
) -> None:
    block(bob, alice)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        wrong(bob, alice).save()


def test_a_blocked_person_cannot_talk_and_what_was_said_stays(
    bob: User, alice: User, stream: Stream
) -> None:
    services.say(user=alice, stream=stream, text="Before")
    block(bob, alice)
    cache.clear()
    with pytest.raises(blocks.Blocked, match=r"^@bob does not take messages from you\.$"):
        services.say(user=alice, stream=stream, text="After")
    assert [event.payload["text"] for event in stream.events.all()] == ["Before"]
    blocks.unblock(creator=bob, user=alice)
    assert services.say(user=alice, stream=stream, text="Again")


def test_one_creators_block_closes_no_other_room(bob: User, alice: User, carol: User) -> None:
    carol.is_creator = True
    carol.save()
    Creator.objects.create(user=carol)
    block(bob, alice)
    assert services.say(user=alice, stream=services.go_live(creator=carol, title="Tea"), text="Hi")


def test_staff_can_be_kept_out_as_everybody(bob: User, dana: User, stream: Stream) -> None:
    block(bob, dana)
    with pytest.raises(blocks.Blocked):
        services.say(user=dana, stream=stream, text="Hello")


# --- Somebody without a name


def test_a_hidden_block_keeps_out_and_is_untouched_by_name(bob: User, alice: User) -> None:
    hidden = hide(bob, alice)
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)
    # Trying people one after the other finds nothing: each name answers as if it were free.
    assert blocks.block(creator=bob, user=alice)[1]
    blocks.unblock(creator=bob, user=alice)
    assert list(blocks.kept_out(bob)) == [hidden]
    blocks.unblock_hidden(creator=bob, gift=hidden.gift or uuid.uuid4())
    assert not blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


def test_two_gifts_of_one_hidden_person_look_like_two_people(bob: User, alice: User) -> None:
    first, second = hide(bob, alice), hide(bob, alice)
    assert list(blocks.kept_out(bob)) == [second, first]
    assert {(one.handle, one.name) for one in blocks.kept_out(bob)} == {("", "")}


def test_nobody_takes_back_anothers_hidden_block(bob: User, carol: User, alice: User) -> None:
    hidden = hide(bob, alice)
    blocks.unblock_hidden(creator=carol, gift=hidden.gift or uuid.uuid4())
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


# --- The page


def test_the_list_names_whom_it_may(bob: User, alice: User) -> None:
    sam = person("sam")
    block(bob, sam)
    hide(bob, alice)
    page = as_(bob).get(reverse("live:blocked")).content.decode()
    assert "@sam" in page
    assert "Somebody" in page
    assert "2026-11-22T09:30" in page
    assert "alice" not in page.lower()


def test_an_empty_list_says_where_to_block(bob: User) -> None:
    page = as_(bob).get(reverse("live:blocked")).content.decode()
    assert "Nobody is blocked" in page
    assert reverse("gifts:console") in page


def test_the_list_is_for_its_creator(client: Client, alice: User) -> None:
    assert client.get(reverse("live:blocked")).status_code == 302
    answer = as_(alice).get(reverse("live:blocked"))
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "not_a_creator")
    assert as_(alice).post(reverse("live:block", args=["bob"]), {"block": "1"}).status_code == 404


def test_blocking_by_handle_as_people_type_it(bob: User, alice: User) -> None:
    answer = as_(bob).post(reverse("live:blocked"), {"handle": " @Alice "}, follow=True)
    assert "Alice is blocked." in answer.content.decode()
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("@nobody", "Nobody here is called @nobody."),
        ("bob", "This is you. You stay in your own rooms."),
        ("", "This is needed."),
    ],
)
def test_a_handle_that_cannot_be_blocked_is_answered(bob: User, typed: str, sentence: str) -> None:
    answer = as_(bob).post(reverse("live:blocked"), {"handle": typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert as_(bob).post(reverse("live:blocked"), {"handle": "a\0b"}).status_code == 422
    assert not Block.objects.exists()


def test_letting_in_offers_to_take_it_back(bob: User, alice: User) -> None:
    block(bob, alice)
    url = reverse("live:block", args=["alice"])
    back = as_(bob).post(url, {"block": "0"}, headers=HTMX).content.decode()
    assert "Undo" in back
    assert "<html" not in back
    assert not Block.objects.exists()
    again = as_(bob).post(url, {"block": "1"}, headers=HTMX).content.decode()
    assert "Let back in" in again
    assert Block.objects.get().user == alice


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [("/studio/live/", "/studio/live/"), ("https://example.com/", "/studio/blocked/")],
)
def test_a_plain_press_leads_back_to_our_own_pages(
    bob: User, alice: User, asked: str, led_to: str
) -> None:
    url = reverse("live:block", args=["alice"])
    answer = as_(bob).post(url, {"block": "1", "next": asked})
    assert (answer.status_code, answer["Location"]) == (302, led_to)
    assert as_(bob).get(url).status_code == 405


def test_a_line_blocks_who_said_it_whoever_has_the_handle_now(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    said = services.say(user=alice, stream=stream, text="Hello")
    save_profile(user=alice, handle="alice_by_the_sea", display_name="Alice")
    save_profile(user=carol, handle="alice", display_name="Carol")
    url = reverse("live:block_speaker", args=[said.pk])
    assert as_(bob).post(url, {"block": "1"}, headers=HTMX).status_code == 200
    assert Block.objects.get().user == alice
    as_(bob).post(url, {"block": "0"})
    assert not Block.objects.exists()


def test_lines_of_other_rooms_and_other_kinds_block_nobody(
    alice: User, bob: User, stream: Stream
) -> None:
    said = services.say(user=alice, stream=stream, text="Hello")
    gift = services.record(stream_id=stream.pk, kind="gift", payload={"id": "g", "handle": "alice"})
    carol = person("carol", is_creator=True)
    url = reverse("live:block_speaker", args=[said.pk])
    assert as_(carol).post(url, {"block": "1"}).status_code == 404
    url = reverse("live:block_speaker", args=[gift.pk])
    assert as_(bob).post(url, {"block": "1"}).status_code == 404
    assert not Block.objects.exists()


def test_the_list_does_not_ask_per_line(
    bob: User, alice: User, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        block(bob, person(f"fan{number}"))
        hide(bob, alice)
    client = as_(bob)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        client.get(reverse("live:blocked"))


# --- The room


def test_a_blocked_person_sees_the_room_and_is_told_before_they_write(
    bob: User, alice: User, stream: Stream
) -> None:
    url = reverse("live:room", args=[stream.public_id])
    assert "data-say" in as_(alice).get(url).content.decode()
    block(bob, alice)
    page = as_(alice).get(url)
    text = page.content.decode()
    assert page.status_code == 200
    assert "@bob does not take messages or gifts from you." in text
    assert "data-say" not in text
    assert 'data-open="gift-tray"' not in text


def test_a_room_that_was_open_refuses_in_the_same_words(
    bob: User, alice: User, stream: Stream
) -> None:
    block(bob, alice)
    url = reverse("live:say", args=[stream.public_id])
    answer = as_(alice).post(url, {"text": "Hello"}, headers=HTMX)
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "blocked")
    assert "@bob does not take messages from you." in answer.content.decode()
    plain = as_(alice).post(url, {"text": "Hello"})
    assert plain.status_code == 403
    assert "@bob does not take messages or gifts from you." in plain.content.decode()
    assert not Event.objects.exists()


# --- Staff


def test_staff_read_and_let_in_but_never_keep_out(bob: User, alice: User, dana: User) -> None:
    hidden = hide(bob, alice)
    client = as_(dana)
    page = client.get(reverse("admin:live_block_changelist")).content.decode()
    assert "@alice" in page
    assert "by a gift without a name" in page
    one = reverse("admin:live_block_change", args=[hidden.pk])
    assert client.get(one).status_code == 200
    assert client.post(one, {"user": dana.pk}).status_code == 403
    assert client.get(reverse("admin:live_block_add")).status_code == 403
    client.post(reverse("admin:live_block_delete", args=[hidden.pk]), {"post": "yes"})
    assert not Block.objects.exists()


def test_a_member_of_staff_without_the_right_deletes_nothing(bob: User, alice: User) -> None:
    hidden = hide(bob, alice)
    frank = person("frank", is_staff=True)
    delete = reverse("admin:live_block_delete", args=[hidden.pk])
    frank.user_permissions.add(Permission.objects.get(codename="view_block"))
    assert as_(frank).get(reverse("admin:live_block_changelist")).status_code == 200
    assert as_(frank).post(delete, {"post": "yes"}).status_code == 403
    assert Block.objects.exists()
