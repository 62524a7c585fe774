"""A page that has settled, that listens, and what is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from giftplatform.tests.running import wait_until

# Everything here takes a second at most on a quiet machine.
PATIENCE_MS = 60_000
# Fonts and pictures are there, htmx has nothing under way, nothing that ends still moves.
STILL = """() => document.fonts.status === "loaded"
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


@contextmanager
def hearing(page: Page) -> Iterator[None]:
    """Do something that opens a page with an event stream, and wait until it listens."""
    with page.expect_response(re.compile("/live/events/"), timeout=PATIENCE_MS):
        yield


def violations(page: Page) -> list[str]:
    """Return what axe finds, in a line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]
