"""A room as people use it: open it, choose and send a gift, write a message."""

import re
from contextlib import nullcontext

from playwright.sync_api import Page, expect

from e2e.pages import hearing

PHONE = {"width": 390, "height": 844}


def open_bobs_room(page: Page) -> None:
    page.goto("/")
    with hearing(page):
        page.get_by_role("link", name=re.compile("Night guitar")).first.click()
    expect(page.locator("[data-stage]")).to_be_attached()


def choose(page: Page, slug: str) -> None:
    page.locator(f"label[for=gift-{slug}]").click()


def press(page: Page, slug: str) -> None:
    page.locator(f"[data-slug={slug}] .tile__send").click()


def open_room(page: Page, title: str, *, scripts: bool = True) -> None:
    """Open a room by its title; without scripts nothing is listened to."""
    page.goto("/")
    with hearing(page) if scripts else nullcontext():
        page.get_by_role("link", name=title).click()
    page.wait_for_selector(".line, [data-quiet]:not([hidden])", state="attached")


def talk(page: Page, words: str) -> None:
    page.get_by_placeholder("Say something", exact=True).fill(words)
    page.keyboard.press("Enter")
