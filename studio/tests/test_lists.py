"""A person who wants to be on no list is on none, wherever a list stands."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gifts.earnings import sums
from gifts.sending.services import send_gift
from live.models import Stream
from overlay import secret
from overlay.services import overlay_of
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def test_who_turns_private_leaves_every_list_at_once(
    client: Client, alice: User, bob: User, stream: Stream
) -> None:
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    studio, room = reverse("studio:home"), reverse("live:room", args=[stream.public_id])
    state = reverse("overlay:state", args=[secret.decrypt(overlay_of(bob).encrypted)])
    creator = signed_in(bob)
    on_list = f'data-handle="{alice.handle}"'

    def shown() -> tuple[bool, bool, bool, bool]:
        return (
            "Alice" in creator.get(studio).content.decode(),
            on_list in client.get(room).content.decode(),
            bool(client.get(state).json()["supporters"]),
            bool(sums.supporters(bob)),
        )

    assert shown() == (True,) * 4
    User.objects.filter(pk=alice.pk).update(private_supporter=True)
    assert shown() == (False,) * 4
    latest = client.get(state).json()["latest"]
    assert [gift["private"] for gift in latest] == [True]
