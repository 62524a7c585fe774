"""The stage of a room, told of gifts as the event stream tells it."""

from typing import Any

from playwright.sync_api import Page, expect

from e2e.room import open_bobs_room

TELL = """([kind, detail]) => document.dispatchEvent(
  new CustomEvent(`live:${kind}`, { detail: { at: new Date().toISOString(), ...detail } }))"""


def open_stage(page: Page) -> None:
    open_bobs_room(page)
    expect(page.locator(".stage__combo-lines")).to_be_attached()


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
