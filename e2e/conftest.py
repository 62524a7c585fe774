"""One running site and one browser for all browser tests."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.pages import PATIENCE_MS
from e2e.site import Site
from tools.browser import FLAGS, chromium

# A clip that plays is decoded and painted 30 times a second, by the processor, behind every test.
STILL_VIDEO = 'document.addEventListener("play", ({ target }) => target.pause(), true)'

SESSION_S = 200  # pages that ask for the password again after five minutes do not ask in a test


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser.

    `make test` says in one line that they were left out. The journey goes first: to its site
    nobody has been.
    """
    items.sort(key=lambda item: item.path.name != "test_journey.py")
    if chromium() is None:
        here = Path(__file__).parent
        ours = [item for item in items if here in item.path.parents]
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)


# Of the package, not of the session: while Playwright is open, its process has an event loop,
# and the tests that come after these have their own.
@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site started with `make run`, with the demo in it."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def newcomer(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the site in a browser of its own, as a new visitor."""
    contexts: list[BrowserContext] = []

    def arrive(
        width: int = 1440, height: int = 900, *, moving: bool = False, video: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            # Scenes take most of a test's processor time: only the tests about them let them move.
            reduced_motion="no-preference" if moving else "reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if not video:
            context.add_init_script(STILL_VIDEO)
        contexts.append(context)
        return context.new_page()

    yield arrive
    for number, context in enumerate(contexts):
        if folder := os.environ.get("LAST_LOOK"):  # a picture of each page when the test ended
            for page in context.pages:
                page.screenshot(path=f"{folder}/last-look-{number}.png")
        context.close()


@pytest.fixture(scope="package")
def sessions() -> dict[tuple[str, str], tuple[float, Any]]:
    """Return when each person signed in at each site, and the cookies they have since."""
    return {}


@pytest.fixture
def signed_in(
    newcomer: Callable[..., Page], site: Site, sessions: dict[tuple[str, str], tuple[float, Any]]
) -> Callable[..., Page]:
    """Return a function that signs a demo person in and gives their page, which is still empty."""
    from giftplatform.demo.people import PASSWORD

    def sign_in(handle: str, **size: Any) -> Page:
        page = newcomer(**size)
        began, cookies = sessions.get((site.url, handle), (0, None))
        if cookies and time.monotonic() - began < SESSION_S:
            page.context.add_cookies(cookies)
            return page
        page.goto("/account/login/")
        page.get_by_label("Email").fill(f"{handle}@example.com")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{site.url}/", wait_until="commit")
        sessions[site.url, handle] = time.monotonic(), page.context.cookies()
        return page

    return sign_in


@pytest.fixture
def long_undo(site: Site) -> Iterator[None]:
    """Let small gifts be undone for 20 seconds: a busy machine takes 5 for a few presses."""
    change = "from gifts.models import GiftPolicy as P; P.objects.update(undo_small_seconds={})"
    site.shell(change.format(20))
    yield
    site.shell(change.format(5))
