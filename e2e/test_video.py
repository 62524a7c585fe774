"""Live video in a browser: pushed as OBS does, seen in the room, missed, and back again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import PATIENCE_MS
from e2e.site import Site
from video.tests.stage import pushing

pytestmark = pytest.mark.browser

MAKE = """from conftest import person
from accounts.models import User
from video import stream_keys
vera = User.objects.filter(handle="vera").first() or person("vera", is_creator=True)
print(stream_keys.rotate(creator=vera))"""
ROOM = """from live.models import Stream
stream = Stream.objects.on_air().filter(creator__handle="vera").first()
print(stream.public_id if stream else "")"""
END = """from live.models import Stream
from live.streams.services import end
stream = Stream.objects.on_air().get(creator__handle="vera")
end(creator=stream.creator, stream=stream)"""

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
    url = f"rtmp://127.0.0.1:{site.rtmp_port}/live/{site.shell(MAKE).split()[-1]}"
    viewer = newcomer(video=True)
    patience = 5 * PATIENCE_MS
    with pushing(url):
        viewer.goto(f"/live/{room_of(site, viewer)}/")
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
        site.shell(END)
        expect(viewer.get_by_text("This stream has ended.")).to_be_visible()
        assert encoder.wait(60) != 0


LARGE = ("-f", "lavfi", "-i", "testsrc2=size=854x480:rate=15")
WIDTH = "document.querySelector('video[data-video]').videoWidth"


def test_a_viewer_chooses_the_small_rendition_and_keeps_it(
    site: Site, newcomer: Callable[..., Page]
) -> None:
    url = f"rtmp://127.0.0.1:{site.rtmp_port}/live/{site.shell(MAKE).split()[-1]}"
    viewer = newcomer(video=True)
    patience = 5 * PATIENCE_MS
    with pushing(url, source=LARGE):
        viewer.goto(f"/live/{room_of(site, viewer)}/")
        quality = viewer.get_by_label("Quality")
        expect(quality).to_be_visible(timeout=patience)
        quality.select_option("As it is sent")
        viewer.wait_for_function(f"() => {WIDTH} === 854", timeout=patience)
        quality.select_option("360p")
        viewer.wait_for_function(f"() => {WIDTH} === 640", timeout=patience)
        viewer.reload()
        viewer.wait_for_function(f"() => {WIDTH} === 640", timeout=patience)
        expect(quality).to_have_value("small")
        site.shell(END)


def room_of(site: Site, page: Page) -> str:
    """Return the number of Vera's room, which goes on air by itself."""
    for _ in range(100):
        if found := site.shell(ROOM).strip():
            return found
        page.wait_for_timeout(500)
    raise AssertionError("No stream went on air.")
