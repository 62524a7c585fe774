"""The health endpoints that monitoring reads."""

from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from giftplatform import health

pytestmark = pytest.mark.django_db


class GoneCache(BaseCache):
    """A cache whose server has gone away."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> NoReturn:
        """Answer as a client without its server does."""
        raise ConnectionError("no server there")


def test_a_process_that_answers_lives(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_site_whose_jobs_run_is_ready(client: Client) -> None:
    cache.set("jobs:last-sweep", timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["migrations_missing"] == 0


@pytest.mark.parametrize("age", [61, 3_600])
def test_a_site_whose_jobs_stand_still_is_not(client: Client, age: int) -> None:
    cache.set("jobs:last-sweep", timezone.now() - timedelta(seconds=age))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["last_sweep_age_s"] >= age


def test_not_ready_is_an_answer_and_no_fault(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.delete("jobs:last-sweep")  # as in the first seconds after a start
    assert client.get("/readyz").status_code == 503
    assert [record for record in caplog.records if record.name == "django.request"] == []
    monkeypatch.setattr(health, "inspect", lambda: int("late"))
    client.raise_request_exception = False
    assert client.get("/readyz").status_code == 500
    assert [record.status_code for record in caplog.records if record.name == "django.request"] == [  # type: ignore[attr-defined]  # Django adds it
        500
    ]


def test_a_lost_cache_is_reported_and_breaks_nothing(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "giftplatform.tests.test_health.GoneCache"}}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["last_sweep_age_s"] is None
