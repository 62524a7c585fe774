"""The frame of the staff site: painted before its scripts, and the theme's own in all else."""

import hashlib
import re
from pathlib import Path

import pytest
import unfold
from django.test import Client

from accounts.models import User

THEME = Path(unfold.__file__).parent
# The theme's files that ours stand in for or rely on, as they were when ours were written.
KNOWN = {
    "templates/unfold/layouts/skeleton.html": "66af9f0bb45f98ba4e16ba5e5a11f36d",
    "static/unfold/js/app.js": "be01a34d18a89dc961f6d96e8f5a98c5",
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_theme_is_the_one_that_our_frame_was_written_for(name: str) -> None:
    """If this fails: compare the theme's file with ours, take over what is new, pin it here."""
    assert hashlib.sha256((THEME / name).read_bytes()).hexdigest()[:32] == KNOWN[name]


@pytest.mark.django_db
def test_a_staff_page_is_painted_before_its_scripts(client: Client, dana: User) -> None:
    client.force_login(dana)
    page = client.get("/admin/").content.decode()
    assert "x-cloak" not in re.search(r"<html[^>]*>", page)[0]  # type: ignore[index]  # there is one
    shelf = page[page.index("<template data-late>") : page.rindex("</template>")]
    outside = re.findall(r'<script[^>]+src="/static/([^"]+)"', page.replace(shelf, ""))
    assert outside == ["staff/first.js", "js/late.js"]
    assert "chart/chart.js" in shelf


@pytest.mark.django_db
def test_charts_are_loaded_where_one_is(client: Client, dana: User) -> None:
    client.force_login(dana)
    assert "chart/chart.js" not in client.get("/admin/accounts/user/").content.decode()
