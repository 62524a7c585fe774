"""A creator's blocked words hold for the names of people who talk in their rooms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from conftest import person
from live.chat.messages import say
from live.chat.shown_names import shown_names
from live.chat.words import block_word, unblock_word
from live.models import BlockedWord, Stream
from live.streams.services import go_live
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def called(fan: User, name: str, handle: str = "fan") -> User:
    fan.display_name, fan.handle = name, handle
    fan.save()
    return fan


def spoken(fan: User, stream: Stream) -> object:
    return say(user=fan, stream=stream, text="hello").payload["from"]


@pytest.mark.parametrize(
    "name",
    [
        "Turnip",
        "TURNIP King",
        "Türnip",
        "t.u.r.n.i.p",
        "t u r n i p",
        "tuuurnip",
        "7urn1p",
        "тurniр",  # two letters of it are Cyrillic
        "𝓽𝓾𝓻𝓷𝓲𝓹",
        "beetroots",  # by a star
        "bad  luck",
    ],
)
def test_a_name_with_a_blocked_word_is_the_handle(alice: User, stream: Stream, name: str) -> None:
    for word in ("turnip", "beetroot*", "bad luck"):
        block_word(creator=stream.creator, word=word)
    assert spoken(called(alice, name), stream) == "fan"


@pytest.mark.parametrize("name", ["Turnips", "Returnip", "Parsnip", "Bad is luck"])
def test_another_name_is_shown(alice: User, stream: Stream, name: str) -> None:
    for word in ("turnip", "beetroot*", "bad luck"):
        block_word(creator=stream.creator, word=word)
    assert spoken(called(alice, name), stream) == name


def test_nothing_is_shown_where_the_handle_has_the_word_too(alice: User, stream: Stream) -> None:
    block_word(creator=stream.creator, word="turnip")
    called(alice, "Turnip", "the_turnip")
    said = say(user=alice, stream=stream, text="hello").payload
    assert said["from"] is None
    assert said["handle"] == "the_turnip"  # by which the creator can block
    page = signed_in(stream.creator)
    for address in (reverse("live:room", args=[stream.public_id]), reverse("studio:console")):
        shown = page.get(address).content.decode()
        assert 'data-who>Anonymous</b> <span class="' in shown
        assert "Turnip" not in shown


def test_a_name_without_the_word_is_shown_whatever_the_handle(alice: User, stream: Stream) -> None:
    block_word(creator=stream.creator, word="turnip")
    assert spoken(called(alice, "Alice", "the_turnip"), stream) == "Alice"


def test_no_name_is_chosen_and_the_handle_has_the_word(alice: User, stream: Stream) -> None:
    block_word(creator=stream.creator, word="turnip")
    assert spoken(called(alice, "", "the_turnip"), stream) is None


def test_another_creators_room_shows_the_name(alice: User, carol: User, stream: Stream) -> None:
    block_word(creator=stream.creator, word="turnip")
    carol.is_creator = True
    carol.save()
    block_word(creator=carol, word="parsnip")
    theirs = go_live(creator=carol, title="Carol paints")
    assert spoken(called(alice, "Turnip"), theirs) == "Turnip"


def test_the_creator_bears_their_own_name(bob: User, stream: Stream) -> None:
    block_word(creator=bob, word="bob")
    assert spoken(bob, stream) == "Bob"


def test_the_name_is_back_when_the_word_is_off_the_list(alice: User, stream: Stream) -> None:
    word = block_word(creator=stream.creator, word="alice")
    people = {"someone": "Alice"}
    asked = {"creator_id": stream.creator_id, "people": people}
    assert shown_names(**asked) == {"someone": "someone"}  # type: ignore[arg-type]  # two of them
    unblock_word(creator=stream.creator, number=word.pk)
    assert shown_names(**asked) == people  # type: ignore[arg-type]  # two of them


def test_many_names_are_asked_for_at_once(bob: User) -> None:
    people = {f"fan_{number}": f"Fan {number}" for number in range(100)} | {"last": "Turnip"}
    with CaptureQueriesContext(
        connection,
    ) as without:
        assert shown_names(creator_id=bob.pk, people=people) == people
    BlockedWord.objects.create(creator=bob, word="turnip")
    with CaptureQueriesContext(connection) as asked:
        assert shown_names(creator_id=bob.pk, people=people) == people | {"last": "last"}
    assert (len(without), len(asked)) == (1, 2)


def test_a_name_that_was_not_read_is_not_shown(bob: User) -> None:
    BlockedWord.objects.create(creator=bob, word="turnip")
    with connection.cursor() as cursor:
        for readings in (None, "{}"):
            cursor.execute(
                "SELECT live_name_shown(%s, 'Alice', 'alice', %s::jsonb)", [bob.pk, readings]
            )
            assert cursor.fetchone() == (None,)


def test_the_longest_names_can_be_read(bob: User) -> None:
    BlockedWord.objects.create(creator=bob, word="turnip")
    stands_for_many = "\ufdfa" * 40  # as many as a name may have
    people = {person("wordy").handle: stands_for_many}
    assert shown_names(creator_id=bob.pk, people=people) == people
