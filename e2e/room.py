"""A room as people use it: open it, choose and send a gift, write a message."""

import re
from contextlib import nullcontext

from playwright.sync_api import Page, expect

from e2e.pages import hearing

PHONE = {"width": 390, "height": 844}
# The room's video plays, though nobody sends any.
VIDEO = """() => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  const video = document.querySelector("video[data-video]");
  video.srcObject = canvas.captureStream(5);
  video.hidden = false;
  video.play();
}"""


def room_address(page: Page, title: str) -> str:
    """Return the address of the room that this person's first page links to."""
    home = page.request.get("/").text()
    found = re.search(rf'href="(/live/[^"]+)"[^>]*>{title}', home)
    assert found, home
    return found[1]


def open_bobs_room(page: Page) -> None:
    open_room(page, "Night guitar", said=False)
    expect(page.locator("[data-stage]")).to_be_attached()


def choose(page: Page, slug: str) -> None:
    page.locator(f"label[for=gift-{slug}]").click()


def choose_by_label(page: Page, name: str) -> None:
    """Press the label of a radio button by the button's name: what people see and press."""
    radio = page.get_by_role("radio", name=re.compile(name)).first
    radio.locator("xpath=ancestor::label").click()
    expect(radio).to_be_checked()


def press(page: Page, slug: str) -> None:
    page.locator(f"[data-slug={slug}] .tile__send").click()


def open_room(page: Page, title: str, *, scripts: bool = True, said: bool = True) -> None:
    """Open a room by how its title begins, and wait for its chat if something was said there.

    Without scripts nothing is listened to.
    """
    address = room_address(page, title)
    with hearing(page) if scripts else nullcontext():
        page.goto(address)
    if said:
        page.wait_for_selector(".line, [data-quiet]:not([hidden])", state="attached")


def talk(page: Page, words: str) -> None:
    page.get_by_placeholder("Say something", exact=True).fill(words)
    page.keyboard.press("Enter")
