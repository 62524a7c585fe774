"""Gifts to guests in the studio: the host sees them, the guest thanks for them."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Creator, User
from conftest import person
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Stream
from live.tests.guests import open_to, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(alice: User, bob: User, stream: Stream) -> SentGift:
    """A gift of Alice's to Nora, a guest of Bob's."""
    nora = person("nora", is_creator=True)
    Creator.objects.create(user=nora)
    open_to(bob)
    seated(stream, nora)
    key = uuid.uuid4()
    return send_gift(fan=alice, stream=stream, gift="moss-frog", key=key, to=nora.public_id).gift


def test_the_host_sees_for_whom_it_is_and_has_nothing_to_thank_for(
    client: Client, bob: User, sent: SentGift
) -> None:
    client.force_login(bob)
    page = client.get(reverse("studio:console")).text
    line = page.split(f'data-keys="{sent.public_id}"')[1].split("</li>", maxsplit=1)[0]
    assert ">Nora</b>" in line
    assert "data-thank" not in line
    assert 'data-total-coins="0"' in page
    assert client.post(reverse("studio:thank", args=[sent.public_id])).status_code == 404


def test_the_guest_thanks_in_the_statement(client: Client, sent: SentGift) -> None:
    client.force_login(sent.creator)
    statement = reverse("studio:earnings")
    thank = reverse("studio:thank", args=[sent.public_id])
    page = client.get(statement).text
    assert "as a guest of @bob" in page
    assert thank in page
    page = client.post(thank, follow=True).text
    assert "Thanked. The room sees it." in page
    assert thank not in page
    assert sent.stream.events.filter(kind="thanks").count() == 1


def test_the_room_s_line_says_for_whom_it_is(client: Client, sent: SentGift) -> None:
    page = client.get(reverse("live:room", args=[sent.stream.public_id])).text
    assert "<b data-to>Nora</b>" in page
