"""TARGET's calendar: the days on which banks execute payments in euro."""

from datetime import date, datetime, timedelta

from dateutil.easter import easter  # type: ignore[import-untyped]  # ships no types
from django.conf import settings

ONE_DAY = timedelta(days=1)
# New Year's Day, Labour Day, Christmas Day and the day after, as month and day.
CLOSED = {(1, 1), (5, 1), (12, 25), (12, 26)}
# Good Friday and Easter Monday, in days from Easter Sunday.
AROUND_EASTER = {-2, 1}


def is_open(day: date) -> bool:
    """Return whether banks settle payments on this day."""
    if day.weekday() > 4 or (day.month, day.day) in CLOSED:
        return False
    return (day - easter(day.year)).days not in AROUND_EASTER


def first_day(at: datetime) -> date:
    """Return the first day on which our bank can execute a file that it gets at this moment: no
    day that is over where the bank is, today only before its cut-off.
    """
    there = at.astimezone(settings.BANK_TIME_ZONE)
    day = there.date()
    if there.hour >= settings.BANK_CUTOFF_HOUR:
        day += ONE_DAY
    while not is_open(day):
        day += ONE_DAY
    return day
