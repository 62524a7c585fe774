"""Moments stand in `<time>`, and on staff pages a clock names its zone."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from conftest import person
from foundation.moments import STYLES, moment, with_moments
from giftplatform.tests.addresses import all_routes, things
from giftplatform.tests.staff_pages import without_sidebar
from live.models import Stream
from testing.browsers import just_signed_in, signed_in

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FILTER = re.compile(r"\|(?:date|time|timesince|timeuntil)\b")
ISO = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")  # as machines write it, with its zone
CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?!:|\d| UTC)")


def in_time_or_attribute(text: str, at: int) -> bool:
    """Return whether a place of a template is inside `<time>` or inside a tag."""
    before = text[:at]
    in_time = before.rfind("<time") > before.rfind("</time>")
    return in_time or before.rfind("<") > before.rfind(">")


def test_templates_show_moments_in_time() -> None:
    found = []
    for file in sorted(TEMPLATES.rglob("*.html")):
        # What a tag of the template says is in no element of the page.
        text = re.sub(
            r"\{%.*?%\}", lambda tag: tag[0].replace("<", " ").replace(">", " "), file.read_text()
        )
        found += [
            f"{file.relative_to(TEMPLATES)}: {text[match.start() - 40 : match.end()]}"
            for match in FILTER.finditer(text)
            if not in_time_or_attribute(text, match.start())
        ]
    assert not found, "\n".join(found)


def test_a_moment_says_its_zone_and_a_day_has_none() -> None:
    at = datetime(2026, 11, 29, 15, 49, tzinfo=UTC)
    assert moment(at) == (
        '<time datetime="2026-11-29T15:49:00+00:00" data-local="datetime">'
        "29 Nov 2026, 15:49 UTC</time>"
    )
    assert moment(date(2026, 11, 29), "short") == (
        '<time datetime="2026-11-29" data-local="short">29 Nov</time>'
    )
    assert moment(at, "age").startswith('<time datetime="2026-11-29T15:49:00+00:00" title="29 Nov')
    assert with_moments("<b> %(day)s", day=moment(date(2026, 1, 2), "long")) == (
        '&lt;b&gt; <time datetime="2026-01-02" data-local="long">2 January 2026</time>'
    )


def test_the_script_knows_every_style() -> None:
    script = (Path(settings.BASE_DIR) / "giftplatform/static/js/time.js").read_text()
    known = set(re.findall(r"^  (\w+): \{ \w+:", script, re.M)) | {"relative"}
    assert known == set(STYLES)


class Words(HTMLParser):
    """The words of a page that a person reads, without scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._skipped = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._skipped = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = ""

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words.append(data)


def clocks_without_a_zone(answer: Any) -> list[str]:
    if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
        return []
    words = ISO.sub("", " ".join(Words(answer.content.decode()).words))
    path = answer.request["PATH_INFO"]
    return [f"{path}: {words[m.start() - 30 : m.end() + 10]}" for m in CLOCK.finditer(words)]


@pytest.mark.django_db
def test_clocks_on_staff_pages_name_their_zone(
    alice: User, bob: User, dana: User, stream: Stream
) -> None:
    things(alice=alice, bob=bob, moderator=person("max"), dana=dana, stream=stream)
    dana.is_superuser = True
    dana.save()
    client = just_signed_in(signed_in(dana))
    seen = 0
    found = clocks_without_a_zone(client.get("/admin/"))
    with without_sidebar():
        for route in all_routes():
            if not re.fullmatch(r"admin/\w+/\w+/", route):
                continue
            page = client.get(f"/{route}")
            rows = re.findall(rf'href="(/{route}[\w-]+/change/)', page.content.decode())
            seen += len(rows)
            found += clocks_without_a_zone(page)
            for path in rows[:1]:
                found += clocks_without_a_zone(client.get(path))
    assert seen > 20
    assert not found, "\n".join(found)
