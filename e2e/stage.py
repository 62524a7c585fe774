"""The stage of a room, and gifts published to it as the event stream does."""

from typing import Any

from playwright.sync_api import Page, expect

from e2e.room import open_bobs_room

# What the server tells of every gift, and of one that is taken back.
PUBLISH = """([kind, detail]) => document.dispatchEvent(new CustomEvent(`live:${kind}`, {
  detail: { at: new Date().toISOString(), coins: 25, quantity: 1, ...detail } }))"""
# A play's time runs once its scene is drawn.
RUNS = """(id) => Boolean(
  document.querySelector("[data-stage]").director.stage.running.get(id)?.forget)"""


def open_stage(page: Page) -> None:
    open_bobs_room(page)
    expect(page.locator(".stage__combo-lines")).to_be_attached()


def gift(page: Page, key: str, slug: str, kind: str, **more: Any) -> None:
    """Publish a gift to the page, as the event stream does."""
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
    page.evaluate(PUBLISH, ["gift", detail | more])


def play_on(page: Page, key: str, length_ms: int) -> None:
    """Let this much of a play's time pass at once. The page's clock is Playwright's."""
    page.wait_for_function(RUNS, arg=key)
    page.clock.run_for(length_ms)
