"""Blocked words and links in a gift's message: nothing is spent on a refusal."""

import uuid

import pytest
from django.test import Client

import ledger
from accounts.models import User
from gifts.models import Gift, SentGift
from gifts.sending import refusals
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift
from gifts.tray.tiles import tiles_for
from live.chat import words
from live.models import BlockedWord, Event, Stream

pytestmark = pytest.mark.django_db


def refused(alice: User, stream: Stream, message: str) -> str:
    with pytest.raises(refusals.GiftRefused) as refusal:
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message=message)
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000
    assert not SentGift.objects.exists()
    assert not Event.objects.filter(kind="gift").exists()
    assert (refusal.value.status, list(refusal.value.fields)) == (422, ["message"])
    return refusal.value.code


def test_a_word_of_the_site(alice: User, stream: Stream) -> None:
    BlockedWord.objects.create(word="turnip")
    assert refused(alice, stream, "you TURN1P!") == "message_filtered"
    assert send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="turnpike"
    )


def test_a_word_of_the_creator_and_what_begins_so(
    alice: User, bob: User, carol: User, stream: Stream
) -> None:
    BlockedWord.objects.create(word="turnip*", creator=bob)
    BlockedWord.objects.create(word="parsnip", creator=carol)
    assert refused(alice, stream, "turnips") == "message_filtered"
    assert send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="parsnip"
    )


def test_a_link(alice: User, bob: User, stream: Stream) -> None:
    assert refused(alice, stream, "come to example.com") == "message_link"
    words.change_rules(creator=bob, gift_messages=True, links=True)
    assert send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="example.com"
    )


def test_a_creator_who_wants_no_messages(alice: User, bob: User, stream: Stream) -> None:
    words.change_rules(creator=bob, gift_messages=False, links=False)
    assert refused(alice, stream, "hello") == "messages_off"
    frogs = Gift.objects.on_offer().filter(slug="moss-frog")
    assert tiles_for(alice, frogs, creator=bob)[0].message_length == 0
    assert tiles_for(alice, frogs)[0].message_length == 80
    assert send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())


def test_one_message_of_a_batch_costs_the_others_nothing(alice: User, stream: Stream) -> None:
    BlockedWord.objects.create(word="turnip")
    said = ("hello", "t u r n i p", "goodbye")
    outcomes = send_batch(
        [
            Send(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), message=message)
            for message in said
        ]
    )
    assert [isinstance(outcome, Sent) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1], refusals.MessageFiltered)
    assert ledger.balance("coins", "COIN", alice.pk) == 4_998


def test_a_message_changed_after_a_refusal_is_sent_with_the_same_key(
    alice: User, stream: Stream
) -> None:
    BlockedWord.objects.create(word="turnip")
    key = uuid.uuid4()
    send = {"fan": alice, "stream": stream, "gift": "moss-frog", "key": key}
    with pytest.raises(refusals.MessageFiltered):
        send_gift(**send, message="turnip")  # type: ignore[arg-type]  # four of its own names
    assert not send_gift(**send, message="parsnip").already  # type: ignore[arg-type]  # as above


def test_the_api_says_it_in_words(alice: User, stream: Stream) -> None:
    BlockedWord.objects.create(word="turnip")
    browser = Client()
    browser.force_login(alice)
    address = f"/api/v1/streams/{stream.public_id}/gifts/"
    body = {"gift": "moss-frog", "key": str(uuid.uuid4()), "message": "turnip"}
    answer = browser.post(address, body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "message_filtered")
    assert answer.json()["detail"].startswith("Your message contains a blocked word.")
