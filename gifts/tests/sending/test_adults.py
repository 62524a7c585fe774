"""Gifts into streams for adults: from nobody who is not known to be one."""

from uuid import uuid4

import pytest

from accounts.models import User
from conftest import person
from gifts.models import SentGift
from gifts.sending import refusals
from gifts.sending.services import send_gift
from live.streams import services
from live.tests.adults import for_adults, of_sixteen

pytestmark = pytest.mark.django_db


def test_a_minor_sends_nothing_there(bob: User) -> None:
    late, minor = for_adults(bob), of_sixteen()
    with pytest.raises(refusals.AdultsOnly, match="18 and over"):
        send_gift(fan=minor, stream=late, gift="pebble", key=uuid4())
    assert not SentGift.objects.exists()
    services.change(creator=bob, stream=late, adults_only=False)
    with pytest.raises(refusals.InsufficientCoins):
        send_gift(fan=minor, stream=late, gift="pebble", key=uuid4())


def test_an_unknown_age_sends_nothing_there(bob: User) -> None:
    with pytest.raises(refusals.AdultsOnly):
        send_gift(
            fan=person("unborn", born=None), stream=for_adults(bob), gift="pebble", key=uuid4()
        )


def test_an_adult_sends_there(alice: User, bob: User) -> None:
    send_gift(fan=alice, stream=for_adults(bob), gift="pebble", key=uuid4())
    assert SentGift.objects.get().fan == alice
