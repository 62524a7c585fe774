"""The page of all gifts: each plays on its stage when pressed, by hand and by key; uploads too."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<path d="M8 40h48l-8 14H16z" fill="#ffb648"/></svg>'
)
FILM = {
    "v": "5.9.0", "fr": 30, "ip": 0, "op": 60, "w": 200, "h": 200, "nm": "boat", "ddd": 0,
    "assets": [],
    "layers": [{
        "ddd": 0, "ind": 1, "ty": 4, "nm": "hull", "sr": 1, "ip": 0, "op": 60, "st": 0, "bm": 0,
        "ks": {
            "o": {"a": 0, "k": 100}, "r": {"a": 0, "k": 0}, "p": {"a": 0, "k": [100, 100, 0]},
            "a": {"a": 0, "k": [0, 0, 0]}, "s": {"a": 0, "k": [100, 100, 100]},
        },
        "shapes": [{"ty": "gr", "nm": "hull", "it": [
            {"ty": "el", "d": 1, "s": {"a": 0, "k": [120, 60]}, "p": {"a": 0, "k": [0, 0]}},
            {"ty": "fl", "c": {"a": 0, "k": [1, 0.7, 0.3, 1]}, "o": {"a": 0, "k": 100}, "r": 1},
            {"ty": "tr", "p": {"a": 0, "k": [0, 0]}, "a": {"a": 0, "k": [0, 0]},
             "s": {"a": 0, "k": [100, 100]}, "r": {"a": 0, "k": 0}, "o": {"a": 0, "k": 100}},
        ]}],
    }],
}  # fmt: skip
PLAYING = ".play"


def test_every_kind_plays_where_it_is_pressed(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    page.goto("/gifts/")
    for name in ("Pebble", "Moss Frog", "Brass Snail", "Clockwork Fox"):
        page.get_by_role("button", name=re.compile(f"^{name}\\b")).click()
        expect(page.locator(PLAYING).last).to_be_attached()
        expect(page.locator("[data-played]")).to_contain_text(f"Playing {name}.")


def test_by_keyboard_and_without_motion(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.goto("/gifts/")
    page.get_by_role("button", name=re.compile("^Great Lighthouse")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(PLAYING).last).to_be_attached()
    expect(page.get_by_text("sent Great Lighthouse")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("sent Great Lighthouse")).not_to_be_visible()


def wait_until_drawn(staff: Page) -> None:
    """Reload the gift's page until a worker has drawn both files."""
    drawn = staff.get_by_text(re.compile(r"drawn\s*\(in [\d,]+ ms\)"))
    for _second in range(60):
        if drawn.count() == 2:
            return
        staff.wait_for_timeout(1_000)
        staff.reload()
    expect(drawn).to_have_count(2)


def test_what_staff_upload_plays_there_and_in_the_staff_site(
    signed_in: Callable[..., Page], newcomer: Callable[..., Page], tmp_path: Path
) -> None:
    picture, film = tmp_path / "boat.svg", tmp_path / "boat.json"
    picture.write_text(DRAWING)
    film.write_text(json.dumps(FILM))
    staff = signed_in("dana")
    staff.goto("/admin/gifts/gift/add/")
    staff.locator("[name=name]").fill("Paper Boat")
    staff.locator("[name=alt]").fill("A boat folded of paper.")
    staff.locator("[name=kind]").select_option("medium")
    staff.locator("[name=duration_ms]").fill("3000")
    staff.locator("[name=picture_file]").set_input_files(picture)
    staff.locator("[name=motion_file]").set_input_files(film)
    staff.get_by_role("button", name="Save and continue editing").click()
    expect(staff.get_by_text("A gift goes on sale as soon as it has a price.")).to_be_visible()
    wait_until_drawn(staff)
    staff.locator("iframe").scroll_into_view_if_needed()  # it loads when it comes near
    stage = staff.frame_locator("iframe")
    stage.get_by_role("button", name="Play Paper Boat").click()
    expect(stage.locator(PLAYING).last).to_be_attached()
    expect(stage.locator(f"{PLAYING} svg path").first).to_be_attached()  # drawn by the player

    staff.get_by_role("link", name=re.compile("Add another Price")).click()
    staff.locator("[name=prices-0-coins]").fill("150")
    staff.get_by_role("button", name="Save", exact=True).click()
    fan = newcomer(moving=True)
    said: list[str] = []
    fan.on("console", lambda message: said.append(message.text))
    fan.goto("/gifts/")
    fan.get_by_role("button", name=re.compile("^Paper Boat")).click()
    expect(fan.locator(f"{PLAYING} svg path").first).to_be_attached()
    assert not [text for text in said if "Content Security Policy" in text]
