"""Moments and days on pages: `<time>`, which a script writes in the reader's own zone.

Without the script it says which zone it is in. A day of the calendar (a birthday, a day of the
statement) is the same day for every reader.
"""

from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.timezone import localtime

# Written by the server. `giftplatform/static/js/time.js` has the same names.
STYLES = {
    "datetime": "j M Y, H:i e",
    "relative": "j M Y, H:i e",
    "date": "j M Y",
    "day": "j M Y",
    "long": "j F Y",
    "short": "j M",
    "weekday": "l",
    "time": "H:i e",
}


def moment(at: datetime | date, style: str = "datetime") -> SafeString:
    """Return a moment or a day as `<time>`; `age` says how long ago it was, and stays so."""
    if not isinstance(at, datetime):
        words = date_format(at, STYLES[style])
        return format_html(
            '<time datetime="{}" data-local="{}">{}</time>', at.isoformat(), style, words
        )
    exact = at.astimezone(UTC).isoformat()
    here = localtime(at)
    if style == "age":
        title = date_format(here, STYLES["datetime"])
        return format_html('<time datetime="{}" title="{}">{}</time>', exact, title, timesince(at))
    words = date_format(here, STYLES[style])
    return format_html('<time datetime="{}" data-local="{}">{}</time>', exact, style, words)


def with_moments(sentence: str, **facts: str) -> SafeString:
    """Return a sentence with facts put in, where some are moments."""
    put_in = {name: conditional_escape(fact) for name, fact in facts.items()}
    return mark_safe(conditional_escape(sentence) % put_in)  # noqa: S308  # every part is escaped
