"""Lighthouse's scores of the pages that people open most, on a site started for it.

`make lighthouse`. Needs Chromium; Lighthouse itself comes from npm, by the Node of `make install`.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import BrowserContext, sync_playwright

from e2e.site import Site
from tools.browser import FLAGS, chromium

BIN = Path(sys.executable).parent
LIGHTHOUSE = "lighthouse@13.5.0"
RESULTS = Path(__file__).parent / "results" / "lighthouse.json"
AT_LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
TRIES = 3
LINE = "{:16}{:8}{:>12}{:>15}{:>16}"
SIZES = {"desk": ["--preset=desktop"], "phone": []}


class Visit(NamedTuple):
    """A page and the handle of the person who opens it; empty for a visitor."""

    name: str
    address: str
    handle: str


class Scores(NamedTuple):
    """Lighthouse's scores for one page at one size, of 100 each."""

    page: str
    size: str
    performance: int
    accessibility: int
    best_practices: int

    @property
    def good(self) -> bool:
        """Whether every score is as high as it has to be."""
        least = AT_LEAST.values()
        return all(score >= bar for score, bar in zip(self[2:], least, strict=True))


def profiles(site: Site, folder: Path) -> dict[str, Path]:
    """Sign the demo's people in; return for each a browser profile that stays signed in.

    A header for each request would not do: what a page asks for by itself goes without it.
    """
    # The site may answer before its greeting is printed.
    while not (said := re.search(r"with the password (\S+)", "".join(site.printed))):
        time.sleep(0.2)
    found = {"": folder / "visitor"}
    with sync_playwright() as playwright:
        for handle in ("alice", "bob"):
            found[handle] = folder / handle
            context = playwright.chromium.launch_persistent_context(
                found[handle],
                executable_path=chromium(),
                args=FLAGS,
                base_url=site.url,
                locale="en-GB",
            )
            page = context.new_page()
            page.goto("/account/login/")
            page.get_by_label("Email").fill(f"{handle}@example.com")
            page.get_by_label("Password", exact=True).fill(said[1])
            page.keyboard.press("Enter")
            page.wait_for_url(f"{site.url}/")
            keep(context)
            context.close()
    return found


def keep(context: BrowserContext) -> None:
    """Let the session's cookie outlive the browser: without a date it is never written to disk."""
    tomorrow = time.time() + 24 * 3600
    for cookie in context.cookies():
        context.add_cookies(
            [
                {
                    "name": cookie.get("name", ""),
                    "value": cookie.get("value", ""),
                    "domain": cookie.get("domain", ""),
                    "path": cookie.get("path", "/"),
                    "httpOnly": cookie.get("httpOnly", False),
                    "sameSite": cookie.get("sameSite", "Lax"),
                    "expires": tomorrow,
                }
            ]
        )


def first_room(site: Site) -> str:
    """Return the address of a room that is on air."""
    with urllib.request.urlopen(f"{site.url}/", timeout=30) as answer:
        room = re.search(r'href="(/live/[^"]+)"', answer.read().decode())
    assert room
    return room[1]


def visits(room: str) -> Iterator[Visit]:
    """Return the pages: the room, coins and the studio, and what stands beside them."""
    yield Visit("room, visitor", room, "")
    yield Visit("room, fan", room, "alice")
    yield Visit("coins", "/coins/", "alice")
    yield Visit("studio", "/studio/", "bob")
    yield Visit("console", "/studio/live/", "bob")
    yield Visit("gifts", "/gifts/", "")


def look(site: Site, visit: Visit, size: str, profile: Path, folder: Path) -> Scores:
    """Let Lighthouse open one page with a person's profile and return its scores."""
    report = folder / "report.json"
    command = [
        *(
            str(BIN / "npx"),
            "--yes",
            LIGHTHOUSE,
            f"{site.url}{visit.address}",
            "--quiet",
            *SIZES[size],
        ),
        *("--only-categories=performance,accessibility,best-practices", "--output=json"),
        f"--output-path={report}",
        f"--chrome-flags={' '.join([*FLAGS, f'--user-data-dir={profile}'])}",
    ]
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"CHROME_PATH": chromium() or "", "PATH": path}
    # Now and then Chromium loses the trace of a page, and Lighthouse says so: run it again.
    for _try in range(TRIES):
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=180, check=False
        )
        if done.returncode == 0:
            break
    else:
        raise SystemExit(done.stderr.decode())
    categories = json.loads(report.read_text())["categories"]
    scores = [round(100 * categories[name]["score"]) for name in AT_LEAST]
    return Scores(visit.name, size, *scores)


def main() -> None:
    """Print a line a page and size, write all of them down, fail if one is too low."""
    if chromium() is None or not (BIN / "npx").exists():
        sys.exit("This needs Chromium (apt-get install chromium) and Node (make install)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder / "site")
        site.environment["COMPRESS_STATIC"] = "true"  # as in production
        site.start()
        try:
            known = profiles(site, folder)
            print(LINE.format("page", "size", "performance", "accessibility", "best practices"))
            found = []
            for visit in visits(first_room(site)):
                for size in SIZES:
                    scores = look(site, visit, size, known[visit.handle], folder)
                    print(LINE.format(*scores), flush=True)
                    found.append(scores)
        finally:
            site.stop()
    RESULTS.write_text(json.dumps([scores._asdict() for scores in found], indent=1) + "\n")
    if low := [f"{scores.page} ({scores.size})" for scores in found if not scores.good]:
        sys.exit(f"Too low: {', '.join(low)}")


if __name__ == "__main__":
    main()
