"""The three dearest gifts: they play in both shapes, tell no secret, leave what is to stay."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.stage import PUBLISH, gift, open_stage, play_on

pytestmark = pytest.mark.browser

DEAREST = {"sky-orchard": 10_000, "leviathan-parade": 12_000, "new-horizon": 15_000}
SHAPES = {"desk": (1440, 900), "phone": (390, 844)}
STAYING = "[class^=stage__stay-] > *"
SCENE = ".play-full .play__scene"
PATIENCE_MS = 60_000
QUICK = 0.2  # a scene plays at this share of its length

LISTEN = """window.refused = [];
document.addEventListener(
  "securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));"""
PLAY_QUICKLY = """([detail, pace]) => {
  document.querySelector("[data-stage]").director.stage.play(detail, { pace });
}"""
LAID_OUT = """() => document.querySelector("[data-stage]").getAnimations({ subtree: true })
  .concat(document.querySelector(".play-full")?.getAnimations({ subtree: true }) ?? [])
  .flatMap((one) => one.effect.getKeyframes()).flatMap((frame) => Object.keys(frame))
  .filter((name) => !["offset", "computedOffset", "easing", "composite", "opacity",
    "translate", "rotate", "scale", "transform", "strokeDashoffset"].includes(name))"""
MOVING = """() => document.querySelector(".play-full .play__scene").getAnimations({ subtree: true })
  .filter((one) => one.playState === "running" && !(one instanceof CSSTransition)).length"""
MOOD = "() => document.querySelector('[data-room]').dataset.mood ?? ''"


def open_room(page: Page) -> list[str]:
    """Open the room and note every complaint of the browser."""
    complaints: list[str] = []
    page.add_init_script(LISTEN)
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_stage(page)
    return complaints


def play_quickly(page: Page, slug: str) -> None:
    """Play the whole scene in a fifth of its time."""
    detail = {
        "id": slug, "gift": slug, "name": slug, "kind": "full", "art": f"gifts/art/{slug}.svg",
        "duration_ms": DEAREST[slug], "coins": 9_000, "quantity": 1, "message": "",
        "from": "Noor", "handle": "noor",
    }  # fmt: skip
    page.evaluate(PLAY_QUICKLY, [detail, QUICK])


def assert_left(page: Page, slug: str) -> None:
    """After the scene the orchard's trees stand in the room, the horizon's colours hold."""
    expect(page.locator(STAYING)).to_have_count(3 if slug == "sky-orchard" else 0)
    for tree in page.locator(STAYING).all():
        expect(tree).to_be_visible()
    assert page.evaluate(MOOD) == ("new-horizon" if slug == "new-horizon" else "")


def assert_it_goes_in_time(page: Page) -> None:
    page.clock.fast_forward(301_000)
    expect(page.locator(STAYING)).to_have_count(0)
    assert page.evaluate(MOOD) == ""


@pytest.mark.parametrize("shape", SHAPES)
def test_each_plays_to_its_end_and_leaves_what_it_hands_over(
    newcomer: Callable[..., Page], shape: str
) -> None:
    width, height = SHAPES[shape]
    page = newcomer(moving=True, width=width, height=height)
    page.clock.install()
    complaints = open_room(page)
    for slug, length in DEAREST.items():
        play_quickly(page, slug)
        expect(page.locator(f"{SCENE} svg").first).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate(MOVING) > 0
        assert page.evaluate(LAID_OUT) == []
        play_on(page, slug, length)
        expect(page.locator(".play-full")).to_have_count(0, timeout=PATIENCE_MS)
        assert_left(page, slug)
        assert_it_goes_in_time(page)
    assert page.evaluate("window.refused") == []
    assert complaints == []


def test_each_taken_back_leaves_nothing(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    page.clock.install()
    complaints = open_room(page)
    for slug, length in DEAREST.items():
        play_quickly(page, slug)
        if slug == "leviathan-parade":
            expect(page.locator(f"{SCENE} svg").first).to_be_visible(timeout=PATIENCE_MS)
        else:  # what it leaves is there, and goes with it
            play_on(page, slug, length)
            expect(page.locator(".play-full")).to_have_count(0, timeout=PATIENCE_MS)
            left = page.locator("[data-mood]" if slug == "new-horizon" else STAYING)
            expect(left.first).to_be_attached()
        page.evaluate(PUBLISH, ["undo", {"id": slug}])
        page.evaluate("id => document.querySelector('[data-stage]').director.stage.undo(id)", slug)
        expect(page.locator(".play-full")).to_have_count(0, timeout=PATIENCE_MS)
        expect(page.locator(STAYING)).to_have_count(0)
        assert page.evaluate(MOOD) == ""
    assert complaints == []


def test_skipped_it_leaves_nothing(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    complaints = open_room(page)
    for slug, length in DEAREST.items():
        gift(page, slug, slug, "full", duration_ms=length)
        expect(page.locator(f"{SCENE} svg").first).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Skip").click()
        expect(page.locator(".play-full")).to_have_count(0, timeout=PATIENCE_MS)
        expect(page.locator(STAYING)).to_have_count(0)
        assert page.evaluate(MOOD) == ""
    assert complaints == []


def test_the_whale_wears_only_names_that_may_be_seen(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_room(page)
    page.evaluate("document.querySelector('[data-stage]').director.stage.known = []")
    for number, (name, private) in enumerate((("Quinn", False), ("Zara", True), (None, True))):
        more = {"from": name, "handle": name, "private": private, "duration_ms": 300}
        gift(page, f"small-{number}", "pebble", "sticker", **more)
    whale = {"from": "Xenia", "handle": "xenia", "private": True, "duration_ms": 12_000}
    gift(page, "whale", "leviathan-parade", "full", **whale)
    expect(page.locator(f"{SCENE} svg text").first).to_be_attached(timeout=PATIENCE_MS)
    worn = "".join(page.locator(f"{SCENE} svg text").all_text_contents())
    flown = "".join(page.locator(".parade__paper").all_text_contents())
    assert worn.strip() == "Q"
    assert flown == "Q"


def test_who_wants_less_motion_sees_stills(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.clock.install()
    complaints = open_room(page)
    for slug, length in DEAREST.items():
        play_quickly(page, slug)
        expect(page.locator(f"{SCENE} svg").first).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate(MOVING) == 0
        play_on(page, slug, length)
        expect(page.locator(".play-full")).to_have_count(0, timeout=PATIENCE_MS)
        assert_left(page, slug)
        assert_it_goes_in_time(page)
    assert complaints == []
