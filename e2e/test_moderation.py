"""A moderator hides a message: for viewers in the room, and for those who come later."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.site import Site

pytestmark = pytest.mark.browser
TITLE = "A vase for the new house"


def test_a_moderator_hides_a_line_from_everybody(
    newcomer: Callable[..., Page], signed_in: Callable[..., Page], site: Site
) -> None:
    creator, helper, fan, watcher = (
        signed_in("mira"),
        signed_in("june"),
        signed_in("sam"),
        newcomer(),
    )
    creator.goto("/studio/moderators/")
    creator.get_by_label("Handle").fill("june")
    creator.get_by_role("button", name="Add", exact=True).click()
    expect(creator.locator(".person-line", has_text="@june")).to_be_visible()

    for page in (helper, fan, watcher):
        page.goto("/")
        page.get_by_role("link", name=TITLE).click()
    fan.get_by_placeholder("Say something", exact=True).fill("Rude words, said twice")
    fan.keyboard.press("Enter")
    line = watcher.locator(".line", has_text="Rude words, said twice")
    expect(line).to_have_count(1)

    helper.goto(helper.url + "moderate/")
    said = helper.locator("[data-chat-line]", has_text="Rude words, said twice")
    said.get_by_role("button", name="More actions").click()
    helper.get_by_role("button", name="Hide this message for everyone").click()
    expect(line).to_have_count(0)
    watcher.reload()
    watcher.wait_for_selector(".line, [data-quiet]:not([hidden])", state="attached")
    expect(watcher.get_by_text("Rude words, said twice")).to_have_count(0)
