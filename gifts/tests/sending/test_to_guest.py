"""Gifts to a guest: theirs from the first coin on, said in the room of their host."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import Creator, Scope, SpendingLimit, User
from conftest import api_key, give_coins, person
from foundation.errors import DomainError
from gifts import blocking, supporters
from gifts.earnings import statement, sums
from gifts.models import Gift, SentGift
from gifts.sending import refusals
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, thank, undo_gift
from gifts.tests.on_replay import over
from gifts.tests.to_guests import send
from gifts.tests.tray.pages import HTMX, tray
from ledger import checks
from live.chat import words
from live.guests import asking
from live.models import Block, Event, Guest, RoomRules, Stream
from live.moderation import blocks
from live.streams.services import end
from live.tests.guests import open_to, seated
from wallet.prices.diamonds import CreatorsMoney

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(stream: Stream) -> User:
    """A creator who is a guest of Bob's, new and so with a longer hold."""
    user = person("nora", is_creator=True)
    Creator.objects.create(user=user)
    open_to(stream.creator)
    seated(stream, user)
    return user


def held(user: User) -> int:
    return ledger.balance("diamonds_held", "DIAMOND", user.pk)


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def test_a_gift_to_a_guest_is_theirs_and_not_their_hosts(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    sent = send(alice, stream, nora)
    assert (coins(alice), held(nora), held(bob)) == (4_975, 25, 0)
    assert (sent.creator, sent.stream, sent.to_guest) == (nora, stream, True)
    assert (sent.release_at - sent.created_at).days == 14  # her hold, not his
    payload = Event.objects.get(kind="gift").payload
    assert (payload["from"], payload["to"], payload["to_handle"]) == ("Alice", "Nora", "nora")
    assert not checks.run()


def test_a_gift_to_the_creator_says_nothing_of_it(alice: User, bob: User, stream: Stream) -> None:
    sent = send(alice, stream, bob)
    assert (sent.creator, sent.to_guest, held(bob)) == (bob, False, 25)
    assert "to" not in Event.objects.get(kind="gift").payload


def gone(stream: Stream, nora: User) -> None:
    asking.leave(user=nora, stream=stream)


def closed(stream: Stream, nora: User) -> None:
    User.objects.filter(pk=nora.pk).update(is_active=False)


def over_now(stream: Stream, nora: User) -> None:
    end(creator=stream.creator, stream=stream)


def off(stream: Stream, nora: User) -> None:
    Creator.objects.filter(user=nora).update(accepts_gifts=False)


def no_creator(stream: Stream, nora: User) -> None:
    Creator.objects.filter(user=nora).delete()


def nothing(stream: Stream, nora: User) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "wanted", "code"),
    [
        (gone, {}, "guest_gone"),
        (closed, {}, "guest_gone"),
        (over_now, {}, "stream_ended"),
        (off, {}, "gifts_off"),
        (no_creator, {}, "gifts_off"),
        (nothing, {"gift": "clockwork-fox"}, "confirm_first"),
    ],
)
def test_what_cannot_reach_a_guest_is_refused_and_goes_to_nobody(
    alice: User,
    bob: User,
    nora: User,
    stream: Stream,
    before: Callable[[Stream, User], None],
    wanted: dict[str, Any],
    code: str,
) -> None:
    before(stream, nora)
    with pytest.raises(DomainError) as refusal:
        send(alice, stream, nora, **wanted)
    assert refusal.value.code == code
    assert (coins(alice), held(nora), held(bob)) == (5_000, 0, 0)
    assert not SentGift.objects.exists()


def test_who_is_no_guest_there_gets_nothing(alice: User, carol: User, stream: Stream) -> None:
    with pytest.raises(refusals.GuestGone):
        send(alice, stream, carol)
    with pytest.raises(refusals.GuestGone):
        send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), to=uuid.uuid4())


def test_a_guest_gets_nothing_on_a_replay(alice: User, nora: User, bob: User) -> None:
    past = over(bob)
    with pytest.raises(refusals.GuestGone):
        send(alice, past, nora, moment=past.started_at)
    Guest.objects.update(stream=past)  # a row that outlived its stream
    with pytest.raises(refusals.GuestGone):
        send(alice, past, nora, moment=past.started_at)
    assert (coins(alice), held(nora), held(bob)) == (5_000, 0, 0)


def test_a_key_is_for_one_receiver(alice: User, bob: User, nora: User, stream: Stream) -> None:
    key = uuid.uuid4()
    first = send(alice, stream, nora, key=key)
    gone(stream, nora)
    assert send(alice, stream, nora, key=key) == first
    for other in (None, bob):
        with pytest.raises(ledger.KeyReused):
            send(alice, stream, other, key=key)
    with pytest.raises(ledger.KeyReused):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=key, to=person("eve").public_id)
    assert (coins(alice), held(bob)) == (4_975, 0)


def test_a_key_for_the_creator_is_for_no_guest(alice: User, nora: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send(alice, stream, None, key=key)
    with pytest.raises(ledger.KeyReused):
        send(alice, stream, nora, key=key)


def test_a_guest_gifts_their_host_but_not_themselves(bob: User, nora: User, stream: Stream) -> None:
    give_coins(nora, 100)
    give_coins(bob, 100)
    with pytest.raises(refusals.GiftToSelf):
        send(nora, stream, nora)
    send(nora, stream, None)
    send(bob, stream, nora)
    assert (held(bob), held(nora)) == (25, 25)


@pytest.mark.parametrize("by", ["bob", "nora"])
def test_a_block_of_either_holds(alice: User, nora: User, stream: Stream, by: str) -> None:
    blocks.block(creator=User.objects.get(handle=by), user=alice)
    with pytest.raises(refusals.Blocked):
        send(alice, stream, nora)
    if by == "nora":
        send(alice, stream, None)


@pytest.mark.parametrize("whose", ["bob", "nora"])
def test_the_words_of_both_hold(alice: User, nora: User, stream: Stream, whose: str) -> None:
    owner = User.objects.get(handle=whose)
    words.block_word(creator=owner, word="herring")
    with pytest.raises(refusals.MessageFiltered):
        send(alice, stream, nora, message="Red herring")
    User.objects.filter(pk=alice.pk).update(display_name="Herring")
    alice.refresh_from_db()
    sent = send(alice, stream, nora)
    assert Event.objects.get(kind="gift").payload["from"] == "alice"
    thank(creator=nora, key=sent.public_id)
    assert Event.objects.get(kind="thanks").payload["to"] == "alice"
    RoomRules.objects.update_or_create(creator=owner, defaults={"gift_messages": False})
    with pytest.raises(refusals.MessagesOff):
        send(alice, stream, nora, message="Hello")


def test_limits_and_clubs_are_the_guests(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    SpendingLimit.objects.create(user=alice, span="day", creator=nora, coins=30)
    send(alice, stream, nora)
    with pytest.raises(refusals.OverCreatorLimit):
        send(alice, stream, nora)
    send(alice, stream, bob)
    Gift.objects.filter(slug="pebble").update(club_only=True)
    SpendingLimit.objects.all().delete()
    send(alice, stream, nora, gift="pebble")
    SentGift.objects.filter(creator=nora).delete()
    with pytest.raises(refusals.ClubOnly):
        send(alice, stream, nora, gift="pebble")


def test_the_guest_thanks_for_it_and_its_fan_undoes_it(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    sent = send(alice, stream, nora)
    with pytest.raises(SentGift.DoesNotExist):
        thank(creator=bob, key=sent.public_id)
    thank(creator=nora, key=sent.public_id)
    said = stream.events.get(kind="thanks").payload
    assert (said["by"], said["to"]) == ("Nora", "Alice")
    undo_gift(fan=alice, key=sent.public_id)
    assert (coins(alice), held(nora)) == (5_000, 0)
    assert stream.events.get(kind="undo").payload["to_handle"] == "nora"
    assert not checks.run()


def test_a_batch_opens_the_accounts_of_all_who_get_something(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    asked = [
        Send(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), to=to)
        for to in (None, nora.public_id, bob.public_id, uuid.uuid4())
    ]
    outcomes = send_batch(asked)
    assert [isinstance(one, Sent) for one in outcomes] == [True, True, True, False]
    assert (held(bob), held(nora)) == (2, 1)


def test_earnings_are_the_guests_and_supporters_are_the_rooms(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    send(alice, stream, nora)
    send(alice, stream, bob, gift="pebble")
    assert sums.of_stream(stream, CreatorsMoney(bob)).coins == 1
    [line], _following = statement.page_of(nora, CreatorsMoney(nora), before=None)
    assert line.sent.to_guest
    rows = list(statement.csv_rows(nora))
    facts = dict(zip(rows[0], rows[1], strict=True))
    assert (facts["stream"], facts["of"]) == (stream.title, "bob")
    assert [one.coins for one in supporters.of_stream(stream)] == [26]


def test_each_blocks_its_sender_in_their_own_rooms(
    alice: User, bob: User, nora: User, stream: Stream
) -> None:
    named = send(alice, stream, nora)
    hidden = send(alice, stream, nora, anonymous=True)
    blocking.block_sender(by=bob, key=named.public_id)
    blocking.block_sender(by=nora, key=hidden.public_id)
    assert set(Block.objects.values_list("creator__handle", "gift")) == {
        ("bob", None),
        ("nora", hidden.public_id),
    }
    blocking.unblock_sender(by=nora, key=hidden.public_id)
    blocking.unblock_sender(by=bob, key=named.public_id)
    assert not Block.objects.exists()


# --- The tray, the API ------------------------------------------------------------------------


def receivers(client: Client, stream: Stream, to: str = "") -> str:
    url = reverse("gifts:receivers", args=[stream.public_id])
    return client.get(url, {"to": to} if to else {}, headers=HTMX).content.decode()


def test_the_tray_offers_the_guests_who_take_gifts(
    as_alice: Client, bob: User, nora: User, carol: User, stream: Stream
) -> None:
    seated(stream, carol)  # who is no creator
    page = tray(as_alice, stream)
    assert f'value="{nora.public_id}" data-name="Nora"' in page
    assert 'value="" data-name="Bob" checked' in page
    assert "Carol" not in page
    assert f'value="{nora.public_id}" data-name="Nora" checked' in receivers(
        as_alice, stream, str(nora.public_id)
    )
    off(stream, nora)
    assert 'name="to"' not in tray(as_alice, stream)


def test_who_may_not_watch_learns_of_no_guest(
    client: Client, as_alice: Client, nora: User, stream: Stream
) -> None:
    Stream.objects.filter(pk=stream.pk).update(adults_only=True)
    assert "Nora" in receivers(as_alice, stream)
    assert "Nora" not in receivers(client, stream)
    assert "Nora" not in tray(client, stream)


def test_who_chose_a_guest_that_left_is_told(as_alice: Client, nora: User, stream: Stream) -> None:
    gone(stream, nora)
    assert "This guest has left. Your gifts go to Bob." in receivers(
        as_alice, stream, str(nora.public_id)
    )
    assert "has left" not in receivers(as_alice, stream)


def test_a_plain_form_sends_to_a_guest_also_when_it_is_asked_about(
    as_alice: Client, nora: User, stream: Stream
) -> None:
    url = reverse("gifts:send", args=[stream.public_id])
    fields = {"gift": "tide-hello", "key": str(uuid.uuid4()), "to": str(nora.public_id)}
    asked = as_alice.post(url, fields).text
    assert "Nora gets" in asked
    assert f'name="to" value="{nora.public_id}"' in asked
    as_alice.post(url, {**fields, "confirmed": "1"})
    assert SentGift.objects.get().creator == nora
    odd = as_alice.post(url, {**fields, "to": "nora"}, headers=HTMX)
    assert (odd.status_code, odd["X-Error-Code"]) == (422, "check_input")


def test_the_api_sends_to_a_guest(client: Client, alice: User, nora: User, stream: Stream) -> None:
    url = f"/api/v1/streams/{stream.public_id}/gifts/"
    headers = {"Authorization": f"Token {api_key(alice, Scope.SEND)}"}
    press = {"gift": "pebble", "key": str(uuid.uuid4()), "to": str(nora.public_id)}
    assert client.post(url, press, "application/json", headers=headers).status_code == 201
    assert SentGift.objects.get().creator == nora
    gone(stream, nora)
    late = client.post(
        url, {**press, "key": str(uuid.uuid4())}, "application/json", headers=headers
    )
    assert (late.status_code, late.json()["code"]) == (410, "guest_gone")
    assert "to" in late.json()["fields"]
