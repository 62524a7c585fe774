"""The ten small scenes: each plays, is gone when its time is over, and leaves only what stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.stage import PUBLISH, gift, open_stage

pytestmark = pytest.mark.browser

STICKERS = ("pebble", "matchlight", "good-bean", "tiny-kettle", "clap-crab", "lucky-button")
SMALL = ("moss-frog", "pocket-rain", "toast-parachute", "drift-lamp")
ALL = {slug: "sticker" for slug in STICKERS} | {slug: "small" for slug in SMALL}
STAYS = {"lucky-button": ".stage__stay-quilt .patch", "drift-lamp": ".stage__stay-sky .lamp"}
# What stands there when one of these was sent twelve times.
SPECTACLES = {
    "pebble": {".cairn > img": 11},
    "good-bean": {"[data-part^=leaf-]:visible": 10, "[data-part^=flower-]:visible": 2},
    "clap-crab": {".play__scene > img": 2},
    "lucky-button": {".stage__stay-quilt .patch": 12},
    "matchlight": {".stage__stay-edge .candle": 1},
}
LONG_MS = 6_000  # on the page's clock, which the test sets forward
STAYING = "[class^=stage__stay-] > *"
DRAWN = ".play__scene .piece"

MOVING = """() => document.querySelector("[data-stage]").getAnimations({ subtree: true })
  .filter((one) => one.playState === "running" && !(one instanceof CSSTransition))
  .flatMap((one) => one.effect.getKeyframes())
  .flatMap((frame) => Object.keys(frame))
  .filter((name) => ["translate", "rotate", "scale", "transform"].includes(name)).length"""


# The page would draw stills only while many gifts come to a slow machine, as one under test is.
FAST = "() => { document.querySelector('[data-stage]').director.governor.busy = () => false; }"


def open_room(page: Page) -> list[str]:
    """Open the room and note every complaint of a scene that could not be played."""
    complaints: list[str] = []
    page.on(
        "console", lambda line: complaints.append(line.text) if line.type == "warning" else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_stage(page)
    page.evaluate(FAST)
    return complaints


def test_a_scene_plays_and_leaves_only_what_stays(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    page.clock.install()
    complaints = open_room(page)
    for slug, kind in ALL.items():
        gift(page, slug, slug, kind, duration_ms=LONG_MS, handle=slug)
        expect(page.locator(DRAWN).first).to_be_visible()
        page.wait_for_function(MOVING)
        page.clock.run_for(LONG_MS + 1_000)
        expect(page.locator(".play")).to_have_count(0)
        expect(page.locator(STAYING)).to_have_count(1 if slug in STAYS else 0)
        if slug in STAYS:
            expect(page.locator(STAYS[slug])).to_be_visible()
        page.evaluate(PUBLISH, ["undo", {"id": slug}])
        expect(page.locator(STAYING)).to_have_count(0)
    assert complaints == []


def test_what_a_combo_built_comes_down_with_a_press(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    complaints = open_room(page)
    for slug in ("pebble", "good-bean"):
        for number in range(4):
            gift(page, f"{slug}-{number}", slug, "sticker", duration_ms=60_000, combo=slug)
    stones, leaves = page.locator(".cairn > img"), page.locator("[data-part^=leaf-]:visible")
    expect(stones).to_have_count(3)
    expect(leaves).to_have_count(4)
    for slug in ("pebble", "good-bean"):
        page.evaluate(PUBLISH, ["undo", {"id": f"{slug}-3"}])
    expect(stones).to_have_count(2)
    expect(leaves).to_have_count(3)
    assert complaints == []


def test_words_taken_away_leave_the_stage_and_the_gift_plays_on(
    newcomer: Callable[..., Page],
) -> None:
    page = newcomer(moving=True)
    open_room(page)
    said = {"message": "Unkind words", "duration_ms": 60_000}
    for key, slug, kind in (
        ("a", "pebble", "sticker"),
        ("b", "encore-ticket", "medium"),
        ("c", "tide-hello", "large"),
    ):
        gift(page, key, slug, kind, **said)
        stage = page.locator("[data-stage]")
        expect(page.locator(f".play-{kind} .play__scene > *").first).to_be_attached()
        expect(stage).to_contain_text("Unkind words")
        page.evaluate(PUBLISH, ["hide", {"id": key}])
        expect(stage).not_to_contain_text("Unkind words")
        expect(page.locator(f".play-{kind}")).to_have_count(1)


def test_a_gift_taken_back_leaves_nothing(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    complaints = open_room(page)
    for slug, kind in ALL.items():
        gift(page, slug, slug, kind, duration_ms=60_000, handle=slug)
        expect(page.locator(DRAWN).first).to_be_attached()
        page.evaluate(PUBLISH, ["undo", {"id": slug}])
        expect(page.locator(".play")).to_have_count(0)
        expect(page.locator(STAYING)).to_have_count(0)
    assert complaints == []


def test_a_combo_is_the_spectacle(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    complaints = open_room(page)
    for slug, shown in SPECTACLES.items():
        presses = [f"{slug}-{number}" for number in range(12)]
        for press in presses:
            gift(page, press, slug, "sticker", duration_ms=60_000, combo=slug)
            expect(page.locator(DRAWN).first).to_be_attached()
        for shows, count in shown.items():
            expect(page.locator(shows)).to_have_count(count)
        for press in presses:
            page.evaluate(PUBLISH, ["undo", {"id": press}])
        expect(page.locator(".play")).to_have_count(0)
    assert complaints == []


def test_steam_spells_the_name_letter_by_letter(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_room(page)
    for number in range(3):
        gift(page, f"press-{number}", "tiny-kettle", "sticker", duration_ms=5_000, combo="one")
        expect(page.locator(".steam")).to_have_count(number + 1)
    assert page.locator(".steam__fill").all_text_contents() == ["N", "O", "O"]


@pytest.mark.parametrize("sender", [{"from": None, "handle": None}, {"from": "Noor"}])
def test_who_is_private_is_in_no_picture(
    newcomer: Callable[..., Page], sender: dict[str, str | None]
) -> None:
    page = newcomer(moving=True)
    open_room(page)
    gift(page, "a", "tiny-kettle", "sticker", private=True, **sender)
    gift(page, "b", "pocket-rain", "small", private=True, **sender)
    expect(page.locator("[data-part=steam]")).to_be_visible()
    expect(page.locator("[data-part=pocket]")).to_be_visible()
    expect(page.locator(".steam, .rained")).to_have_count(0)


def test_a_combo_that_paused_goes_on_where_it_was(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_room(page)
    for number in range(4):
        gift(page, f"press-{number}", "pebble", "sticker", duration_ms=500, combo="one")
    expect(page.locator(".play")).to_have_count(0)
    gift(page, "later", "pebble", "sticker", duration_ms=5_000, combo="one")
    expect(page.locator(".cairn > img")).to_have_count(4)


def test_who_wants_less_motion_sees_pictures_that_stand_still(
    newcomer: Callable[..., Page],
) -> None:
    page = newcomer()
    page.clock.install()
    complaints = open_room(page)
    for slug, kind in ALL.items():
        for press in "ab":
            gift(page, f"{slug}-{press}", slug, kind, duration_ms=LONG_MS, combo=slug)
        expect(page.locator(STAYS.get(slug, DRAWN)).first).to_be_visible()
        assert page.evaluate(MOVING) == 0
        page.clock.run_for(LONG_MS + 1_000)
        expect(page.locator(".play")).to_have_count(0)
    expect(page.locator(STAYS["lucky-button"])).to_have_count(2)
    expect(page.locator(STAYS["drift-lamp"])).to_have_count(2)
    assert complaints == []
