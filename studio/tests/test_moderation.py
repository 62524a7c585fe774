"""Moderators and gifts: what they see, hide and block."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import person
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Block, Hidden, Stream
from live.moderation import hiding, moderators
from live.streams.lines import opening
from studio.console_lines import Blocked, gift_rows
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def gift(
    fan: User,
    stream: Stream,
    message: str = "",
    *,
    combo: uuid.UUID | None = None,
    anonymous: bool = False,
) -> SentGift:
    return send_gift(
        fan=fan,
        stream=stream,
        gift="moss-frog",
        key=uuid.uuid4(),
        message=message,
        combo=combo,
        anonymous=anonymous,
    ).gift


@pytest.fixture
def eve(bob: User) -> User:
    """Bob's moderator."""
    user = person("eve")
    moderators.appoint(creator=bob, user=user)
    return user


def test_a_moderator_sees_lines_but_neither_money_nor_thanks(
    eve: User, alice: User, stream: Stream
) -> None:
    gift(alice, stream, "For the fox song")
    page = signed_in(eve).get(reverse("studio:moderate", args=[stream.public_id]))
    text = page.content.decode()
    assert "For the fox song" in text
    assert "data-thank>" not in text
    assert "data-total-earned" not in text
    assert "end-stream" not in text


def test_strangers_have_no_such_page_and_creators_their_own(
    bob: User, carol: User, stream: Stream
) -> None:
    address = reverse("studio:moderate", args=[stream.public_id])
    assert signed_in(carol).get(address).status_code == 404
    assert signed_in(bob).get(address)["Location"] == reverse("studio:console")


def test_the_room_shows_moderators_the_way(eve: User, alice: User, stream: Stream) -> None:
    way = reverse("studio:moderate", args=[stream.public_id])
    room = reverse("live:room", args=[stream.public_id])
    assert way in signed_in(eve).get(room).content.decode()
    assert way not in signed_in(alice).get(room).content.decode()


def test_a_hidden_message_is_gone_everywhere_and_the_gift_stays(
    eve: User, alice: User, stream: Stream
) -> None:
    sent = gift(alice, stream, "Rude words")
    address = reverse("studio:hide_message", args=[sent.public_id])
    for _ in range(2):
        answer = signed_in(eve).post(address, headers={"HX-Request": "true"})
        assert answer.status_code == 204
    assert [event.payload for event in stream.events.filter(kind="hide")] == [
        {"id": str(sent.public_id)}
    ]
    [line] = opening(stream).lines
    assert (line.payload["gift"], line.payload["message"]) == ("moss-frog", "")
    [row] = gift_rows(stream, Blocked.of(stream))[0]
    assert (row.coins, row.message) == (25, "")


def test_a_stranger_hides_no_message(carol: User, alice: User, stream: Stream) -> None:
    sent = gift(alice, stream, "Hello")
    page = signed_in(carol).post(reverse("studio:hide_message", args=[sent.public_id]))
    api = signed_in(carol).post(f"/api/v1/gifts/{sent.public_id}/hide/")
    assert (page.status_code, api.status_code) == (404, 403)
    assert not Hidden.objects.exists()


def test_a_combo_shows_what_is_left_to_say(bob: User, alice: User, stream: Stream) -> None:
    combo = uuid.uuid4()
    said = [gift(alice, stream, text, combo=combo) for text in ("First", "Second", "")]
    blocked = Blocked.of(stream)
    [row] = gift_rows(stream, blocked)[0]
    assert (row.quantity, row.message, row.message_key) == (3, "Second", str(said[1].public_id))
    hiding.hide_message(by=bob, stream=stream, gift=said[1].public_id)
    assert gift_rows(stream, blocked)[0][0].message == "First"


def test_a_moderator_blocks_a_sender_without_learning_a_name(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    # Were another moderator refused here, the refusal would say who sent it.
    moderators.appoint(creator=bob, user=alice)
    sent = gift(alice, stream, anonymous=True)
    answer = signed_in(eve).put(f"/api/v1/gifts/{sent.public_id}/block/")
    assert (answer.status_code, answer.json()["handle"]) == (201, None)
    assert Block.objects.get().by == eve


def test_a_moderator_blocks_a_sender_by_name(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    sent = gift(alice, stream)
    address = reverse("studio:block_sender", args=[sent.public_id])
    signed_in(eve).post(address, {"block": "1"})
    assert Block.objects.get().creator == bob


def test_a_moderator_does_not_unblock_a_sender_whom_the_creator_blocked(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    for hidden in (False, True):
        sent = gift(alice, stream, anonymous=hidden)
        address = f"/api/v1/gifts/{sent.public_id}/block/"
        assert signed_in(bob).put(address).status_code == 201
        refused = signed_in(eve).delete(address)
        assert (refused.status_code, refused.json()["code"]) == (403, "unblocks_for_the_creator")
        assert signed_in(bob).delete(address).status_code == 204
    assert not Block.objects.exists()
