"""The pages of keeping a person out: the list, a press, the room, and what staff can do."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import save_profile
from conftest import person
from live.chat import messages
from live.feed.events import publish
from live.models import Block, Event, Stream
from live.moderation import blocks
from live.tests.blocking import block, hide
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def test_the_list_names_whom_it_may(bob: User, alice: User) -> None:
    sam = person("sam")
    block(bob, sam)
    hide(bob, alice)
    page = signed_in(bob).get(reverse("studio:blocked")).content.decode()
    assert "@sam" in page
    assert "Anonymous" in page
    assert "2026-11-22T09:30" in page
    assert "alice" not in page.lower()


def test_an_empty_list_says_where_to_block(bob: User) -> None:
    page = signed_in(bob).get(reverse("studio:blocked")).content.decode()
    assert "No blocked people" in page
    assert reverse("studio:console") in page


def test_the_list_is_for_its_creator(client: Client, alice: User) -> None:
    assert client.get(reverse("studio:blocked")).status_code == 302
    answer = signed_in(alice).get(reverse("studio:blocked"))
    assert answer["X-Error-Code"] == "not_a_creator"
    assert "Become a creator" in answer.content.decode()
    assert (
        signed_in(alice).post(reverse("studio:block", args=["bob"]), {"block": "1"}).status_code
        == 404
    )


def test_blocking_by_handle_as_people_type_it(bob: User, alice: User) -> None:
    answer = signed_in(bob).post(reverse("studio:blocked"), {"handle": " @Alice "}, follow=True)
    assert "Alice is blocked." in answer.content.decode()
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("@nobody", "No account found for @nobody. Check how it is written."),
        ("bob", "You can&#x27;t block yourself."),
        ("", "Fill this in."),
    ],
)
def test_a_handle_that_cannot_be_blocked_is_answered(bob: User, typed: str, sentence: str) -> None:
    answer = signed_in(bob).post(reverse("studio:blocked"), {"handle": typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert signed_in(bob).post(reverse("studio:blocked"), {"handle": "a\0b"}).status_code == 400
    assert not Block.objects.exists()


def test_letting_in_offers_to_take_it_back(bob: User, alice: User) -> None:
    block(bob, alice)
    url = reverse("studio:block", args=["alice"])
    back = signed_in(bob).post(url, {"block": "0"}, headers=HTMX).content.decode()
    assert "Undo" in back
    assert "<html" not in back
    assert not Block.objects.exists()
    again = signed_in(bob).post(url, {"block": "1"}, headers=HTMX).content.decode()
    assert "Unblock" in again
    assert Block.objects.get().user == alice


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [("/studio/live/", "/studio/live/"), ("https://example.com/", "/studio/blocked/")],
)
def test_a_plain_press_leads_back_to_our_own_pages(
    bob: User, alice: User, asked: str, led_to: str
) -> None:
    url = reverse("studio:block", args=["alice"])
    answer = signed_in(bob).post(url, {"block": "1", "next": asked})
    assert (answer.status_code, answer["Location"]) == (302, led_to)
    assert signed_in(bob).get(url).status_code == 405


def test_a_line_blocks_who_said_it_whoever_has_the_handle_now(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    said = messages.say(user=alice, stream=stream, text="Hello")
    save_profile(user=alice, handle="alice_by_the_sea", display_name="Alice")
    save_profile(user=carol, handle="alice", display_name="Carol")
    url = reverse("studio:block_author", args=[said.pk])
    assert signed_in(bob).post(url, {"block": "1"}, headers=HTMX).status_code == 200
    assert Block.objects.get().user == alice
    signed_in(bob).post(url, {"block": "0"})
    assert not Block.objects.exists()


def test_lines_of_other_rooms_and_other_kinds_block_nobody(
    alice: User, bob: User, stream: Stream
) -> None:
    said = messages.say(user=alice, stream=stream, text="Hello")
    gift = publish(stream_id=stream.pk, kind="gift", payload={"id": "g", "handle": "alice"})
    carol = person("carol", is_creator=True)
    url = reverse("studio:block_author", args=[said.pk])
    assert signed_in(carol).post(url, {"block": "1"}).status_code == 404
    url = reverse("studio:block_author", args=[gift.pk])
    assert signed_in(bob).post(url, {"block": "1"}).status_code == 404
    assert not Block.objects.exists()


def test_the_list_does_not_ask_per_line(
    bob: User, alice: User, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        block(bob, person(f"fan{number}"))
        hide(bob, alice)
    client = signed_in(bob)
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        client.get(reverse("studio:blocked"))


# --- The room


def test_a_blocked_person_sees_the_room_and_a_notice_before_they_write(
    bob: User, alice: User, stream: Stream
) -> None:
    url = reverse("live:room", args=[stream.public_id])
    assert "data-say" in signed_in(alice).get(url).content.decode()
    block(bob, alice)
    page = signed_in(alice).get(url)
    text = page.content.decode()
    assert page.status_code == 200
    assert "@bob has blocked you from chat and gifts." in text
    assert "data-say" not in text
    assert 'data-open="gift-tray"' not in text


def test_a_room_that_was_open_refuses_in_the_same_words(
    bob: User, alice: User, stream: Stream
) -> None:
    block(bob, alice)
    url = reverse("live:say", args=[stream.public_id])
    answer = signed_in(alice).post(url, {"text": "Hello"}, headers=HTMX)
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "blocked")
    assert "@bob has blocked you from chatting." in answer.content.decode()
    plain = signed_in(alice).post(url, {"text": "Hello"})
    assert plain.status_code == 403
    assert "@bob has blocked you from chat and gifts." in plain.content.decode()
    assert not Event.objects.exists()


# --- Staff


def test_staff_read_and_unblock_but_never_block(bob: User, alice: User, dana: User) -> None:
    hidden = hide(bob, alice)
    client = signed_in(dana)
    page = client.get(reverse("admin:live_block_changelist")).content.decode()
    assert "@alice" in page
    assert "by an anonymous gift" in page
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
    assert signed_in(frank).get(reverse("admin:live_block_changelist")).status_code == 200
    assert signed_in(frank).post(delete, {"post": "yes"}).status_code == 403
    assert Block.objects.exists()
