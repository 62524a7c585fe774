"""Going live with the browser's camera: pretended devices, the real page, a fan who sees it."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.camera import show_me
from e2e.pages import DEVICES, PATIENCE, PATIENCE_MS
from e2e.site import Site
from tools.browser import FLAGS, chromium

pytestmark = pytest.mark.browser

MAKE = 'from conftest import person; person("nora", is_creator=True)'
ROOM = """from live.models import Stream
print(Stream.objects.get(creator__handle="nora").public_id)"""
MOVES = """() => {
  const video = document.querySelector("video[data-video]");
  if (!video || video.videoWidth < 600 || video.hidden) return false;
  const moved = video.currentTime - (globalThis.since ?? video.currentTime);
  globalThis.since ??= video.currentTime;
  return moved > 1;
}"""


def test_a_creator_goes_live_with_the_camera_and_survives_a_killed_server(
    site: Site, browser: Browser, newcomer: Callable[..., Page]
) -> None:
    site.shell(MAKE)
    studio = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *DEVICES])
    try:
        page = studio.new_page(base_url=site.url, locale="en-GB")
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/account/login/")
        page.get_by_label("Email").fill("nora@example.com")
        page.get_by_label("Password", exact=True).fill("harbour-night-7")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{site.url}/", wait_until="commit")

        page.goto("/studio/go-live/")
        page.get_by_role("link", name="Open the camera").click()
        show_me(page)
        page.wait_for_function("() => document.querySelector('[data-level]').value > 0")
        page.get_by_label("Title").fill("Tea and ink")
        page.get_by_role("button", name="Go live").click()
        live = page.get_by_role("status").filter(has_text="You are live.")
        expect(live).to_be_visible(timeout=PATIENCE)

        viewer = newcomer(video=True)
        viewer.goto(f"/live/{site.shell(ROOM).split()[-1]}/")
        expect(viewer.locator(".host__title")).to_have_text("Tea and ink")
        viewer.wait_for_function(MOVES, timeout=PATIENCE)

        for process in site.web_processes():
            os.kill(process, signal.SIGKILL)
        expect(page.get_by_role("status").filter(has_text="was cut")).to_be_visible()
        expect(live).to_be_visible(timeout=PATIENCE)
        viewer.evaluate("() => { globalThis.since = undefined }")
        viewer.wait_for_function(MOVES, timeout=PATIENCE)

        page.get_by_text("Sound only").click()  # while live: the picture is away for a moment
        expect(page.locator("[data-live]")).to_be_hidden()
        expect(live).to_be_visible(timeout=PATIENCE)
        viewer.evaluate("() => { globalThis.since = undefined }")
        viewer.wait_for_function(MOVES, timeout=PATIENCE)

        page.get_by_role("button", name="Stop sending").click()
        expect(viewer.get_by_text("Back in a moment")).to_be_visible(timeout=PATIENCE)
    finally:
        studio.close()
