"""Collected files: a page loads each group of sheets as one, and a script says what it needs."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from foundation.static_files import joined, needs
from giftplatform.styles import STYLE_GROUPS as GROUPS

pytestmark = pytest.mark.django_db
LINKED = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
ADDRESS = re.compile(r'url\("(?!data:|#)([^"]+)"\)')


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    """Collect the static files as `make run` does; return where they are."""
    settings.STATIC_ROOT = tmp_path
    backend = {"BACKEND": "foundation.static_files.HashedStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def source(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text()


def test_a_joined_sheet_holds_its_sheets_in_their_order(collected: Path) -> None:
    for group, sheets in GROUPS.items():
        text = (collected / joined(group)).read_text()
        at = 0
        for sheet in sheets:
            # Addresses of pictures and fonts are moved; the rest is as it was.
            first_rule = source(sheet).partition("url(")[0].strip()
            at = text.index(first_rule, at) + len(first_rule)


def test_what_a_joined_sheet_names_is_where_it_says(collected: Path) -> None:
    """What a sheet of its own imports would be asked for after it: a joined one imports nothing."""
    named = []
    for group in GROUPS:
        text = (collected / joined(group)).read_text()
        assert "@import" not in text
        named += ADDRESS.findall(text)
    assert any("figtree" in one for one in named)
    assert [one for one in named if not (collected / "joined" / one).exists()] == []


def test_a_page_loads_one_sheet_for_a_group(collected: Path, client: Client) -> None:
    (linked, _own) = LINKED.findall(client.get("/").content.decode())
    assert re.fullmatch(r"joined/site\.\w+\.css", linked)


def test_uncollected_sheets_are_loaded_one_by_one(client: Client) -> None:
    loaded = LINKED.findall(client.get("/").content.decode())
    assert loaded[:-1] == list(GROUPS["site"])


def test_a_script_names_all_that_it_imports() -> None:
    found = needs("gifts/stage/stage.js")
    assert {"js/page.js", "gifts/stage/director.js", "gifts/stage/lane.js"} <= set(found)
    assert len(found) == len(set(found))
    # A scene is fetched when its gift is first seen.
    assert "gifts/stage/scenes/pebble.js" not in found


def test_scripts_wait_for_the_first_paint(client: Client) -> None:
    page = client.get("/").content.decode()
    shelf = page[
        page.index("<template data-late>") : page.index("</template>", page.index("data-late"))
    ]
    outside = page.replace(shelf, "")
    assert re.findall(r'<script[^>]+src="/static/([^"]+)"', outside) == ["js/late.js"]
    assert 'data-needs="/static/js/page.js"' in shelf
