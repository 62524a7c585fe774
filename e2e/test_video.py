"""Live video in a browser: pushed as OBS does, seen in the room, missed, and back again."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.encoder import address_for, end_stream, room_of
from e2e.pages import PATIENCE_MS
from e2e.site import Site
from video.tests.stage import pushing

pytestmark = pytest.mark.browser

# The picture of `pushing` moves on, newest first: not a still one.
MOVES = """from => {
  const video = document.querySelector("video[data-video]");
  return video.videoWidth === 320 && !video.hidden && video.currentTime > from;
}"""
SOUND_ALONE = """from => {
  const video = document.querySelector("video[data-video]");
  return video.videoWidth === 0 && video.currentTime > from && !video.paused;
}"""
STILL = "() => document.querySelector('video[data-video]').readyState === 0"
FRESH = "() => /still\\.jpg/.test(document.querySelector('img.scene__video')?.src)"
TIME = "document.querySelector('video[data-video]').currentTime"


def test_what_an_encoder_sends_is_seen_is_missed_and_comes_back(
    site: Site, newcomer: Callable[..., Page]
) -> None:
    url = address_for(site, "vera")
    viewer = newcomer(video=True)
    patience = 5 * PATIENCE_MS
    with pushing(url):
        viewer.goto(room_of(site, viewer, "vera"))
        viewer.wait_for_function(MOVES, arg=1, timeout=patience)
        sound = viewer.get_by_role("button", name="Unmute")
        sound.click()  # off until it is wanted, and on with one press
        assert viewer.evaluate("!document.querySelector('video[data-video]').muted")
        viewer.get_by_role("button", name="Save data").click()
        viewer.wait_for_function(SOUND_ALONE, arg=0, timeout=patience)  # it was on
        viewer.wait_for_function(FRESH, timeout=patience)
        viewer.get_by_role("button", name="Mute", exact=True).click()
        viewer.wait_for_function(STILL)
        viewer.reload()  # as in the next room: it was chosen for all of them
        viewer.get_by_role("button", name="Unmute").click(timeout=patience)
        viewer.wait_for_function(SOUND_ALONE, arg=0, timeout=patience)
        viewer.get_by_role("button", name="Play", exact=True).click(timeout=patience)
        viewer.wait_for_function(MOVES, arg=1, timeout=patience)
        assert viewer.evaluate("!document.querySelector('video[data-video]').muted")
    wait = viewer.locator("[data-gap]")
    expect(wait).to_be_visible(timeout=patience)
    with pushing(url) as encoder:
        expect(wait).to_be_hidden(timeout=patience)
        viewer.wait_for_function(MOVES, arg=viewer.evaluate(TIME) + 1, timeout=patience)
        end_stream(site, "vera")
        expect(viewer.get_by_text("This stream has ended.")).to_be_visible()
        assert encoder.wait(60) != 0


LARGE = ("-f", "lavfi", "-i", "testsrc2=size=768x432:rate=15")
WIDTH = "() => document.querySelector('video[data-video]').videoWidth"


def shown(quality: Locator) -> bool:
    """Return whether a player offers the choice, once it has read what there is."""
    quality.page.wait_for_function(f"{WIDTH} > 0", timeout=5 * PATIENCE_MS)
    return quality.is_visible()


def test_a_viewer_chooses_the_small_rendition_and_keeps_it(
    site: Site, newcomer: Callable[..., Page]
) -> None:
    url = address_for(site, "wanda")
    viewer = newcomer(video=True)
    patience = 5 * PATIENCE_MS
    with pushing(url, source=LARGE, seconds=600):
        viewer.goto(room_of(site, viewer, "wanda"))
        quality = viewer.get_by_label("Quality")
        until = time.monotonic() + patience / 1_000
        while not shown(quality) and time.monotonic() < until:
            viewer.reload()  # a machine that was busy offers it a minute later
        quality.select_option("As it is sent")
        viewer.wait_for_function(f"{WIDTH} === 768", timeout=patience)
        quality.select_option("360p")
        viewer.wait_for_function(f"{WIDTH} === 640", timeout=patience)
        viewer.reload()
        viewer.wait_for_function(f"{WIDTH} === 640", timeout=patience)
        expect(quality).to_have_value("small")
        end_stream(site, "wanda")
