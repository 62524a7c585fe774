"""The overlay beside OBS: each alert once, whatever happens to the browser, the line or the server."""

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.site import Site

pytestmark = pytest.mark.browser
LOOK = os.environ.get("LAST_LOOK")
# What OBS would show, as a list: every gift whose alert stood long enough to count as shown.
LISTEN = """
window.shown = JSON.parse(sessionStorage.getItem("shown") ?? "[]");
document.addEventListener("overlay:shown", ({ detail }) => {
  const again = Boolean(detail.again);
  for (const id of detail.ids) window.shown.push({ id, again, test: detail.test });
  sessionStorage.setItem("shown", JSON.stringify(window.shown));
});
"""


class Stage:
    """Ines on air with an overlay, and Sam who sends."""

    def __init__(self, creator: Page, fan: Page, browser: Browser, site: Site) -> None:
        self.creator, self.fan, self.site = creator, fan, site
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.room = ""

    def address(self, widget: int = 0) -> str:
        self.creator.goto("/studio/overlay/")
        shown = self.creator.locator(".addresses [data-copy]").nth(widget)
        return str(shown.get_attribute("data-copy"))

    def open(self, address: str, width: int = 960, height: int = 540) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height})
        self.contexts.append(context)
        page = context.new_page()
        page.add_init_script(LISTEN)
        with page.expect_response(re.compile("/live/events/")):
            page.goto(address)
        return page

    def send(self, count: int = 1, gift: str = "pebble", message: str = "") -> list[str]:
        """Send gifts as the room's page does, fast; return their keys."""
        keys = [str(uuid.uuid4()) for _ in range(count)]
        answers = self.fan.evaluate(
            """async ([room, gift, keys, message]) => {
                const token = document.querySelector('meta[name="csrf-token"]').content;
                const json = "application/json";
                const headers = { "X-CSRFToken": token, "Content-Type": json };
                const body = (key) => JSON.stringify({ gift, key, message, confirmed: true });
                const send = (key) => fetch(`/api/v1/streams/${room}/gifts/`,
                    { method: "POST", headers, body: body(key) });
                return (await Promise.all(keys.map(send))).map((answer) => answer.status);
            }""",
            [self.room, gift, keys, message],
        )
        assert set(answers) == {201}, answers
        return keys

    def undo(self, key: str) -> None:
        self.fan.evaluate(
            """([key]) => fetch(`/api/v1/gifts/${key}/undo/`, { method: "POST", headers: {
                "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content } })""",
            [key],
        )

    def press(self, name: str) -> None:
        self.creator.locator("#alert-queue").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def stage(signed_in: Callable[..., Page], browser: Browser, site: Site) -> Iterator[Stage]:
    stage = Stage(signed_in("mira"), signed_in("sam"), browser, site)
    stage.fan.goto("/")
    stage.fan.get_by_role("link", name="A vase for the new house").click()
    stage.room = stage.fan.url.rstrip("/").rpartition("/")[2]
    yield stage
    for context in stage.contexts:
        context.close()


def shown(page: Page) -> list[str]:
    return [one["id"] for one in page.evaluate("window.shown") if not one["test"]]


def wait_for_shown(page: Page, keys: list[str], seconds: float = 20) -> None:
    page.wait_for_function(
        "keys => keys.every((key) => window.shown.some(({ id }) => id === key))",
        arg=keys,
        timeout=seconds * 1_000,
    )


def test_every_alert_is_shown_once_over_reloads_and_two_overlays(stage: Stage) -> None:
    address = stage.address()
    one, other = stage.open(address), stage.open(address, 540, 960)
    [first] = stage.send(message="For the fox song")
    card = one.locator(".alert")
    expect(card).to_contain_text("Sam", timeout=1_000)
    expect(card).to_contain_text("For the fox song")
    expect(other.locator(".alert")).to_contain_text("Sam")
    one.reload()  # before its half: it is shown again
    expect(card).to_contain_text("For the fox song", timeout=3_000)
    more = stage.send(3, gift="moss-frog") + stage.send(2, gift="clap-crab")
    wait_for_shown(one, [first])
    one.reload()  # after its half: the next one comes
    keys = [first, *more]
    for page in (one, other):
        wait_for_shown(page, keys)
        assert sorted(shown(page)) == sorted(keys)
