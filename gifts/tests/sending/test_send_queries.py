"""The queries of a send: one for the person, one for the send itself."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from conftest import api_key
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Stream
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db

WHO_ASKS, THE_SEND = 1, 1
Press = Callable[[uuid.UUID], Any]


def visiting(user: User) -> Client:
    """Return a browser whose session is in use: its visit was noted a moment ago."""
    client = signed_in(user)
    assert client.get(reverse("accounts:settings")).status_code == 200
    return client


def form(key: uuid.UUID) -> dict[str, str]:
    return {"gift": "moss-frog", "key": str(key), "message": "Play on!"}


def by_page(user: User, stream: Stream, **headers: str) -> Press:
    client, address = visiting(user), reverse("gifts:send", args=[stream.public_id])
    return lambda key: client.post(address, form(key), headers=headers)


def by_api(client: Client, stream: Stream, **headers: str) -> Press:
    address = f"/api/v1/streams/{stream.public_id}/gifts/"
    body = "application/json"
    return lambda key: client.post(address, form(key), content_type=body, headers=headers)


def ways(user: User, stream: Stream) -> dict[str, Press]:
    key = api_key(user)
    return {
        "a script on the page": by_page(user, stream, **{"hx-request": "true"}),
        "a plain form": by_page(user, stream),
        "the API with a session": by_api(visiting(user), stream),
        "the API with a key": by_api(Client(), stream, authorization=f"Token {key}"),
    }


def test_a_send_is_two_statements_whichever_way_it_comes(
    alice: User, stream: Stream, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for way, press in ways(alice, stream).items():
        press(uuid.uuid4())  # what is kept for good once it was read: content types, translations
        key = uuid.uuid4()
        with django_assert_num_queries(WHO_ASKS + THE_SEND, info=way):
            answer = press(key)
        assert answer.status_code in {201, 302}, way
        assert SentGift.objects.filter(public_id=key).exists(), way


def test_a_key_that_was_answered_before_reads_the_gift_once_more(
    alice: User, stream: Stream, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    press, key = ways(alice, stream)["the API with a key"], uuid.uuid4()
    first = press(key).json()
    with django_assert_num_queries(WHO_ASKS + THE_SEND + 1):
        again = press(key).json()
    assert again == first | {"already": True}


def test_what_is_sent_knows_its_gift_without_reading_it(
    alice: User, stream: Stream, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(THE_SEND):
        sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
        assert (sent.gift.slug, sent.gift.name) == ("moss-frog", "Moss Frog")
    stored = SentGift.objects.select_related("gift").get(pk=sent.pk)
    assert sent.gift == stored.gift
    assert sent.gift.alt == stored.gift.alt  # the rest is read when it is asked for


def test_a_stream_that_never_was_is_not_found(alice: User, stream: Stream) -> None:
    stream.public_id = uuid.uuid4()  # not saved: an address that leads nowhere
    for way, press in ways(alice, stream).items():
        assert press(uuid.uuid4()).status_code == 404, way
    nobody = Client().post(reverse("gifts:send", args=[stream.public_id]), form(uuid.uuid4()))
    assert nobody.status_code == 404
    assert not SentGift.objects.exists()
