"""The lines of a fan's history name the gifts behind them, and no other fan's."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def names(client: Client, **asked: uuid.UUID | str) -> str:
    return client.get(
        reverse("gifts:sent_names"), {name: str(key) for name, key in asked.items()}
    ).content.decode()


def test_a_line_names_the_gift_and_whom_it_went_to(alice: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", quantity=3, key=key)
    client = signed_in(alice)

    page = names(client, gift=key)

    assert f'id="gift-{key}" hx-swap-oob="true">3 × Moss Frog to Bob<' in page
    assert "undo-" not in page
    assert f"gift={key}" in client.get(reverse("wallet:wallet")).content.decode()


def test_what_was_taken_back_is_named_too(alice: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    undo_gift(fan=alice, key=key)
    client = signed_in(alice)

    assert "Undone: Moss Frog to Bob" in names(client, undo=key)


def test_nobody_reads_the_gifts_of_others(alice: User, carol: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    client = signed_in(carol)

    assert "Moss Frog" not in names(client, gift=key)
    assert names(client, gift="not a key").strip() == ""
