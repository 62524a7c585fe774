"""A play can be paused and resumed, and it sounds only where sound is on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.room import VIDEO, open_room
from e2e.stage import PUBLISH, gift, open_stage
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser

PLAY = """([slug, length]) => {
  const { stage } = document.querySelector("[data-stage]").director;
  window.play = stage.play({ id: slug, gift: slug, name: slug, kind: "large", motion: "",
    art: `gifts/art/${slug}.svg`, duration_ms: length, coins: 1, quantity: 1, message: "" });
  window.play.done.then((why) => { window.ended = why; });
  return window.play.ready; }"""
MOVING = """() => document.querySelector(".play-large").getAnimations({ subtree: true })
  .filter((one) => one.playState === "running").length"""
COUNT_SOUNDS = """
  window.sounds = 0;
  const Real = window.AudioContext;
  window.AudioContext = class extends Real { constructor() { super(); window.sounds += 1; } };"""


def test_a_scene_is_held_and_goes_on(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    page.clock.install()
    open_stage(page)
    page.evaluate(PLAY, ["clockwork-fox", 60_000])
    page.evaluate("window.play.pause()")
    wait_until(lambda: page.evaluate(MOVING) == 0, "it moves while it is held")
    page.clock.run_for(61_000)  # longer than it lasts
    assert page.evaluate("window.ended") is None
    page.evaluate("window.play.resume()")
    assert page.evaluate(MOVING) > 0
    page.clock.run_for(61_000)
    wait_until(lambda: page.evaluate("window.ended") == "played", "it does not end")
    expect(page.locator(".play-large")).to_have_count(0)


def test_a_scene_played_by_hand_shows_any_moment_alike(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_stage(page)
    page.evaluate(
        """async () => {
          const { stage } = document.querySelector("[data-stage]").director;
          window.play = stage.play({ id: "a", gift: "brass-snail", name: "Brass Snail",
            kind: "medium", motion: "", art: "gifts/art/brass-snail.svg", duration_ms: 3_000,
            coins: 1, quantity: 1, message: "" }, { manual: true });
          await window.play.ready; }"""
    )
    place = """(ms) => { window.play.seek(ms);
      return getComputedStyle(document.querySelector(".snail")).translate; }"""
    there = page.evaluate(place, 300)
    assert page.evaluate(place, 1_500) != there
    assert page.evaluate(place, 300) == there


def test_scenes_are_silent_until_sound_is_on(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True, video=True)  # one that is paused has no sound that is on
    page.add_init_script(COUNT_SOUNDS)
    page.clock.install()
    open_stage(page)
    gift(page, "a", "brass-snail", "medium")
    expect(page.locator(".snail")).to_be_attached()
    page.clock.run_for(500)
    assert page.evaluate("window.sounds") == 0
    page.evaluate(PUBLISH, ["undo", {"id": "a"}])
    page.evaluate(VIDEO)
    page.get_by_role("button", name="Unmute").click()
    gift(page, "b", "brass-snail", "medium")
    wait_until(lambda: page.evaluate("window.sounds") == 1, "nothing is heard")


def test_a_full_gift_is_seen_over_a_full_screen(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_room(page, "A vase for the new house")
    page.evaluate("document.querySelector('.scene').requestFullscreen()")
    page.wait_for_function("document.fullscreenElement")
    page.evaluate(PLAY.replace("large", "full"), ["sky-orchard", 60_000])
    assert page.evaluate(
        "document.fullscreenElement.contains(document.querySelector('.play-full'))"
    )
