"""No gift flashes: two that shine a lot, and one made to flash, to see that it would be noticed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.flashes import MOST_FLASHES, Eye, changes, large_ones, most_changes, played
from e2e.room import open_bobs_room

pytestmark = pytest.mark.browser

BLINK = """(hertz) => {
  const lamp = document.createElement("div");
  Object.assign(lamp.style, { position: "fixed", inset: "0", background: "#fff", zIndex: "99" });
  document.body.append(lamp);
  const blink = lamp.animate([{ opacity: 0 }, { opacity: 0.5 }], {
    duration: 500 / hertz, iterations: Infinity, direction: "alternate",
    easing: "steps(2, jump-none)" });
  blink.pause();
  window.scene = { seek: (ms) => { blink.currentTime = ms; }, stop: () => lamp.remove() };
}"""


def eye_on(newcomer: Callable[..., Page]) -> Eye:
    page = newcomer(moving=True, width=640, height=400)
    open_bobs_room(page)
    page.locator("[data-stage][data-dressed]").wait_for(state="attached")
    return Eye(page, page.context.new_page())


def test_changes_are_counted_where_the_light_turns() -> None:
    assert changes([0, 0.05, 0.1, 0.15, 0.2]) == [2]  # a swell is one change
    assert changes([0, 0.2, 0, 0.2]) == [1, 2, 3]
    assert changes([0.5, 0.45, 0.55, 0.5]) == [2]
    assert changes([0.3] * 5) == []


def test_a_quarter_of_the_picture_has_to_change() -> None:
    dark, light = [0.0] * 100, [0.5] * 26 + [0.0] * 74
    assert most_changes([dark, light] * 5, step_ms=100) == 9
    light = [0.5] * 20 + [0.0] * 80
    assert most_changes([dark, light] * 5, step_ms=100) == 0


def test_what_flashes_is_noticed(newcomer: Callable[..., Page]) -> None:
    eye = eye_on(newcomer)
    eye.page.evaluate(BLINK, 5)
    assert most_changes(eye.watch(1_200)) // 2 > MOST_FLASHES
    eye.page.evaluate("window.scene.stop()")
    eye.page.evaluate(BLINK, 1.5)
    assert most_changes(eye.watch(1_200)) // 2 <= MOST_FLASHES


@pytest.mark.parametrize("slug", ["tide-hello", "storm-choir"])
def test_a_gift_does_not_flash(newcomer: Callable[..., Page], slug: str) -> None:
    eye = eye_on(newcomer)
    assert played(eye.page, eye, large_ones()[slug]) // 2 <= MOST_FLASHES
