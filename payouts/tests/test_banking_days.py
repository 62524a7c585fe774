"""The day a bank file asks for: one on which banks pay, never over when the file leaves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from payouts.batches import bank_files
from payouts.methods import encryption
from payouts.models import Batch
from payouts.rails.bank_file import BankFile, pain001, target
from payouts.tests.browsers import browser
from payouts.tests.builders import built, ready, sent

MOMENTS = [
    ("2026-04-03T10:00", "2026-04-07"),  # Good Friday
    ("2026-04-06T10:00", "2026-04-07"),  # Easter Monday
    ("2026-04-02T22:30", "2026-04-07"),  # past midnight in Berlin: Good Friday already
    ("2026-05-01T10:00", "2026-05-04"),
    ("2026-12-24T10:00", "2026-12-24"),
    ("2026-12-25T10:00", "2026-12-28"),
    ("2026-12-31T23:30", "2027-01-04"),
    ("2027-01-01T10:00", "2027-01-04"),
    ("2026-03-10T23:30", "2026-03-11"),
    ("2026-03-11T10:00", "2026-03-11"),
    ("2026-03-14T10:00", "2026-03-16"),  # Saturday
    ("2026-03-15T23:30", "2026-03-16"),
    ("2026-03-11T13:59", "2026-03-11"),  # a minute before the cut-off
    ("2026-03-11T14:00", "2026-03-12"),
    ("2026-07-10T13:00", "2026-07-13"),  # Friday, 15:00 by summer time
    ("2038-04-23T10:00", "2038-04-27"),  # the latest Good Friday of all
    ("2285-03-20T10:00", "2285-03-24"),
]


@pytest.mark.parametrize(("moment", "day"), MOMENTS)
def test_a_file_asks_for_a_day_on_which_banks_pay(moment: str, day: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert target.first_day(at).isoformat() == day


def test_the_banks_clock_is_a_setting(settings: Settings) -> None:
    at = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    settings.BANK_TIME_ZONE = ZoneInfo("Atlantic/Azores")
    settings.BANK_CUTOFF_HOUR = 24
    assert target.first_day(at) == date(2026, 3, 10)
    settings.BANK_CUTOFF_HOUR = 22
    assert target.first_day(at) == date(2026, 3, 11)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[timedelta]]:
    """Let the site's clock run ahead by what stands last in the list."""
    ahead, now = [timedelta(0)], timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + ahead[-1])
    yield ahead


def test_a_file_downloaded_days_later_asks_for_a_day_that_can_be_met(
    bob: User, dana: User, erin: User, clock: list[timedelta]
) -> None:
    batch = sent(dana, erin, ready(bob))
    approved = encryption.decrypt(batch.file or b"")
    asked = batch.execute_on
    clock.append(timedelta(days=9))
    handed = bank_files.download(batch=batch)
    batch.refresh_from_db()
    assert asked is not None and batch.execute_on is not None
    assert batch.execute_on == target.first_day(timezone.now()) > asked
    days = f"<Dt>{asked}</Dt>".encode(), f"<Dt>{batch.execute_on}</Dt>".encode()
    assert approved.count(days[0]) == 1
    assert handed == approved.replace(*days)
    assert encryption.digest(handed) == batch.file_sha256
    clock.append(timedelta(days=20))
    assert bank_files.download(batch=batch) == handed  # the bank may have it by now


def test_a_file_downloaded_in_time_is_the_approved_one(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    assert bank_files.download(batch=batch) == encryption.decrypt(batch.file or b"")


def test_a_file_that_leaves_early_keeps_its_day() -> None:
    xml = b"<a><ReqdExctnDt><Dt>2026-04-07</Dt></ReqdExctnDt></a>"
    handover = BankFile().hand_over(xml=xml, at=datetime(2026, 3, 11, 9, tzinfo=UTC))
    assert (handover.xml, handover.execute_on) == (xml, date(2026, 4, 7))


@pytest.mark.parametrize(
    "xml",
    [b"<a/>", b"<ReqdExctnDt><Dt>2026-04-07</Dt></ReqdExctnDt>" b"<ReqdExctnDt><Dt>2026-04-08</Dt>"
     b"</ReqdExctnDt>"],
)  # fmt: skip
def test_only_a_file_with_one_day_gets_another(xml: bytes) -> None:
    with pytest.raises(pain001.Refused):
        pain001.dated(xml, date(2026, 4, 9))


def test_staff_are_told_of_the_new_day(
    bob: User, dana: User, erin: User, clock: list[timedelta]
) -> None:
    batch = sent(dana, erin, ready(bob))
    page = reverse("admin:payouts_batch_change", args=[batch.pk])
    client = browser(dana)
    clock.append(timedelta(days=9))
    client.post(reverse("admin:payouts_batch_xml", args=[batch.pk]))
    batch.refresh_from_db()
    said = f"asks the bank to pay on {batch.execute_on}"
    assert said in client.get(page).content.decode()
    assert said in LogEntry.objects.latest("pk").change_message
    client.post(reverse("admin:payouts_batch_xml", args=[batch.pk]))
    assert said not in client.get(page).content.decode()


def test_the_database_keeps_what_left(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    assert batch.execute_on is not None
    before, after = (batch.execute_on + timedelta(days=by) for by in (-1, 1))
    new = {"execute_on": after, "file_sha256": "0" * 64}
    other = {**new, "content_sha256": "0" * 64}
    content = {"content_sha256": "0" * 64}
    for changes in (new, content, {"file_sha256": "0" * 64}, {**new, "execute_on": before}):
        with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**changes)
    for changes in (other, {"file_sha256": "0" * 64}, {**new, "execute_on": before}):
        with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(state="downloaded", **changes)
    bank_files.download(batch=batch)
    with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(**new)
    with pytest.raises(DatabaseError, match="file_asks_for_a_day"), transaction.atomic():
        Batch.objects.filter(pk=built(dana, ready(bob)).pk).update(file=b"-")
