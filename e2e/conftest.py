"""One running site and one browser for all browser tests."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from e2e.pages import PATIENCE_MS
from e2e.site import Site
from tools.browser import FLAGS, chromium

# A video that plays is decoded and painted 30 times a second, by the processor, behind every test.
STILL_VIDEO = 'document.addEventListener("play", ({ target }) => target.pause(), true)'

# A test presses when the page's scripts listen, not in the second before: `test_late.py` does that.
AWAKE = """const sheet = new CSSStyleSheet();
sheet.replaceSync("html:has(template[data-late]):not([data-awake]) { pointer-events: none; }");
document.adoptedStyleSheets.push(sheet);"""

# What Playwright's clock leaves in a page.
SET_CLOCK = "'__pwClock' in globalThis"
STORED = "local_storage,indexeddb,cache_storage,service_workers"
SESSION_S = 200  # pages that ask for the password again after five minutes do not ask in a test


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser.

    `make test` says in one line that they were left out. The journey goes first: to its site
    no test has been.
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
    site.environment["VIDEO_360P"] = "true"
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


@pytest.fixture(scope="package")
def idle() -> dict[bool, list[BrowserContext]]:
    """Return the browsers that no test uses now: those that play video, and the others."""
    return {True: [], False: []}


@pytest.fixture
def newcomer(
    browser: Browser,
    site: Site,
    idle: dict[bool, list[BrowserContext]],
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the site in a browser of its own, as a new visitor; one that is
    `changed` by the test serves no other.
    """
    contexts: list[tuple[BrowserContext, bool, bool]] = []

    def arrive(
        width: int = 1440,
        height: int = 900,
        *,
        moving: bool = False,
        video: bool = False,
        changed: bool = False,
    ) -> Page:
        context = idle[video].pop() if idle[video] else open_browser(browser, site, video=video)
        contexts.append((context, video, changed))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        if moving:
            page.emulate_media(reduced_motion="no-preference")
        return page

    yield arrive
    for number, (context, video, changed) in enumerate(contexts):
        if folder := os.environ.get("LAST_LOOK"):  # a picture of each page when the test ended
            for page in context.pages:
                page.screenshot(path=f"{folder}/last-look-{number}.png")
        if changed or not forget_visitor(context, site):
            context.close()
        else:
            idle[video].append(context)


def open_browser(browser: Browser, site: Site, *, video: bool) -> BrowserContext:
    """Return a browser without a past in which scenes keep still, and video unless wanted."""
    context = browser.new_context(
        base_url=site.url,
        locale="en-GB",
        # Scenes take most of a test's processor time: only the tests about them let them move.
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(AWAKE)
    if not video:
        context.add_init_script(STILL_VIDEO)
    # While one page of the site is open, the browser keeps the process of its pages, and the
    # scripts that it has compiled: the next page costs two thirds.
    context.new_page().goto("/healthz")
    return context


def forget_visitor(context: BrowserContext, site: Site) -> bool:
    """Make a browser as it was before its visitor came, and return whether that worked."""
    first, *others = context.pages
    try:
        if any(page.evaluate(SET_CLOCK) for page in context.pages):
            return False  # Playwright's clock stays with a context
    except Error:
        return False  # a page is still on its way somewhere
    memory = context.new_cdp_session(first)
    memory.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": STORED})
    memory.detach()
    context.clear_cookies()
    for page in others:
        page.close()
    return True


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
def plain(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the site without scripts, signed in or as a visitor."""
    from giftplatform.demo.people import PASSWORD

    contexts = []

    def arrive(handle: str = "", *, width: int = 390, height: int = 844) -> Page:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(
            base_url=site.url, locale="en-GB", java_script_enabled=False, viewport=size
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if handle:
            page.goto("/account/login/")
            page.get_by_label("Email").fill(f"{handle}@example.com")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page).to_have_url(f"{site.url}/")
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def long_undo(site: Site) -> Iterator[None]:
    """Let small gifts be undone for 20 seconds: a busy machine takes 5 for a few presses."""
    change = "from gifts.models import GiftPolicy as P; P.objects.update(undo_small_seconds={})"
    site.shell(change.format(20))
    yield
    site.shell(change.format(5))
