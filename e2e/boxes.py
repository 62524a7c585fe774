"""Boxes of what a page shows: what covers another thing, is cut off or leaves the screen."""

from itertools import combinations
from typing import Any

from playwright.sync_api import Page

from giftplatform.tests.running import wait_until

SIZES = [(360, 640), (390, 844), (768, 1024), (1440, 900), (1920, 1080)]
PHONE_BELOW = 768
A_HAIR = 1  # pixel: edges may touch, and lie between two pixels

# Each thing that is seen, with its box as it is and as far as its frames let it through.
MEASURE = """(things) => Object.entries(things).flatMap(([name, selector]) =>
  [...document.querySelectorAll(selector)].filter((one) =>
    one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  ).map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    const seen = [Math.max(0, left), Math.max(0, top),
      Math.min(innerWidth, right), Math.min(innerHeight, bottom)];
    for (let at = one; at && !at.matches(":popover-open, :modal"); at = at.parentElement) {
      if (at === one || getComputedStyle(at).overflow === "visible") continue;
      const frame = at.getBoundingClientRect();
      seen[0] = Math.max(seen[0], frame.left); seen[1] = Math.max(seen[1], frame.top);
      seen[2] = Math.min(seen[2], frame.right); seen[3] = Math.min(seen[3], frame.bottom);
    }
    return { name, box: [left, top, right, bottom].map(Math.round), seen: seen.map(Math.round) };
  }))"""


def faults(page: Page, things: dict[str, str]) -> list[str]:
    """Return what is not seen, not whole, or covers another of these things, in a line each.

    What is called a scene may be cut: it is drawn over an edge.
    """
    found = page.evaluate(MEASURE, things)
    there = {one["name"] for one in found}
    wrong = [f"{name} is not seen" for name in things if name not in there]
    wrong += [
        f"{one['name']} is cut: {one['box']}"
        for one in found
        if one["name"] != "scene" and _cut(one)
    ]
    wrong += [
        f"{one['name']} {one['box']} and {other['name']} {other['box']} lie on each other"
        for one, other in combinations(found, 2)
        if one["name"] != other["name"] and _overlap(one["box"], other["box"])
    ]
    return wrong


def all_apart(page: Page, things: dict[str, str]) -> None:
    """Wait until each of these things is seen, whole, and none lies on another."""
    last: list[str] = []

    def looked() -> bool:
        last[:] = faults(page, things)
        return not last

    try:
        wait_until(looked, "boxes", patience_s=6)
    except AssertionError:
        raise AssertionError(f"{page.viewport_size}: " + "; ".join(last)) from None


def _cut(one: dict[str, Any]) -> bool:
    return any(
        abs(whole - seen) > A_HAIR for whole, seen in zip(one["box"], one["seen"], strict=True)
    )


def _overlap(one: list[int], other: list[int]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return min(across, down) > A_HAIR
