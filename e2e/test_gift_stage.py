"""The stage over the video and the creator's console: what is shown, and what must not move."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.test_whole_way import choose, open_bobs_room, press

pytestmark = pytest.mark.browser

TELL = """([kind, detail]) => document.dispatchEvent(
  new CustomEvent(`live:${kind}`, { detail: { at: new Date().toISOString(), ...detail } }))"""


def open_stage(page: Page) -> None:
    open_bobs_room(page)
    expect(page.locator(".stage__streaks")).to_be_attached()


def gift(page: Page, key: str, slug: str, kind: str, **more: Any) -> None:
    """Tell the page of a gift, as the event stream does."""
    detail = {
        "id": key,
        "gift": slug,
        "name": slug.replace("-", " ").title(),
        "kind": kind,
        "art": f"gifts/art/{slug}.svg",
        "duration_ms": 6_000,
        "coins": 25,
        "quantity": 1,
        "message": "",
        "combo": None,
        "from": "Noor",
        "handle": "noor",
    }
    page.evaluate(TELL, ["gift", detail | more])


def test_a_full_gift_can_be_skipped_and_leaves_nothing(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full", message="For the ferry")
    show = page.locator(".act-full")
    expect(show).to_contain_text("Noor")
    expect(show).to_contain_text("For the ferry")
    show.get_by_role("button", name="Skip").click()
    expect(show).to_have_count(0)


def test_large_gifts_wait_their_turn_and_an_undo_takes_them_out(
    newcomer: Callable[..., Page],
) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full")
    gift(page, "b", "sky-orchard", "full")
    expect(page.locator(".act-full")).to_have_count(1)
    page.evaluate(TELL, ["undo", {"id": "b"}])
    page.evaluate(TELL, ["undo", {"id": "a"}])
    expect(page.locator(".act-full")).to_have_count(0)
    page.wait_for_timeout(400)
    expect(page.locator(".act-full")).to_have_count(0)


def test_a_streak_counts_up_in_place_and_down_again(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    for key in "abc":
        gift(page, key, "pebble", "sticker", combo="one")
    expect(page.locator(".streak")).to_have_count(1)
    expect(page.locator(".streak__count")).to_have_text("×3")
    page.evaluate(TELL, ["undo", {"id": "c"}])
    expect(page.locator(".streak__count")).to_have_text("×2")


def test_who_listens_hears_who_sent_what(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "moss-frog", "small")
    heard = page.locator("[data-stage] [role=status]")
    expect(heard).to_have_text("Noor sent a Moss Frog, 25 coins")


def test_who_wants_less_motion_sees_stills(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.emulate_media(reduced_motion="reduce")
    open_stage(page)
    gift(page, "a", "clockwork-fox", "large")
    scene = page.locator(".act-large .act__scene > *").first
    expect(scene).to_be_attached()
    running = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
    page.wait_for_timeout(700)
    assert page.evaluate(running) == 0


def test_what_is_old_is_not_played_again(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full", at="2026-01-01T00:00:00Z")
    page.wait_for_timeout(300)
    expect(page.locator(".act-full")).to_have_count(0)


def test_lines_of_the_console_do_not_move_under_the_pointer(
    signed_in: Callable[..., Page],
) -> None:
    bob, alice = signed_in("bob"), signed_in("alice")
    bob.goto("/studio/live/")
    open_bobs_room(alice)
    alice.wait_for_timeout(700)
    choose(alice, "good-bean")
    press(alice, "good-bean")
    first = bob.locator("[data-line]").first
    expect(first).to_contain_text("Good Bean")
    first.hover()
    choose(alice, "matchlight")
    press(alice, "matchlight")
    sign = bob.locator("[data-new]")
    expect(sign).to_contain_text("1 new")
    expect(bob.locator("[data-line]").first).to_contain_text("Good Bean")
    sign.click()
    expect(bob.locator("[data-line]").first).to_contain_text("Matchlight")
    bob.locator(".line__press").first.click()
    expect(bob.locator("[data-line]").first).to_have_class(re.compile("is-thanked"))
    expect(alice.locator(".stage__note")).to_contain_text("thanks Alice for Matchlight")
