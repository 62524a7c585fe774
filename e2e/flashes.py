"""Whether a gift's scene flashes: WCAG 2.3.1, at most three general flashes in any one second.

    python -m e2e.flashes                         every large and full-screen gift
    python -m e2e.flashes storm-choir new-horizon
    python -m e2e.flashes --url http://localhost:8000/live/...    in a room that is open already

A scene is played by hand, a twentieth of a second at a time, so the answer is the same on every
machine. Each moment is photographed; a change counts when the relative luminance of a place rises
or falls by a tenth of the whole range, and when a quarter of the picture does so within the same
second. A flash is two such changes, there and back.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

from tools.browser import FLAGS, chromium

STEP_MS = 50
MOST_FLASHES = 3
CHANGE = 0.1
AREA = 0.25
ACROSS, DOWN = 48, 30  # places the picture is looked at in
CATALOGUE = Path(__file__).parent.parent / "giftplatform" / "data" / "economy.yaml"

PLAY = """async (gift) => {
  for (const one of document.querySelectorAll("video")) one.style.visibility = "hidden";
  window.scene = document.querySelector("[data-stage]").director.stage.play(gift, { manual: true });
  await window.scene.ready;
  window.scene.root.getAnimations().forEach((one) => one.finish());
}"""
SEEK = """(ms) => new Promise((done) => {
  window.scene.seek(ms);
  requestAnimationFrame(() => setTimeout(done));
})"""
LOOK = """async ([picture, across, down]) => {
  const image = await createImageBitmap(await (await fetch(picture)).blob());
  const canvas = new OffscreenCanvas(across, down);
  const ink = canvas.getContext("2d", { willReadFrequently: true });
  ink.imageSmoothingQuality = "high";
  ink.drawImage(image, 0, 0, across, down);
  const { data } = ink.getImageData(0, 0, across, down);
  const line = (share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  const seen = [];
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b] = [data[at], data[at + 1], data[at + 2]].map((one) => line(one / 255));
    seen.push(0.2126 * r + 0.7152 * g + 0.0722 * b);
  }
  return seen;
}"""


def changes(values: Iterable[float]) -> list[int]:
    """Return at which steps one place turned lighter or darker by a tenth, against the turn before.

    Slow swells count as one change, however many steps they take.
    """
    found = []
    low = high = None
    turn = 0
    for step, value in enumerate(values):
        low = value if low is None else min(low, value)
        high = value if high is None else max(high, value)
        if turn <= 0 and value - low >= CHANGE:
            turn, high = 1, value
            found.append(step)
        elif turn >= 0 and high - value >= CHANGE:
            turn, low = -1, value
            found.append(step)
    return found


def most_changes(pictures: list[list[float]], step_ms: int = STEP_MS) -> int:
    """Return how many opposing changes a quarter of the picture makes in the worst second."""
    places = [changes(values) for values in zip(*pictures, strict=True)]
    second = 1000 // step_ms
    worst = 0
    for start in range(max(1, len(pictures) - second + 1)):
        counts = sorted(
            (sum(start <= step < start + second for step in place) for place in places),
            reverse=True,
        )
        worst = max(worst, counts[int(len(counts) * AREA)])
    return worst


class Eye:
    """Looks at a page, quickly and coarsely."""

    def __init__(self, page: Page, desk: Page) -> None:
        self.page = page
        self.desk = desk
        self.lens = page.context.new_cdp_session(page)

    def see(self) -> list[float]:
        """Return the relative luminance of every place of what the page shows."""
        size = self.page.viewport_size
        assert size
        clip = {"x": 0, "y": 0, **size, "scale": ACROSS * 2 / size["width"]}
        shot = self.lens.send(
            "Page.captureScreenshot", {"format": "png", "clip": clip, "optimizeForSpeed": True}
        )
        picture = f"data:image/png;base64,{shot['data']}"
        seen: list[float] = self.desk.evaluate(LOOK, [picture, ACROSS, DOWN])
        return seen

    def watch(self, length_ms: int, step_ms: int = STEP_MS) -> list[list[float]]:
        """Return what `window.scene` shows from its beginning to its end."""
        pictures = []
        for moment in range(0, length_ms, step_ms):
            self.page.evaluate(SEEK, moment)
            pictures.append(self.see())
        return pictures


def large_ones() -> dict[str, dict[str, Any]]:
    """Return the gifts that fill the video or the page, as the room hears of them."""
    found = {}
    for slug, coins, kind, duration, _ in yaml.safe_load(CATALOGUE.read_text())["gifts"]:
        if kind in ("large", "full"):
            found[slug] = {
                "id": slug,
                "gift": slug,
                "name": slug.replace("-", " ").title(),
                "kind": kind,
                "art": f"gifts/art/{slug}.svg",
                "motion": "",
                "duration_ms": duration,
                "coins": coins,
                "quantity": 1,
                "message": "For the ferry home",
                "from": "Noor",
                "handle": "noor",
                "private": False,
            }
    return found


def played(page: Page, eye: Eye, gift: dict[str, Any]) -> int:
    """Play a gift by hand and return the changes of its worst second."""
    page.evaluate(PLAY, gift)
    pictures = eye.watch(gift["duration_ms"])
    page.evaluate("async () => { await window.scene.stop(); }")
    return most_changes(pictures)


def main() -> None:
    """Look at the gifts asked for; exit with 1 when one of them flashes."""
    from benchmarks.frames import enter, rooms

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--url")
    parser.add_argument("gifts", nargs="*", choices=[*large_ones(), []])
    asked = parser.parse_args()
    flashing = []
    with rooms(asked.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_context(viewport={"width": 960, "height": 600}).new_page()
        enter(page, url)
        eye = Eye(page, browser.new_page())
        for slug, gift in large_ones().items():
            if asked.gifts and slug not in asked.gifts:
                continue
            found = played(page, eye, gift)
            sys.stdout.write(f"{slug}: {found} changes, {found // 2} flashes in a second\n")
            sys.stdout.flush()
            if found // 2 > MOST_FLASHES:
                flashing.append(slug)
        browser.close()
    if flashing:
        sys.exit(f"More than {MOST_FLASHES} flashes in a second: {', '.join(flashing)}")


if __name__ == "__main__":
    main()
