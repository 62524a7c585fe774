"""The font of the staff site's icons: small, and with every icon that a page can show."""

import hashlib

from django.contrib.staticfiles import finders

from giftplatform.staff.icons import FOLDER, FONT, OURS, listed, used

MOST_BYTES = 20_000


def test_every_icon_that_a_page_can_show_is_in_the_font() -> None:
    """If this fails: `python -m giftplatform.staff.icons` makes the font again."""
    assert used() == listed()[1]


def test_icons_that_styles_draw_are_counted() -> None:
    assert {"calendar_today", "schedule", "check_small"} <= used()


def test_the_list_is_that_of_the_font() -> None:
    assert hashlib.sha256(OURS.read_bytes()).hexdigest() == listed()[0]


def test_the_small_font_is_served_instead_of_the_themes() -> None:
    assert finders.find(f"{FOLDER}/{FONT}") == str(OURS)
    assert OURS.stat().st_size < MOST_BYTES
