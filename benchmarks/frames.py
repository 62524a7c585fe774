"""Frames a second of a room's page with fifty gifts a second, beside the same page with none.

    make bench-frames                          its own site, five rounds of both in turn
    python -m benchmarks.frames --url http://localhost:8000/live/...    a room that is open already

The browser's own frame clock counts (`requestAnimationFrame`). Rounds with and without gifts take
turns in one browser, so what else the machine does weighs on both. It also counts: what the page
says it has seen must be what arrived.
"""

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from playwright.sync_api import Page, sync_playwright

from tools.browser import FLAGS, chromium

PER_SECOND = 50
SENDERS = 40
# Of a hundred gifts, as they are sent: most are small.
SHARES = {"sticker": 62, "small": 24, "medium": 9, "large": 3, "full": 2}
LEAST = 0.9

COUNT_FRAMES = """([gifts, perSecond, ms]) => new Promise((done) => {
  const tell = (detail) => document.dispatchEvent(new CustomEvent("live:gift", {
    detail: { ...detail, id: crypto.randomUUID(), at: new Date().toISOString() } }));
  const began = performance.now();
  const gaps = [];
  let frames = 0, sent = 0, last = began;
  const slow = [];
  const note = (list) => slow.push(...list.getEntries().map((one) => one.duration));
  const watch = new PerformanceObserver(note);
  watch.observe({ type: "longtask" });
  const rain = gifts.length && setInterval(() => {
    const due = Math.floor((performance.now() - began) / 1000 * perSecond);
    while (sent < due) tell(gifts[sent++ % gifts.length]);
  }, 1000 / perSecond);
  const frame = (now) => {
    frames += 1;
    gaps.push(now - last);
    last = now;
    if (now - began < ms) return requestAnimationFrame(frame);
    clearInterval(rain);
    watch.disconnect();
    gaps.sort((a, b) => a - b);
    done({ perSecond: frames / (now - began) * 1000, sent, longTasks: slow.length,
           longest: Math.max(0, ...slow), late: gaps[Math.floor(gaps.length * 0.99)] });
  };
  requestAnimationFrame(frame);
})"""


CATALOGUE = Path(__file__).parent.parent / "giftplatform" / "data" / "economy.yaml"


def rain(count: int) -> list[dict[str, Any]]:
    """Return gifts as a busy room sends them, the same ones every time."""
    chance = random.Random(4)
    catalogue: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SHARES}
    for slug, coins, kind, duration, _ in yaml.safe_load(CATALOGUE.read_text())["gifts"]:
        catalogue[kind].append(
            {
                "gift": slug,
                "name": slug.replace("-", " ").title(),
                "kind": kind,
                "art": f"gifts/art/{slug}.svg",
                "motion": "",
                "duration_ms": duration,
                "coins": coins,
                "quantity": 1,
                "message": "",
            }
        )
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    gifts = []
    for kind in kinds:
        fan = chance.randrange(SENDERS)
        who = {"from": f"Fan {fan}", "handle": f"fan{fan}", "combo": None, "private": False}
        gifts.append(chance.choice(catalogue[kind]) | who)
    return gifts


def seen(page: Page, gifts: list[dict[str, Any]], seconds: float) -> dict[str, float]:
    """Count the frames of a page for so long, with these gifts arriving."""
    found: dict[str, float] = page.evaluate(COUNT_FRAMES, [gifts, PER_SECOND, seconds * 1000])
    return found


@contextmanager
def rooms(url: str | None) -> Iterator[str]:
    """Yield the address of a room on air: the one that was named, or one of a site of its own."""
    if url:
        yield url
        return
    from e2e.site import Site

    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.start()
        try:
            yield site.url
        finally:
            site.stop()


def enter(page: Page, url: str) -> None:
    """Open a room, from the site's first page if it is not one itself."""
    page.goto(url)
    if "/live/" not in url:
        room = page.locator('a[href^="/live/"]').first.get_attribute("href")
        page.goto(urljoin(url, room or ""))
    page.locator("[data-stage][data-dressed]").wait_for(state="attached")
    page.wait_for_timeout(1_500)


def measure(url: str, *, rounds: int, seconds: float, kinds: list[str]) -> list[float]:
    """Print every round and return the ratios."""
    gifts = [one for one in rain(4_000) if not kinds or one["kind"] in kinds]
    ratios = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for number in range(1, rounds + 1):
            figures = {}
            for name, coming in (("without", []), ("with", gifts)):
                page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
                enter(page, url)
                if coming:  # what is fetched once is fetched before the clock runs
                    seen(page, coming, 3)
                figures[name] = seen(page, coming, seconds)
                page.context.close()
            ratio = figures["with"]["perSecond"] / figures["without"]["perSecond"]
            ratios.append(ratio)
            print(f"round {number}: {told(figures['without'], figures['with'])}: {ratio:.2f}")
        browser.close()
    return ratios


def told(without: dict[str, float], rained: dict[str, float]) -> str:
    """Return what one round found."""
    return (
        f"{without['perSecond']:.1f} frames/s without, {rained['perSecond']:.1f} with "
        f"{rained['sent']:.0f} gifts (tasks over 50 ms: {without['longTasks']:.0f} and "
        f"{rained['longTasks']:.0f}, the longest {rained['longest']:.0f} ms)"
    )


def main() -> None:
    """Measure and exit with 1 when the ratio is below what is promised."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--kinds", nargs="*", default=[], choices=list(SHARES))
    asked = parser.parse_args()
    with rooms(asked.url) as url:
        ratios = measure(url, rounds=asked.rounds, seconds=asked.seconds, kinds=asked.kinds)
    middle = statistics.median(ratios)
    print(f"frames with gifts / without: {middle:.2f} (median; at least {LEAST})")
    if middle < LEAST:
        sys.exit(1)


if __name__ == "__main__":
    main()
