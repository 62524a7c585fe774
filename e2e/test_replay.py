"""A replay in a browser: a stream that was pushed and has ended, with a gift at its time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.encoder import address_for, end_stream, room_of
from e2e.pages import PATIENCE_MS
from e2e.site import Site
from video.tests.stage import pushing

pytestmark = pytest.mark.browser

# Two gifts and a message, three, six and nine seconds behind the first picture. Waits for them.
SEND = """import time
from datetime import UTC, datetime
from django.utils import timezone
from live.feed.events import publish
from live.models import Event, Stream
from video.replays import segments
from django.conf import settings
stream = Stream.objects.get(creator__handle="rosa")
folder = settings.VIDEO_DIR / stream.broadcasts.get().folder
for _ in range(600):
    found = segments.recorded(folder)
    if sum(one.seconds for one in found) > 13:
        break
    time.sleep(0.1)
gift = {"gift": "moss-frog", "name": "Moss Frog", "kind": "medium", "message": "",
    "art": "gifts/art/moss-frog.svg", "coins": 25, "quantity": 1, "duration_ms": 3000,
    "from": "Alice", "handle": "nobody", "combo": None}
for second, kind, payload in (
    (3, "gift", gift | {"id": "first"}),
    (6, "chat", {"from": "Mira", "handle": "nobody2", "text": "What a night"}),
    (9, "gift", gift | {"id": "second", "from": "Kofi"}),
):
    event = publish(stream_id=stream.pk, kind=kind, payload=payload)
    at = datetime.fromtimestamp(found[0].began + second, UTC)
    Event.objects.filter(pk=event.pk).update(created_at=at)"""
PATIENCE = 5 * PATIENCE_MS
TIME = "document.querySelector('video[data-replay]').currentTime"
PLAYS = """from => {
  const video = document.querySelector("video[data-replay]");
  return video && video.videoWidth === 320 && video.currentTime > from;
}"""


def test_a_stream_that_has_ended_plays_again_with_its_gifts_at_their_time(
    site: Site, newcomer: Callable[..., Page], signed_in: Callable[..., Page]
) -> None:
    viewer = newcomer(video=True)
    with pushing(address_for(site, "rosa")):
        room = room_of(site, viewer, "rosa")
        viewer.goto(room)
        site.shell(SEND)
        end_stream(site, "rosa")
        expect(viewer.get_by_text("This stream has ended.")).to_be_visible()
        viewer.get_by_role("link", name="Watch the replay").click(timeout=PATIENCE)
    viewer.wait_for_function(PLAYS, arg=0.2, timeout=PATIENCE)
    gifts = viewer.locator("[data-chat] .line-gift")
    said = viewer.locator("[data-chat] .line", has_text="What a night")

    first = gifts.filter(has_text="Alice")
    expect(first).to_be_visible(timeout=PATIENCE)
    assert viewer.evaluate(TIME) >= 3
    expect(said).to_be_visible(timeout=PATIENCE)
    assert viewer.evaluate(TIME) >= 6

    place = viewer.get_by_role("slider", name="Place in the replay")
    place.fill("8")  # behind the message, before the second gift
    expect(first).to_have_count(0)
    expect(said).to_be_visible()
    expect(gifts.filter(has_text="Kofi")).to_be_visible(timeout=PATIENCE)
    assert viewer.evaluate(TIME) >= 9

    place.fill("2")  # and back: all of it comes again
    expect(gifts).to_have_count(0)
    expect(first).to_be_visible(timeout=PATIENCE)

    sends_on_the_replay(signed_in("alice", video=True), room)
    viewer.goto(f"{room}?t=5")  # everybody sees it at its place from now on
    expect(gifts.filter(has_text="Tiny Kettle")).to_be_visible(timeout=PATIENCE)
    assert viewer.evaluate(TIME) >= 6


def sends_on_the_replay(fan: Page, room: str) -> None:
    """Send at the sixth second: the page shows it at once, and takes away what is undone."""
    fan.goto(f"{room}?t=6")
    tile = fan.locator("[data-slug=tiny-kettle]")
    tile.locator(".tile__face").click(timeout=PATIENCE)
    fan.wait_for_function(PLAYS, arg=6, timeout=PATIENCE)
    fan.get_by_role("button", name="Pause").click()
    sent = fan.locator("[data-chat] .line-gift", has_text="Tiny Kettle")
    tile.locator(".tile__send").click()
    expect(sent).to_be_visible()
    fan.get_by_role("button", name="Undo").click()
    expect(sent).to_have_count(0)
    tile.locator(".tile__send").click()
    expect(sent).to_be_visible()
