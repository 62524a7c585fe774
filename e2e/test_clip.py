"""A clip in a browser: made of what is live by a fan, watched by a stranger, deleted by the fan."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.encoder import address_for, end_stream, room_of
from e2e.pages import PATIENCE_MS
from e2e.site import Site
from video.tests.stage import pushing

pytestmark = pytest.mark.browser

FOLLOW = """from accounts.models import User
from live.streams.services import follow
who = {one.handle: one for one in User.objects.filter(handle__in=["alice", "clio"])}
follow(user=who["alice"], creator=who["clio"])"""
PATIENCE = 5 * PATIENCE_MS
LIVE = """() => {
  const video = document.querySelector("video[data-video]");
  return video.videoWidth === 320 && video.currentTime > 1;
}"""
CLIP = """() => {
  const video = document.querySelector("video[data-clip]");
  return video?.videoWidth === 320 && video.duration > 0 && video.duration <= 17;
}"""


def test_a_fan_makes_a_clip_that_a_stranger_watches(
    site: Site, newcomer: Callable[..., Page], signed_in: Callable[..., Page]
) -> None:
    with pushing(address_for(site, "clio")):
        fan = signed_in("alice", video=True)
        room = room_of(site, fan, "clio")
        site.shell(FOLLOW)
        fan.goto(room)
        fan.wait_for_function(LIVE, timeout=PATIENCE)
        with fan.expect_popup() as opened:  # the stream goes on in its own tab
            fan.get_by_role("link", name="Make a clip").click()
        clip = opened.value
        clip.get_by_role("button", name="Make the clip").click()
        expect(clip.get_by_text("Fill this in.")).to_be_visible()
        clip.get_by_label("Title").fill("The first song")
        clip.get_by_text("15 s", exact=True).click()
        clip.get_by_role("button", name="Make the clip").click()
        clip.wait_for_function(CLIP, timeout=PATIENCE)

        stranger = newcomer(video=True, width=390, height=844)
        stranger.goto(clip.url)
        stranger.wait_for_function(CLIP, timeout=PATIENCE)
        expect(stranger.get_by_role("heading", name="The first song")).to_be_visible()
        expect(stranger.get_by_text("Delete", exact=True)).to_have_count(0)
        stranger.get_by_role("link", name="Watch live").click()
        expect(stranger).to_have_url(f"{site.url}{room}")

        address = clip.url
        clip.get_by_text("Delete", exact=True).click()
        clip.get_by_role("button", name="Yes, delete it").click()
        expect(clip.get_by_text("Clip deleted.")).to_be_visible()
        answer = stranger.goto(address)
        assert answer
        assert answer.status == 404
        end_stream(site, "clio")
