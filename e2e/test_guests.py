"""A guest beside the creator: pretended cameras, both seen at one moment; muted, cut, removed."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.camera import show_me
from e2e.pages import DEVICES, PATIENCE, PATIENCE_MS
from e2e.site import Site
from tools.browser import FLAGS, chromium

pytestmark = pytest.mark.browser

MAKE = """from conftest import person
from accounts.models import Creator
greta = person("greta", is_creator=True)
Creator.objects.create(user=greta)
person("gil")"""
ROOM = """from live.models import Stream
print(Stream.objects.get(creator__handle="greta").public_id)"""
# Both move, and the guest's picture is at the creator's moment.
IN_STEP = """() => {
  const tile = document.querySelector(".guest-tile[data-guest]:not([hidden])");
  const [own, theirs] = [document.querySelector("video[data-video]"), tile?.querySelector("video")];
  if (!theirs?.videoWidth || theirs.hidden || !own.videoWidth) return false;
  globalThis.began ??= [own.currentTime, theirs.currentTime];
  const [a, b] = globalThis.began;
  const off = Math.abs(Number(tile.dataset.off ?? NaN));
  return own.currentTime - a > 2 && theirs.currentTime - b > 2 && off < 1;
}"""


@pytest.fixture
def studio(browser: Browser) -> Iterator[Callable[[str, Site], Page]]:
    """Return what signs a person in, in a browser of their own with pretended devices."""
    opened = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *DEVICES])
    contexts: list[BrowserContext] = []

    def signed_in(handle: str, site: Site) -> Page:
        context = opened.new_context(base_url=site.url, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/account/login/")
        page.get_by_label("Email").fill(f"{handle}@example.com")
        page.get_by_label("Password", exact=True).fill("harbour-night-7")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{site.url}/", wait_until="commit")
        return page

    yield signed_in
    opened.close()


def sends(page: Page, begin: str) -> None:
    page.get_by_label("Quality").select_option("small")
    show_me(page)
    page.get_by_role("button", name=begin).click()
    live = page.get_by_role("status").filter(has_text=re.compile(r"^You are (live|on)\."))
    expect(live).to_be_visible(timeout=PATIENCE)


def test_a_guest_asks_is_seen_in_step_muted_cut_and_removed(
    site: Site, studio: Callable[[str, Site], Page], newcomer: Callable[..., Page]
) -> None:
    site.shell(MAKE)
    greta = studio("greta", site)
    greta.goto("/studio/go-live/camera/")
    sends(greta, "Go live")
    room = f"/live/{site.shell(ROOM).split()[-1]}/"
    console = greta.context.new_page()
    console.goto("/studio/live/")
    console.get_by_label("Who can be a guest").select_option("anyone")

    gil = studio("gil", site)
    gil.goto(room)
    gil.get_by_role("button", name="Join as a guest").click()
    expect(gil.get_by_text("You asked to join.")).to_be_visible()
    console.get_by_role("button", name="Let in Gil").click()
    gil.get_by_role("link", name="My camera").click()
    sends(gil, "Go on")

    fan = newcomer(video=True)
    fan.goto(room)
    fan.wait_for_function(IN_STEP, timeout=PATIENCE)
    expect(fan.locator(".guest-tile [data-guest-tile-name]")).to_have_text("Gil")

    console.get_by_role("button", name="Mute Gil", exact=True).click()
    expect(fan.locator("[data-guest-tile-muted]").first).to_be_visible()
    expect(gil.get_by_text("You were muted by")).to_be_visible()
    fan.get_by_role("button", name="Unmute").click()
    muted = "[...document.querySelectorAll('video')].map((video) => video.muted)"
    assert fan.evaluate(muted) == [False, True]
    console.get_by_role("button", name="Unmute Gil").click()
    expect(fan.locator("[data-guest-tile-muted]").first).to_be_hidden()
    assert fan.evaluate(muted) == [False, False]

    gil.get_by_role("button", name="Stop sending").click()
    gap = fan.locator("[data-guest-tile-gap]").first
    expect(gap).to_be_visible(timeout=PATIENCE)
    expect(fan.locator("[data-gap]")).to_be_hidden()  # the creator's picture goes on
    gil.get_by_role("button", name="Go on").click()
    expect(gap).to_be_hidden(timeout=PATIENCE)
    fan.evaluate("() => { globalThis.began = undefined }")
    fan.wait_for_function(IN_STEP, timeout=PATIENCE)

    console.get_by_role("button", name="Remove Gil").click()
    expect(fan.locator(".guest-tile[data-guest]")).to_have_count(0)
    expect(gil.get_by_role("link", name="Back to the room")).to_be_visible()
    expect(console.get_by_text("0 of 4 on")).to_be_visible()
