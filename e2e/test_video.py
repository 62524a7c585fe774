"""Live video in a browser: pushed as OBS does, seen in the room, missed, and back again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
STILL = "document.querySelector('video[data-video]').readyState === 0"
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
        viewer.wait_for_function(STILL)
        viewer.reload()  # as in the next room: it was chosen for all of them
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
