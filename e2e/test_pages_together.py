"""Four pages at once: two fans, the creator's console, the overlay. And a server that is killed."""

import json
import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import hearing
from e2e.room import choose, open_room
from e2e.site import Site
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
TITLE = "Night guitar, window open"
BURST = 500
SET = 50
PROMPT_MS = 5_000  # five times the second that it takes at most on a quiet machine
# Every page writes down what it received, and the overlay what it showed, as their scripts do.
DIARY = """
window.received = []; window.shown = [];
document.addEventListener('live:gift', ({ detail }) => received.push(detail.id));
document.addEventListener('overlay:shown', ({ detail: { ids, again, test } }) => {
  if (!again && !test) shown.push(...ids);
});
"""
# How often, and how many different ones of these keys, a page wrote down under a name.
COUNT = """([name, keys]) => {
  const mine = window[name].filter(id => keys.includes(id));
  return [mine.length, new Set(mine).size];
}"""
ADDRESS = """
from accounts.models import User
from overlay.services import overlay_of
print(f"/overlay/{overlay_of(User.objects.get(handle='bob')).token}/")
"""
API = """async ([url, body]) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
  try {
    const signal = AbortSignal.timeout(8000);
    const answer = await fetch(url, {method: 'POST', body, headers, signal});
    return answer.ok ? (await answer.json()).answers : null;
  } catch { return null; }
}"""


@pytest.fixture
def everybody(
    newcomer: Callable[..., Page], signed_in: Callable[..., Page], site: Site
) -> Iterator[dict[str, Page]]:
    """The pages: a fan on a desk, a fan on a phone, the console, the overlay."""
    fan, other, creator = signed_in("alice"), signed_in("june", **PHONE), signed_in("bob")
    address = site.shell(ADDRESS).strip()
    overlay = newcomer(width=1920, height=1080)
    pages = {"fan": fan, "other": other, "creator": creator, "overlay": overlay}
    for page in pages.values():
        page.add_init_script(DIARY)
    for page in (fan, other):
        open_room(page, TITLE, said=False)
    with hearing(creator):
        creator.goto("/studio/live/")
    with hearing(overlay):
        overlay.goto(address)
    for page in pages.values():
        page.evaluate("document.addEventListener('live:connected', () => window.on = true)")
    fan.wait_for_selector(".tile")
    yield pages


def test_a_gift_is_seen_by_everybody_within_a_second(everybody: dict[str, Page]) -> None:
    fan, other = everybody["fan"], everybody["other"]
    creator, overlay = everybody["creator"], everybody["overlay"]
    lines = {
        page: page.locator(".line-gift", has_text="Moss Frog").count() for page in (fan, other)
    }
    rows = creator.locator("[data-lines] > li").count()
    choose(fan, "moss-frog")
    fan.locator('[data-slug="moss-frog"] .tile__send').click()
    for page, count in lines.items():
        expect(page.locator(".line-gift", has_text="Moss Frog")).to_have_count(
            count + 1, timeout=PROMPT_MS
        )
    expect(creator.locator("[data-lines] > li")).to_have_count(rows + 1, timeout=PROMPT_MS)
    expect(overlay.get_by_text("Moss Frog").first).to_be_visible(timeout=PROMPT_MS)
    told = re.compile(r"Alice sent a Moss Frog, \S+ \(25 coins\)")
    expect(other.locator("[aria-live]", has_text=told).first).to_be_attached()


def test_a_burst_survives_a_killed_server_once_each(everybody: dict[str, Page], site: Site) -> None:
    fan = everybody["fan"]
    room = re.search("[0-9a-f-]{36}", fan.url)
    assert room
    url = f"/api/v1/streams/{room[0]}/gifts/batch/"
    keys = [str(uuid.uuid4()) for _ in range(BURST)]
    before = int(
        everybody["creator"].locator("[data-total-gifts]").get_attribute("data-total-gifts") or 0
    )
    killed = threading.Thread(target=kill, args=(site,))
    for start in range(0, BURST, SET):
        if start == 2 * SET:
            killed.start()
        body = json.dumps(
            {"sends": [{"gift": "pebble", "key": key} for key in keys[start : start + SET]]}
        )
        send_until_answered(fan, url, body)
    killed.join()

    def send_one_more() -> list[str]:
        key = str(uuid.uuid4())
        send_until_answered(fan, url, json.dumps({"sends": [{"gift": "pebble", "key": key}]}))
        return [key]

    for page in everybody.values():
        write_down(page, "received", keys)
    later = send_one_more()  # after anything that would come twice
    for name, page in everybody.items():
        write_down(page, "received", later)
        assert page.evaluate(COUNT, ["received", keys]) == [BURST, BURST], name
    total = everybody["creator"].locator("[data-total-gifts]")
    expect(total).to_have_attribute("data-total-gifts", str(before + BURST + 1))
    overlay = everybody["overlay"]
    write_down(overlay, "shown", keys + later)
    assert overlay.evaluate(COUNT, ["shown", keys]) == [BURST, BURST]
    with hearing(overlay):
        overlay.reload()  # what was shown stays shown
    write_down(overlay, "shown", send_one_more())
    assert overlay.evaluate(COUNT, ["shown", keys]) == [0, 0]


def write_down(page: Page, name: str, keys: list[str]) -> None:
    """Wait until a page has written all of these keys down."""
    wait_until(
        lambda: page.evaluate(COUNT, [name, keys])[1] == len(keys),
        f"not all was {name}",
        patience_s=300,
    )


def kill(site: Site) -> None:
    """Kill the web server as nothing else would, in the midst of the burst."""
    for pid in site.web_processes():
        os.kill(pid, signal.SIGKILL)


def send_until_answered(page: Page, url: str, body: str) -> list[dict[str, Any]]:
    """Send a set again with its keys until a process answers, as the tray does."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        answers: list[dict[str, Any]] | None = page.evaluate(API, [url, body])
        if answers is not None:
            assert {answer["outcome"] for answer in answers} <= {"done", "already"}, answers
            return answers
        page.wait_for_timeout(300)
    raise AssertionError(f"No process answered {url} ({HTTPStatus.SERVICE_UNAVAILABLE}).")
