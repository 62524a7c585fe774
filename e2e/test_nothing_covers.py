"""At five sizes nothing covers what it belongs to: room, coins, console, overlay.

Each page is opened once and made another size; boxes are compared once they have come to rest.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e import stage
from e2e.boxes import PHONE_BELOW, SIZES, all_apart
from e2e.pages import hearing
from e2e.room import VIDEO, choose_by_label
from e2e.site import Site
from e2e.stage import PUBLISH
from e2e.tray import at_bobs, button, undo_item

pytestmark = pytest.mark.browser

UNDO = "from gifts.models import GiftPolicy as P; P.objects.update(undo_small_seconds={})"
FAN = f"""
from conftest import give_coins, person
give_coins(person("boxes"), 100)
{UNDO.format(600)}
"""
LONG_MS = 60_000  # what plays stays until it is taken back
WORDS = "For the ferry, and for everybody who is still awake"
SAID = {"from": "Mateo", "handle": "mateo", "text": "What a night"}
GOAL = {"id": "1", "unit": "coins", "counted": 5, "target": 500, "title": "A lamp for the quay"}
TRAY = {"tray": ".tray", "undo": ".undo", "streak": ".combo-line:last-child"}
ROOM = {"host": ".host", "undo": ".undo", "newest line": "[data-chat] > :last-child"}
FULL = {"undo": ".undo", "words": ".play__caption", "skip": ".play__skip"}
PHONE_ROOM = ROOM | {"message field": ".bar-say", "video's buttons": "[data-controls]"}


def publish(page: Page, kind: str, detail: dict[str, Any]) -> None:
    page.evaluate(PUBLISH, [kind, detail])


@contextmanager
def playing(page: Page, slug: str, kind: str) -> Iterator[None]:
    """Let a gift play until the next one."""
    key = str(uuid.uuid4())
    stage.gift(page, key, slug, kind, duration_ms=LONG_MS, message=WORDS)
    expect(page.locator(f".play-{kind} .play__caption")).to_be_visible()
    yield
    publish(page, "undo", {"id": key, "quantity": 1})
    expect(page.locator(f".play-{kind}")).to_have_count(0)


def test_in_a_room_tray_undo_streak_chat_and_words_of_a_gift_keep_apart(
    signed_in: Callable[..., Page], site: Site
) -> None:
    site.shell(FAN)
    page, _ = at_bobs(signed_in, "pebble", who="boxes")
    page.evaluate(VIDEO)  # its buttons are there with a picture
    publish(page, "goal", GOAL)
    button(page, "pebble").click()
    expect(undo_item(page)).to_be_visible()
    site.shell(UNDO.format(5))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        phone = width < PHONE_BELOW
        publish(page, "chat", {**SAID, "event_id": 0})
        for number in range(2):  # the line of a streak leaves after some seconds
            key = f"streak-{width}-{number}"
            stage.gift(page, key, "pebble", "sticker", combo=f"streak-{width}")
        if phone:
            page.locator("[data-open=gift-tray]").click()
        chat = {} if height < 800 else {"newest line": ROOM["newest line"]}
        all_apart(page, TRAY | chat | {"host": ".host"})
        if phone:
            page.locator(".tray__close").click()
        things = PHONE_ROOM if phone else ROOM | {"tray": ".tray"}
        all_apart(page, things | ({"goal": ".goal"} if phone else {}))
        for slug, kind in (("brass-snail", "medium"), ("clockwork-fox", "large")):
            with playing(page, slug, kind):
                all_apart(page, things | {"words": ".play__caption"})
        with playing(page, "storm-choir", "full"):
            all_apart(page, FULL)


def test_on_the_coins_page_the_chosen_pack_is_seen_whole_beside_the_pay_button(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("alice")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/coins/?coins=5000")  # the address chose it
    things = {"chosen pack": ".price-card:has(:checked)", "pay": ".dock #pay"}
    all_apart(page, things | {"tab bar": ".tabbar"})
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        choose_by_label(page, r"\b100\b")
        for _ in range(6):
            all_apart(page, things | ({"tab bar": ".tabbar"} if width < PHONE_BELOW else {}))
            page.keyboard.press("ArrowDown")


def test_in_the_console_the_message_field_is_seen_whole(signed_in: Callable[..., Page]) -> None:
    page = signed_in("bob")
    with hearing(page):
        page.goto("/studio/live/")
    things = {"newest line": "[data-chat] > :last-child", "message field": ".chat-form"}
    things |= {"header": ".header"}
    page.set_viewport_size({"width": 360, "height": 640})
    page.locator("[data-view=chat]").click()
    for number in range(40):  # the lines come to a chat that is open
        publish(page, "chat", {**SAID, "event_id": -1 - number})
    expect(page.locator("[data-chat] > *").nth(39)).to_be_attached()
    all_apart(page, things | {"tab bar": ".tabbar"})
    for width, height in [*SIZES, (900, 900), (1024, 900)]:
        page.set_viewport_size({"width": width, "height": height})
        chat = page.locator("[data-view=chat]")
        if chat.is_visible():
            chat.click()
        all_apart(page, things | ({"tab bar": ".tabbar"} if width < PHONE_BELOW else {}))


CARD = {"card": ".alert"}
PANELS = CARD | {"goal": ".goal", "latest": ".ticker__one:first-child"}
ALERTS = [
    ("pebble", "sticker", PANELS | {"supporters": ".overlay__supporters .panel"}),
    ("moss-frog", "small", PANELS | {"supporters": ".overlay__supporters .panel"}),
    ("brass-snail", "medium", PANELS),
    ("clockwork-fox", "large", CARD),
    ("tide-hello", "large", CARD),
    ("night-market", "large", CARD),
]
SCENES = {
    "clockwork-fox": ".fox__seat, .fox__wheel",
    "tide-hello": ".tide__hero, .tide__foam text",
    "night-market": ".market__stall, .market__sign",
}
FILLED = {
    "goal": GOAL,
    "supporters": [{"name": f"Supporter {one}", "coins": 900} for one in range(5)],
}


def fill(route: Route) -> None:
    """Answer with the overlay's state, and with everything in it that it can show."""
    state = route.fetch().json() | FILLED
    state["settings"] |= {"show_goal": True, "show_supporters": True, "show_ticker": True}
    route.fulfill(json=state)


def test_in_the_overlay_card_scene_and_panels_keep_apart(
    signed_in: Callable[..., Page], browser: Browser
) -> None:
    creator = signed_in("bob")
    creator.goto("/studio/overlay/")
    address = creator.locator(".addresses [data-copy]").first.get_attribute("data-copy")
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/state/**", fill)
    with page.expect_response(re.compile("/live/events/")):
        page.goto(f"{address}?preview=1")
    expect(page.locator(".ticker__one").first).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for slug, kind, things in ALERTS:
            key = f"{slug}-{width}"
            art = f"gifts/art/{slug}.svg"
            one = {"id": key, "gift": slug, "name": slug, "kind": kind, "art": art, "coins": 25}
            more = {"quantity": 1, "message": WORDS, "combo": None, "from": "Noor", "test": True}
            publish(page, "test", one | more | {"duration_ms": LONG_MS})
            expect(page.locator(f".play-{kind} .play__scene *").first).to_be_attached()
            all_apart(page, things | {"scene": SCENES.get(slug, f".play-{kind} .play__scene")})
            publish(page, "alerts", {"do": "skip"})
            expect(page.locator(".alert")).to_have_count(0)
    context.close()
