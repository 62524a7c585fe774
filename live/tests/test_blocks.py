"""Blocks: the people who may set them, what they close, and that they reveal no sender."""

import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.creators import NotACreator
from accounts.models import Creator, User
from conftest import person
from live.chat import messages
from live.models import Block, Stream
from live.moderation import blocks
from live.streams import services
from live.tests.blocking import MORNING, block, hide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


# --- The rule


def test_blocking_twice_is_blocking_once_and_so_is_letting_in(bob: User, alice: User) -> None:
    first = blocks.block(creator=bob, user=alice)
    assert (first[1], blocks.block(creator=bob, user=alice)) == (True, (first[0], False))
    for _ in range(2):
        blocks.unblock(creator=bob, user=alice)
        assert not blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


def test_only_creators_block_and_never_themselves(alice: User, bob: User) -> None:
    with pytest.raises(NotACreator):
        block(alice, bob)
    with pytest.raises(NotACreator):
        blocks.unblock(creator=alice, user=bob)
    with pytest.raises(NotACreator):
        blocks.unblock_anonymous(creator=alice, gift=uuid.uuid4())
    with pytest.raises(blocks.BlockYourself):
        block(bob, bob)
    with pytest.raises(blocks.BlockYourself):
        hide(bob, bob)
    assert not Block.objects.exists()


WRONG: list[tuple[str, Callable[[User, User], Block]]] = [
    ("block_somebody_else", lambda bob, alice: Block(creator=bob, user=bob)),
    ("one_block_per_person_and_gift", lambda bob, alice: Block(creator=bob, user=alice)),
    (
        "anonymous_block_has_its_gift",
        lambda bob, alice: Block(creator=bob, user=alice, gift=uuid.uuid4()),
    ),
    (
        "anonymous_block_has_its_gift",
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
    messages.say(user=alice, stream=stream, text="Before")
    block(bob, alice)
    cache.clear()
    with pytest.raises(
        blocks.Blocked, match=r"^@bob has blocked you from chatting\. You can still watch\.$"
    ):
        messages.say(user=alice, stream=stream, text="After")
    assert [event.payload["text"] for event in stream.events.all()] == ["Before"]
    blocks.unblock(creator=bob, user=alice)
    assert messages.say(user=alice, stream=stream, text="Again")


def test_one_creators_block_closes_no_other_room(bob: User, alice: User, carol: User) -> None:
    carol.is_creator = True
    carol.save()
    Creator.objects.create(user=carol)
    block(bob, alice)
    assert messages.say(user=alice, stream=services.go_live(creator=carol, title="Tea"), text="Hi")


def test_staff_can_be_blocked_too(bob: User, dana: User, stream: Stream) -> None:
    block(bob, dana)
    with pytest.raises(blocks.Blocked):
        messages.say(user=dana, stream=stream, text="Hello")


# --- A person without a name


def test_an_anonymous_block_holds_and_is_untouched_by_name(bob: User, alice: User) -> None:
    hidden = hide(bob, alice)
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)
    # Trying people one after the other finds nothing: each name answers as if it were free.
    assert blocks.block(creator=bob, user=alice)[1]
    blocks.unblock(creator=bob, user=alice)
    assert list(blocks.blocks_of(bob)) == [hidden]
    blocks.unblock_anonymous(creator=bob, gift=hidden.gift or uuid.uuid4())
    assert not blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)


def test_two_anonymous_gifts_of_one_person_look_like_two_people(bob: User, alice: User) -> None:
    first, second = hide(bob, alice), hide(bob, alice)
    assert list(blocks.blocks_of(bob)) == [second, first]
    assert {(one.handle, one.name) for one in blocks.blocks_of(bob)} == {("", "")}


def test_a_creator_cannot_remove_anothers_anonymous_block(bob: User, alice: User) -> None:
    hidden, other = hide(bob, alice), person("ines", is_creator=True)
    Creator.objects.create(user=other)
    blocks.unblock_anonymous(creator=other, gift=hidden.gift or uuid.uuid4())
    assert blocks.is_blocked(creator_id=bob.pk, user_id=alice.pk)
