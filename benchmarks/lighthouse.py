"""What Lighthouse says of the pages that people open most, on a site started for it: scores, and
on its phone what each page weighs and when its largest part is painted.

`make lighthouse`, or `ONLY='coins;order' make lighthouse` for some of them, which are printed and
not kept. Needs Chromium; Lighthouse itself comes from npm, by the Node of `make install`.
The weights stand in docs/performance.md.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, sync_playwright

from benchmarks.machine import cpu_model
from benchmarks.plan import PAGE
from e2e.site import Site
from tools.browser import FLAGS, chromium

BIN = Path(sys.executable).parent
LIGHTHOUSE = "lighthouse@13.5.0"
RESULTS = Path(__file__).parent / "results" / "lighthouse.json"
AT_LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
TRIES = 3
FIRST_PICTURE_S = 180
ONLY = os.environ.get("ONLY", "")
LINE = "{:16}{:8}{:>12}{:>15}{:>16}"
SIZES = {"desk": ["--preset=desktop"], "phone": []}
MARKS = ("<!-- make lighthouse writes from here -->\n", "<!-- to here -->\n")
SLOWEST_MS = 1_500  # of the largest part, on the page that each role opens most


class Visit(NamedTuple):
    """A page and the handle of the person who opens it; empty for a visitor.

    `favourite` is the page that a role opens most.
    """

    name: str
    address: str
    handle: str
    favourite: bool = False


class Weight(NamedTuple):
    """What one page weighs on the phone, in bytes, and when its largest part is painted."""

    page: str
    favourite: bool
    html_on_the_line: int
    html: int
    all_on_the_line: int
    requests: int
    lcp_ms: int

    @classmethod
    def of(cls, visit: Visit, audits: dict[str, Any]) -> "Weight":
        """Return what Lighthouse's audits say of a page."""
        asked = audits["network-requests"]["details"]["items"]
        [html] = [one for one in asked if one.get("resourceType") == "Document"]
        return cls(
            visit.name,
            visit.favourite,
            html["transferSize"],
            html["resourceSize"],
            sum(one["transferSize"] for one in asked),
            len(asked),
            round(audits["largest-contentful-paint"]["numericValue"]),
        )

    @property
    def late(self) -> bool:
        """Whether a favourite page is painted too late."""
        return self.favourite and self.lcp_ms > SLOWEST_MS


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
        for handle in ("alice", "bob", "dana"):
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


def room_with_video(site: Site) -> str:
    """Return the address of a room whose video has come."""
    until = time.monotonic() + FIRST_PICTURE_S
    while time.monotonic() < until:
        for room in re.findall(r'href="(/live/[^"]+)"', _read(site, "/")):
            if re.search(r'data-picture="[^"]', _read(site, room)):
                return str(room)
        time.sleep(1)
    raise SystemExit("No room of the demo has video.")


def _read(site: Site, address: str) -> str:
    with urllib.request.urlopen(f"{site.url}{address}", timeout=30) as answer:
        return str(answer.read().decode())


def paid_order(site: Site) -> str:
    """Return the address of an order that the fan has paid and not used."""
    code = """
from accounts.models import User
from wallet.tests.stage import paid
print(f"/orders/{paid(User.objects.get(handle='alice'), 500).public_id}/")
"""
    return site.shell(code).strip()


def visits(room: str, order: str) -> Iterator[Visit]:
    """Return the pages that a visitor, a fan, a creator and staff open."""
    yield Visit("home", "/", "alice")
    yield Visit("room, visitor", room, "")
    yield Visit("room", room, "alice", favourite=True)
    yield Visit("coins", "/coins/", "alice")
    yield Visit("checkout", "/coins/checkout/?pack=custom&coins=750", "alice")
    yield Visit("order", order, "alice")
    yield Visit("refund", f"{order}refund/", "alice")
    yield Visit("wallet", "/wallet/", "alice")
    yield Visit("studio", "/studio/", "bob")
    yield Visit("console", "/studio/live/", "bob", favourite=True)
    yield Visit("staff", "/admin/", "dana", favourite=True)
    yield Visit("gifts", "/gifts/", "")


def wanted(all_visits: Iterator[Visit]) -> list[Visit]:
    """Return the visits that `ONLY` names, with semicolons; all of them where it names none."""
    return [visit for visit in all_visits if not ONLY or visit.name in ONLY.split(";")]


def look(site: Site, visit: Visit, size: str, profile: Path, folder: Path) -> tuple[Scores, Weight]:
    """Let Lighthouse open one page with a person's profile and return what it says."""
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
    said = json.loads(report.read_text())
    scores = [round(100 * said["categories"][name]["score"]) for name in AT_LEAST]
    return Scores(visit.name, size, *scores), Weight.of(visit, said["audits"])


def table(weights: list[Weight]) -> str:
    """Return the weights as they stand in docs/performance.md."""
    busy = " ".join(f"{load:.1f}" for load in os.getloadavg())
    rows = [
        f"{datetime.now(UTC):%Y-%m-%d}, {LIGHTHOUSE}, its phone. CPU: {cpu_model()},"
        f" {os.cpu_count()} cores; load of 1, 5 and 15 minutes at the end: {busy}.",
        "",
        "| Page | HTML on the line | unpacked | all on the line | requests | LCP |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in weights:
        name = f"**{one.page}**" if one.favourite else one.page
        sizes = (one.html_on_the_line, one.html, one.all_on_the_line)
        kb = " | ".join(f"{size / 1000:,.1f} kB" for size in sizes)
        rows.append(f"| {name} | {kb} | {one.requests} | {one.lcp_ms / 1000:.2f} s |")
    return "\n".join(rows)


def write(scores: list[Scores], weights: list[Weight]) -> None:
    """Keep the figures, and the table in docs/performance.md."""
    kept = {"scores": [s._asdict() for s in scores], "phone": [w._asdict() for w in weights]}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    before, begin, rest = PAGE.read_text().partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{begin}\n{table(weights)}\n\n{end}{after}")


def main() -> None:
    """Print a line a page and size, write all of them down, fail if one is too low."""
    if chromium() is None or not (BIN / "npx").exists():
        sys.exit("This needs Chromium (apt-get install chromium) and Node (make install)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder / "site")
        site.environment["COMPRESS_STATIC"] = "true"  # as in production
        site.environment["DEMO_FILMS"] = "true"  # a room is looked at with video in it
        try:
            site.start()
            known = profiles(site, folder)
            print(LINE.format("page", "size", "performance", "accessibility", "best practices"))
            found, weights = [], []
            for visit in wanted(visits(room_with_video(site), paid_order(site))):
                for size in SIZES:
                    scores, weight = look(site, visit, size, known[visit.handle], folder)
                    print(LINE.format(*scores), flush=True)
                    found.append(scores)
                weights.append(weight)  # of the last size, the phone
        finally:
            site.stop()
    print(table(weights))
    if not ONLY:
        write(found, weights)
    low = [f"{scores.page} ({scores.size})" for scores in found if not scores.good]
    late = [f"{weight.page} ({weight.lcp_ms} ms)" for weight in weights if weight.late]
    if low or late:
        sys.exit(f"Too low: {', '.join(low) or 'none'}. Too late: {', '.join(late) or 'none'}.")


if __name__ == "__main__":
    main()
