"""What goes on without the cache, and what does not: docs/faults.md says it."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from live.models import Stream
from payouts.tests.builders import bank_account
from testing.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(settings: Any) -> None:
    """A Redis whose address gives no answer."""
    redis = "django.core.cache.backends.redis.RedisCache"
    address = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": address}}


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_what_goes_on_without_the_cache(alice: User, bob: User, stream: Stream, away: None) -> None:
    bank_account(bob)
    fan, creator = browser(alice), browser(bob)
    room = [stream.public_id]
    gift = {"gift": "moss-frog", "key": uuid.uuid4()}
    order = {"pack": "custom", "coins": 500, "key": uuid.uuid4(), "method": "card"}
    answers = {
        "home": fan.get("/"),
        "room": fan.get(reverse("live:room", args=room)),
        "chat": fan.post(reverse("live:say", args=room), {"text": "Hello"}),
        "sign-in": Client(raise_request_exception=False).post(
            reverse("account_login"), {"login": alice.email, "password": "harbour-night-7"}
        ),
        "gift": fan.post(reverse("gifts:send", args=room), gift),
        "coins": fan.get(reverse("wallet:coins")),
        "wallet": fan.get(reverse("wallet:wallet")),
        "buying": fan.post(reverse("wallet:checkout"), order),
        "studio": creator.get(reverse("studio:home")),
        "console": creator.get(reverse("studio:console")),
        "earnings": creator.get(reverse("studio:earnings")),
        "payouts": creator.get(reverse("studio:payouts")),
        "overlay": creator.get(reverse("studio:overlay")),
    }
    broken = {name for name, answer in answers.items() if answer.status_code >= 500}
    assert broken == {"home", "room", "chat", "sign-in", "earnings"}
