"""Moments of a replay as nobody's clock shows them: each is refused or put right."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gifts.models import SentGift
from gifts.tests.on_replay import over
from gifts.tests.tray.pages import HTMX

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-01T00:00:00+23:59",
        "2026-01-01T00:00:00-23:59",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_moment_of_no_clock_breaks_nothing(as_alice: Client, bob: User, moment: str) -> None:
    stream = over(bob)
    fields = {"gift": "moss-frog", "key": str(uuid.uuid4()), "moment": moment}
    sent = as_alice.post(reverse("gifts:send", args=[stream.public_id]), fields, headers=HTMX)
    assert sent.status_code in {201, 422}
    if sent.status_code == 201:
        assert SentGift.objects.get().moment in {stream.started_at, stream.ended_at}
