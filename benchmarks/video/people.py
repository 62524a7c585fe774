"""The creator at the camera's page and the fans in the room, in Chromium, and the line between."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from e2e.camera import show_me
from e2e.site import Site
from tools.browser import FLAGS, chromium

HERE = Path(__file__).parent
PATIENCE_MS = 60_000
DEVICES = (
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
    "--autoplay-policy=no-user-gesture-required",
)
MAKE = """
from conftest import person
from accounts.models import User
if not User.objects.filter(handle="nora").exists():
    person("nora", is_creator=True)
"""
PLAN = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from live.models import Stream
from live.streams import services
nora = User.objects.get(handle="nora")
for stream in Stream.objects.on_air().filter(creator=nora):
    services.end(creator=nora, stream=stream)
soon = timezone.now() + timedelta(minutes=10)
print(services.schedule(creator=nora, title="A night at the camera", scheduled_for=soon).public_id)
"""


class Line:
    """The creator's line to the site, which can be cut: what is open breaks, nothing new opens."""

    def __init__(self, port: int) -> None:
        self.site = ("127.0.0.1", port)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listening.getsockname()[1]}"
        self.whole = True
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break the line."""
        self.whole = False
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        """Let the creator through again."""
        self.whole = True

    def _accept(self) -> None:
        while True:
            creator, _ = self.listening.accept()
            if not self.whole:
                creator.close()
                continue
            site = socket.create_connection(self.site)
            self._open += [creator, site]
            for one, other in ((creator, site), (site, creator)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(262_144):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def browser(play: Playwright) -> Iterator[Browser]:
    """Run a Chromium of one person's own."""
    chrome = play.chromium.launch(executable_path=chromium(), args=[*FLAGS, *DEVICES])
    try:
        yield chrome
    finally:
        chrome.close()


def camera_page(chrome: Browser, url: str) -> Page:
    """Return the camera's page of a creator who has turned it on."""
    page = chrome.new_context(base_url=url, locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(path=HERE / "camera.js")
    page.goto("/account/login/")
    page.get_by_label("Email").fill("nora@example.com")
    page.get_by_label("Password", exact=True).fill("harbour-night-7")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{url}/", wait_until="commit")
    page.goto("/studio/go-live/camera/")
    show_me(page)
    return page


def planned(site: Site) -> str:
    """Return the number of a new room that waits for its creator."""
    return site.shell(MAKE + PLAN).split()[-1]


def room_page(chrome: Browser, url: str, room: str) -> Page:
    """Return the page of a fan who waits in the room."""
    page = chrome.new_context(base_url=url, locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(path=HERE / "viewer.js")
    page.goto(f"/live/{room}/")
    return page


def go_live(page: Page) -> float:
    """Press the button; return when it was pressed, in milliseconds."""
    page.get_by_role("button", name="Go live").click()
    return time.time() * 1_000


def pictures(page: Page) -> list[tuple[float, float]]:
    """Return when each picture that was read was shown, and when it was drawn."""
    return [(shown, drawn) for shown, drawn in page.evaluate("globalThis.pictures ?? []")]


def picture_drawn_after(page: Page, moment_ms: float) -> float:
    """Wait for a picture that was drawn after a moment; return when it was shown."""
    page.wait_for_function(
        "after => globalThis.pictures?.some(([, drawn]) => drawn > after)", arg=moment_ms
    )
    return next(shown for shown, drawn in pictures(page) if drawn > moment_ms)
