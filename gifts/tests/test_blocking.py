"""Blocking the sender of a gift, who stays anonymous."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import give_coins, person
from gifts.blocking import block_sender, unblock_sender
from gifts.models import SentGift
from gifts.sending import refusals
from gifts.sending.services import send_gift, undo_gift
from live.chat.messages import say
from live.models import Block, Event, Stream
from live.moderation import blocks
from testing.browsers import signed_in
from wallet.coins.balance import coins_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = signed_in(bob)
    return client


def gift(fan: User, stream: Stream, **more: object) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift="pebble", key=uuid.uuid4(), **more).gift  # type: ignore[arg-type]  # the test's own facts


def lines(client: Client) -> str:
    page = client.get(reverse("studio:console")).content.decode()
    return page.partition("data-lines")[2].partition("<template")[0]


def test_a_gift_with_a_name_blocks_by_name(as_bob: Client, alice: User, stream: Stream) -> None:
    url = reverse("studio:block_sender", args=[gift(alice, stream).public_id])
    page = as_bob.post(url, {"block": "1"}, headers=HTMX).content.decode()
    assert "@alice" in page
    made = Block.objects.get()
    assert (made.user, made.gift) == (alice, None)
    as_bob.post(url, {"block": "0"}, headers=HTMX)
    assert not Block.objects.exists()


def test_an_anonymous_gift_blocks_its_sender_without_naming_them(
    as_bob: Client, bob: User, alice: User, stream: Stream
) -> None:
    sent = gift(alice, stream, anonymous=True)
    url = reverse("studio:block_sender", args=[sent.public_id])
    answers = [
        as_bob.post(url, {"block": "1"}, headers=HTMX),
        as_bob.post(url, {"block": "1"}, follow=True),
        as_bob.get(reverse("studio:blocked")),
        as_bob.get(reverse("studio:console")),
        as_bob.put(f"/api/v1/gifts/{sent.public_id}/block/"),
        as_bob.post(url, {"block": "0"}, headers=HTMX),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "alice" not in answer.content.decode().lower()
        assert str(alice.public_id) not in answer.content.decode()
    assert "The sender is blocked." in answers[1].content.decode()
    assert not Block.objects.exists()


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_blocked_persons_gift_is_refused_and_costs_nothing(
    bob: User, alice: User, stream: Stream, anonymous: bool
) -> None:
    sent = gift(alice, stream, anonymous=anonymous)
    block_sender(by=bob, key=sent.public_id)
    before = (coins_of(alice), SentGift.objects.count(), Event.objects.count())
    for nameless in (False, True):
        with pytest.raises(refusals.Blocked):
            gift(alice, stream, anonymous=nameless)
    assert before == (coins_of(alice), SentGift.objects.count(), Event.objects.count())
    # What was sent before is answered again, and can still be taken back.
    again = send_gift(
        fan=alice, stream=stream, gift="pebble", key=sent.public_id, anonymous=anonymous
    )
    assert again.already
    assert undo_gift(fan=alice, key=sent.public_id).undone_at
    unblock_sender(by=bob, key=sent.public_id)
    assert gift(alice, stream)


def test_the_hidden_block_closes_the_room_for_the_sender(
    bob: User, alice: User, stream: Stream
) -> None:
    made, new = block_sender(by=bob, key=gift(alice, stream, anonymous=True).public_id)
    assert (new, made.name, made.handle) == (True, "", "")
    with pytest.raises(blocks.Blocked):
        say(user=alice, stream=stream, text="It is me")


def test_a_second_gift_without_a_name_is_not_known_to_be_the_same_persons(
    as_bob: Client, alice: User, stream: Stream
) -> None:
    """Else a creator could link gifts, or find the sender by blocking everybody in the room."""
    keys = [gift(alice, stream, anonymous=True).public_id for _ in range(2)]
    first, second = (as_bob.put(f"/api/v1/gifts/{key}/block/") for key in keys)
    assert (first.status_code, second.status_code) == (201, 201)
    assert as_bob.put("/api/v1/me/blocks/alice/").status_code == 201
    listed = as_bob.get("/api/v1/me/blocks/").json()["blocks"]
    assert [(one["handle"], one["gift"]) for one in listed] == [
        ("alice", None),
        (None, str(keys[1])),
        (None, str(keys[0])),
    ]
    assert as_bob.delete(f"/api/v1/gifts/{keys[0]}/block/").status_code == 204
    assert as_bob.delete(f"/api/v1/gifts/{keys[0]}/block/").status_code == 204
    assert Block.objects.count() == 2


def test_only_who_got_the_gift_blocks_its_sender(alice: User, carol: User, stream: Stream) -> None:
    sent = gift(alice, stream, anonymous=True)
    for who in (alice, carol, person("mira", is_creator=True)):
        client = Client()
        client.force_login(who)
        url = reverse("studio:block_sender", args=[sent.public_id])
        for pressed in ("0", "1"):
            assert client.post(url, {"block": pressed}).status_code == 404
        assert client.put(f"/api/v1/gifts/{sent.public_id}/block/").status_code == 404
    assert not Block.objects.exists()


def test_a_gift_that_was_taken_back_still_blocks(bob: User, alice: User, stream: Stream) -> None:
    sent = gift(alice, stream, message="Ugly words")
    undo_gift(fan=alice, key=sent.public_id)
    assert block_sender(by=bob, key=sent.public_id)[1]


def test_the_tray_says_so_before_anybody_chooses(bob: User, alice: User, stream: Stream) -> None:
    client = signed_in(alice)
    url = reverse("gifts:tray", args=[stream.public_id])
    assert "data-tile " in client.get(url, headers=HTMX).content.decode()
    blocks.block(creator=bob, user=alice)
    for headers in (HTMX, {}):
        page = client.get(url, headers=headers).content.decode()
        assert "@bob doesn't accept gifts from you. You still have your coins." in page
        assert "data-tile " not in page
    assert "data-tile " in Client().get(url, headers=HTMX).content.decode()


def test_the_console_marks_the_lines_of_who_is_out(
    as_bob: Client, bob: User, alice: User, stream: Stream
) -> None:
    sam = person("sam")
    give_coins(sam, 100)
    gift(alice, stream)
    gift(alice, stream, anonymous=True)
    gift(sam, stream)
    assert lines(as_bob).count("is-blocked") == 0
    blocks.block(creator=bob, user=alice)
    assert lines(as_bob).count("is-blocked") == 1  # the line without a name must not give it away
    blocks.unblock(creator=bob, user=alice)
    hidden = SentGift.objects.get(anonymous=True)
    block_sender(by=bob, key=hidden.public_id)
    page = lines(as_bob)
    assert page.count("is-blocked") == 1
    assert f'data-blocked-by="{hidden.public_id}"' in page


def test_a_combo_is_let_in_by_the_press_that_was_blocked(
    as_bob: Client, bob: User, alice: User, stream: Stream
) -> None:
    combo = uuid.uuid4()
    keys = [
        gift(alice, stream, anonymous=True, combo=combo).public_id,
        gift(alice, stream, anonymous=True, combo=combo).public_id,
    ]
    block_sender(by=bob, key=keys[0])
    menu = as_bob.get(reverse("studio:console"), {"line": str(keys[1])}).context["menu"]
    assert menu.blocked
    assert menu.block == reverse("studio:block_sender", args=[keys[0]])
    assert f'data-blocked-by="{keys[0]}"' in lines(as_bob)


def test_the_console_shows_the_chat_with_a_menu_for_each_line_but_ones_own(
    as_bob: Client, alice: User, bob: User, stream: Stream
) -> None:
    said = say(user=alice, stream=stream, text="<i>Hello</i>")
    mine = say(user=bob, stream=stream, text="Welcome")
    page = as_bob.get(reverse("studio:console")).content.decode()
    assert "&lt;i&gt;Hello&lt;/i&gt;" in page
    assert f'name="line" value="{said.pk}"' in page
    assert f'name="line" value="{mine.pk}"' not in page
    menu = as_bob.get(reverse("studio:console"), {"line": said.pk}).content.decode()
    assert f'action="{reverse("studio:block_author", args=[said.pk])}"' in menu
    assert "Block Alice" in menu
    assert as_bob.get(reverse("studio:console"), {"line": mine.pk}).context["menu"] is None
