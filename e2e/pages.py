"""A page that has settled, that listens, and what is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from giftplatform.tests.running import wait_until

# Everything here takes a second at most on a quiet machine.
PATIENCE_MS = 60_000
PATIENCE = 5 * PATIENCE_MS  # for live video, which takes some seconds itself
# A camera and a microphone that Chromium pretends, and allows.
DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# Fonts, pictures and scripts are there, htmx has nothing under way, nothing that ends still moves.
STILL = """() => document.fonts.status === "loaded"
  && !document.querySelector("html:not([data-awake]) template[data-late]")
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
  && [...document.images].every((one) => one.complete || one.loading === "lazy")
  && document.getAnimations().every(({ playState, effect }) =>
    playState !== "running" || effect.getComputedTiming().endTime === Infinity)"""
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


class Traffic:
    """The open requests of a page. Its event stream stays open and does not count."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: set[Request] = set()
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _began(self, request: Request) -> None:
        if request.resource_type not in {"eventsource", "media", "ping"}:
            self.open.add(request)

    def _ended(self, request: Request) -> None:
        self.open.discard(request)

    def settle(self) -> None:
        """Return when the page shows what it will show until something happens."""
        wait_until(self._still, "the page does not settle", patience_s=PATIENCE_MS / 1_000)

    def _still(self) -> bool:
        self.page.evaluate(NEXT_FRAME)
        return not self.open and bool(self.page.evaluate(STILL))


def awake(page: Page) -> None:
    """Wait until the page's scripts listen, for what a test tells them rather than presses."""
    page.wait_for_selector("html[data-awake]", state="attached", timeout=PATIENCE_MS)


@contextmanager
def hearing(page: Page) -> Iterator[None]:
    """Do something that opens a page with an event stream, and wait until it listens."""
    with page.expect_response(re.compile("/live/events/"), timeout=PATIENCE_MS):
        yield


def violations(page: Page, within: str | None = None) -> list[str]:
    """Return what axe finds on a page, or in a part of it, in a line each.

    Axe may not preload style sheets: it would copy one that is still loading into the page, where
    its imports lead nowhere and the policy of the page refuses it.
    """
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def confirm_it_is_me(page: Page) -> None:
    """Give the password again where the site asks before touching money settings."""
    from giftplatform.demo.people import PASSWORD

    if "reauthenticate" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
