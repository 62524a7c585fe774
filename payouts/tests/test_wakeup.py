"""The job that payouts wake by its name is the one that the sweep runs by itself."""

from threading import Event
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from pytest_django import DjangoCaptureOnCommitCallbacks

from payouts.tasks import sweep
from payouts.wakeup import wake_worker


@pytest.mark.django_db
def test_what_is_woken_is_what_the_beat_sweeps(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    woken: list[str] = []
    sent = Event()

    def note(sender: str, **_: Any) -> None:
        woken.append(sender)
        sent.set()

    before_task_publish.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            wake_worker()
        sent.wait(60)  # from a thread of its own
    finally:
        before_task_publish.disconnect(note)
    assert woken == [sweep.name]
    assert sweep.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
