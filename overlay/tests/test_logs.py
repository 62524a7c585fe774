"""A secret that is asked for is not written down."""

import logging

from django.conf import settings

from overlay.logs import NoAddresses
from overlay.secret import new


def test_a_fault_is_written_without_the_address() -> None:
    token = new()
    said = "Internal Server Error: %s"
    record = logging.LogRecord("x", 40, "", 1, said, (f"/overlay/{token}/state/",), None)
    assert NoAddresses().filter(record)
    assert record.getMessage() == "Internal Server Error: /overlay/…/state/"


def test_all_that_the_site_writes_goes_through_it() -> None:
    handlers: dict[str, dict[str, object]] = settings.LOGGING["handlers"]  # type: ignore[assignment]
    assert handlers["console"]["filters"] == ["no_addresses"]


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord("x", 40, "", 1, "%s of %s", (1, 2), None)
    assert NoAddresses().filter(record)
    assert (record.msg, record.args) == ("%s of %s", (1, 2))
