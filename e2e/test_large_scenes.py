"""The large scenes and three full-screen ones: they play, leave nothing, name whom they may."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from e2e import stage
from e2e.room import open_bobs_room
from e2e.stage import PUBLISH

pytestmark = pytest.mark.browser

LARGE = ["tide-hello", "clockwork-fox", "night-market"]
FULL = ["storm-choir", "rowing-dragons", "great-lighthouse"]
KINDS = dict.fromkeys(LARGE, "large") | dict.fromkeys(FULL, "full")
# The mark that a scene's module puts on its box, so that the scene of its kind is not taken for it.
MARKS = {
    "tide-hello": "tide", "clockwork-fox": "fox", "night-market": "market", "storm-choir": "choir",
    "rowing-dragons": "dragons", "great-lighthouse": "light",
}  # fmt: skip
NAMED = ["night-market", "rowing-dragons", "great-lighthouse"]
SIZES = {"portrait": {"width": 390, "height": 844}, "landscape": {"width": 1440, "height": 900}}
LONG_MS = 60_000
PATIENCE_MS = 60_000  # the machine may be busy with other tests

WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));"""
# For whom less is moved, style changes still pass as transitions of a hundredth of a millisecond.
RUNNING = """(box) => box.getAnimations({ subtree: true }).filter(({ playState, effect }) =>
  playState === "running" && effect.getComputedTiming().endTime > 50).length"""
# Films that still run, movements whose elements are on the page, plays: no scene leaves any.
LEFT = """() => ({
  films: (globalThis.lottie?.getRegisteredAnimations() ?? []).length,
  plays: document.querySelectorAll(".play, .play__scene").length,
  moving: document.getAnimations().filter(({ effect }) =>
    effect.target?.closest?.("[data-stage], .play")?.querySelector(".play__scene")).length,
})"""


def gift(page: Page, key: str, slug: str, **more: Any) -> None:
    """Publish a gift to the page that plays for a minute."""
    long = {"duration_ms": LONG_MS, "private": False, "motion": ""}
    stage.gift(page, key, slug, KINDS.get(slug, "sticker"), **(long | more))


def scene(page: Page, slug: str) -> Locator:
    """Return the box that this gift's own scene draws into."""
    return page.locator(f".play__scene.{MARKS[slug]}")


def gone(page: Page) -> None:
    """Look that nothing of any scene is left."""
    expect(page.locator(".play")).to_have_count(0, timeout=PATIENCE_MS)
    assert page.evaluate(LEFT) == {"films": 0, "plays": 0, "moving": 0}


@pytest.fixture
def room(newcomer: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a room whose page must not complain until the test's end."""
    complaints: list[str] = []
    pages: list[Page] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def come(size: str, *, moving: bool = True) -> Page:
        page = newcomer(**SIZES[size], moving=moving)
        page.add_init_script(WATCH)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        open_bobs_room(page)
        expect(page.locator(".stage__combo-lines")).to_be_attached()
        pages.append(page)
        return page

    yield come
    for page in pages:
        complaints += page.evaluate("window.refused")
    assert complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_each_plays_to_its_end_and_leaves_nothing(room: Callable[..., Page], size: str) -> None:
    page = room(size)
    page.clock.install()
    for slug in KINDS:
        gift(page, slug, slug, duration_ms=6_000, message="For the ferry")
        expect(scene(page, slug).locator("img, svg").first).to_be_attached(timeout=PATIENCE_MS)
        stage.play_on(page, slug, 7_000)
        gone(page)


@pytest.mark.parametrize("size", SIZES)
def test_each_is_taken_back_and_leaves_nothing(room: Callable[..., Page], size: str) -> None:
    page = room(size)
    for slug in KINDS:
        gift(page, slug, slug)
        expect(scene(page, slug).locator("img, svg").first).to_be_attached(timeout=PATIENCE_MS)
        page.evaluate(PUBLISH, ["undo", {"id": slug}])
        gone(page)


def test_the_full_ones_are_skipped_and_leave_nothing(room: Callable[..., Page]) -> None:
    page = room("landscape")
    for slug in FULL:
        gift(page, slug, slug)
        expect(scene(page, slug).locator("img, svg").first).to_be_attached(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Skip", exact=True).click()
        gone(page)


@pytest.mark.parametrize("slug", NAMED)
def test_only_names_that_may_be_shown_are(room: Callable[..., Page], slug: str) -> None:
    page = room("portrait")
    gift(page, "one", "pebble", duration_ms=300, **{"from": "Mateo", "handle": "mateo"})
    gift(page, "two", "pebble", duration_ms=300, private=True, **{"from": "Hanna", "handle": "h"})
    gift(page, "three", "pebble", duration_ms=300, private=True, **{"from": None, "handle": ""})
    gift(page, "four", slug, private=True, **{"from": "Secret Sam", "handle": "sam"})
    box = scene(page, slug)
    expect(box).to_contain_text("Mateo", timeout=PATIENCE_MS)
    for hidden in ("Hanna", "Secret Sam", "Anonymous"):
        expect(box).not_to_contain_text(hidden)


def test_foam_does_not_write_who_wants_to_be_in_no_picture(room: Callable[..., Page]) -> None:
    page = room("landscape")
    gift(page, "one", "tide-hello", duration_ms=1_500)
    expect(scene(page, "tide-hello")).to_contain_text("Noor", timeout=PATIENCE_MS)
    gone(page)
    gift(page, "two", "tide-hello", private=True, **{"from": "Secret Sam", "handle": "sam"})
    expect(scene(page, "tide-hello").locator("svg").first).to_be_attached(timeout=PATIENCE_MS)
    expect(scene(page, "tide-hello")).not_to_contain_text("Secret Sam")


def test_a_message_is_text_and_nothing_else(room: Callable[..., Page]) -> None:
    page = room("landscape")
    gift(page, "one", "tide-hello", message='<img src=x onerror="window.hurt=1"><b>hey</b>')
    box = scene(page, "tide-hello")
    expect(box).to_contain_text("<b>hey</b>", timeout=PATIENCE_MS)
    expect(box.locator("b, img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hurt") is None


def test_who_wants_less_motion_sees_one_picture(room: Callable[..., Page]) -> None:
    page = room("landscape", moving=False)
    for slug in KINDS:
        gift(page, slug, slug, message="For the ferry")
        box = scene(page, slug)
        expect(box.locator("img, svg").first).to_be_attached(timeout=PATIENCE_MS)
        assert box.evaluate(RUNNING) == 0
        page.evaluate(PUBLISH, ["undo", {"id": slug}])
        gone(page)
