"""Blocking a person, from the creator's console to the blocked person's room and back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.room import PHONE, choose, open_room, press, talk
from e2e.tray import show_name

pytestmark = pytest.mark.browser
TITLE = "Midnight baking: rye and caraway"
CLOSED = "@ines has blocked you from chat and gifts."


def test_a_line_of_chat_blocks_by_keyboard_and_the_press_can_be_taken_back(
    signed_in: Callable[..., Page],
) -> None:
    creator, fan = signed_in("ines"), signed_in("june", **PHONE)
    creator.goto("/studio/live/")
    open_room(fan, TITLE)
    talk(fan, "Buy my bread instead")
    line = creator.locator("[data-chat-line]", has_text="Buy my bread instead")
    expect(line).to_be_visible()

    line.get_by_role("button", name="More actions").focus()
    creator.keyboard.press("Enter")
    creator.keyboard.press("Tab")
    expect(line.get_by_role("button", name="Block June")).to_be_focused()
    creator.keyboard.press("Enter")
    expect(line.get_by_text("June is blocked.")).to_be_visible()
    expect(line.get_by_role("button", name="Undo")).to_be_focused()

    talk(fan, "And my jam")  # the page was open before: it is refused in words, and kept
    expect(fan.get_by_text("@ines has blocked you from chatting.")).to_be_visible()
    fan.reload()
    expect(fan.get_by_text(CLOSED)).to_be_visible()
    expect(fan.locator(".line", has_text="Buy my bread instead")).to_be_visible()
    expect(fan.locator("[data-say], .bar-say__gift")).to_have_count(0)

    creator.keyboard.press("Enter")
    expect(line.get_by_text("June is blocked.")).to_have_count(0)
    expect(line.get_by_role("button", name="More actions")).to_be_focused()
    fan.reload()
    talk(fan, "Sorry for that")
    expect(creator.locator("[data-chat-line]", has_text="Sorry for that")).to_be_visible()


def test_a_gift_without_a_name_blocks_somebody_who_stays_unknown(
    signed_in: Callable[..., Page],
) -> None:
    creator, fan = signed_in("ines", **PHONE), signed_in("noor")
    creator.goto("/studio/live/")
    open_room(fan, TITLE)
    choose(fan, "matchlight")
    fan.get_by_placeholder("Add a message").fill("Guess who")
    show_name(fan, "Nowhere")
    press(fan, "matchlight")

    line = creator.locator("[data-line]", has_text="Guess who")
    line.get_by_role("button", name="More actions").click()
    line.get_by_role("button", name="Block the sender").click()
    expect(line.get_by_text("The sender is blocked.")).to_be_visible()
    fan.reload()
    expect(fan.get_by_text("@ines doesn't accept gifts from you.")).to_be_visible()
    expect(fan.get_by_text(CLOSED)).to_be_visible()

    creator.get_by_role("link", name="Blocked people").click()
    row = creator.locator("[data-person-line]")
    expect(row).to_contain_text("Anonymous after a gift on")
    assert "noor" not in creator.content().lower()
    row.get_by_role("button", name="Unblock").click()
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    fan.reload()
    expect(fan.get_by_placeholder("Say something", exact=True)).to_be_enabled()
