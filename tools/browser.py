"""The path of this machine's Chromium, for the browser tests."""

import os
import shutil
import sys

# The shell first: it draws pages and no window around them, which takes a fifth off every test.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of a browser, from `CHROMIUM` or from what is installed; None without one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__" and chromium() is None:
    sys.exit(
        "No Chromium here: the browser tests in e2e/ are left out. "
        "Debian and Ubuntu: apt-get install chromium; elsewhere set CHROMIUM to its path."
    )
