"""The people on lists of supporters, and with how many coins."""

import itertools
import uuid

import pytest
from django.db import connection

from accounts.models import User
from accounts.naming import Place, may_be_named, nameable
from conftest import give_coins
from gifts import supporters
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Event, Stream

pytestmark = pytest.mark.django_db


def send(fan: User, stream: Stream, slug: str = "moss-frog", **more: object) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift=slug, key=uuid.uuid4(), **more).gift  # type: ignore[arg-type]  # the fields of a send


def many_pebbles(of: SentGift, count: int) -> None:
    """Copy a gift and its event, as a long evening would leave them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_event (stream_id, kind, payload, created_at)"
            " SELECT stream_id, kind, payload, created_at FROM live_event, generate_series(1, %s)"
            " WHERE payload->>'id' = %s",
            [count, str(of.public_id)],
        )


def test_one_rule_says_who_may_be_named_where(alice: User, bob: User, stream: Stream) -> None:
    for place, anonymous, private in itertools.product(Place, (False, True), (False, True)):
        User.objects.filter(pk=alice.pk).update(private_supporter=private)
        sent = send(alice, stream, "pebble", anonymous=anonymous)
        asked = SentGift.objects.filter(nameable(place), pk=sent.pk).exists()
        assert asked is may_be_named(place, anonymous=anonymous, private=private)
        expected = not anonymous and (place is Place.GIFT or not private)
        assert asked is expected, (place, anonymous, private)


def test_supporters_without_the_nameless_and_the_taken_back(
    alice: User, carol: User, stream: Stream
) -> None:
    give_coins(carol, 500)
    send(alice, stream, "pebble")
    send(alice, stream, anonymous=True)
    undo_gift(fan=alice, key=send(alice, stream).public_id)
    frog = send(carol, stream)
    assert supporters.of_stream(stream) == [
        (carol.handle, carol.name, frog.coins),
        (alice.handle, alice.name, 1),
    ]
    assert supporters.of_stream(stream, 1) == [(carol.handle, carol.name, frog.coins)]


def test_coins_outlive_any_number_of_gifts(alice: User, carol: User, stream: Stream) -> None:
    give_coins(carol, 1_000)
    send(alice, stream, "moss-frog")
    many_pebbles(send(carol, stream, "pebble"), 5_050)
    assert Event.objects.filter(stream=stream).count() > 5_050
    assert {one.handle for one in supporters.of_stream(stream)} == {alice.handle, carol.handle}


def test_a_new_name_is_one_line(alice: User, stream: Stream) -> None:
    send(alice, stream, "pebble")
    User.objects.filter(pk=alice.pk).update(handle="alice_two", display_name="")
    send(User.objects.get(pk=alice.pk), stream, "pebble")
    assert supporters.of_stream(stream) == [("alice_two", "alice_two", 2)]
