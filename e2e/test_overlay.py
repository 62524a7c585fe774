"""The overlay beside OBS: each alert once, whatever happens to browser, line or server."""

import json
import re
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.pages import PATIENCE_MS
from e2e.room import open_room
from e2e.site import Site
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser
# What OBS would show, as a list: every gift whose alert stood long enough to count as shown.
LISTEN = """
window.shown = JSON.parse(sessionStorage.getItem("shown") ?? "[]");
document.addEventListener("overlay:shown", ({ detail }) => {
  const again = Boolean(detail.again);
  for (const id of detail.ids) window.shown.push({ id, again, test: detail.test });
  sessionStorage.setItem("shown", JSON.stringify(window.shown));
});
"""


class Stage:
    """Ines on air with an overlay, and Sam who sends."""

    def __init__(self, creator: Page, fan: Page, browser: Browser, site: Site) -> None:
        self.creator, self.fan, self.site = creator, fan, site
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.room = ""
        for page in (creator, fan):
            page.set_default_navigation_timeout(2 * PATIENCE_MS)

    def address(self, widget: int = 0) -> str:
        self.creator.goto("/studio/overlay/")
        shown = self.creator.locator(".addresses [data-copy]").nth(widget)
        return str(shown.get_attribute("data-copy"))

    def catch_up(self) -> None:
        """Begin with what comes now, whatever another test left to be shown."""
        address = self.address()
        body = json.dumps({"to": state(address)["stream"]["newest"], "done": []}).encode()
        urllib.request.urlopen(f"{address}played/", body, timeout=30).close()

    def open(self, address: str, width: int = 960, height: int = 540) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_navigation_timeout(2 * PATIENCE_MS)
        page.add_init_script(LISTEN)
        with page.expect_response(re.compile("/live/events/")):
            page.goto(address)
        return page

    def send(self, count: int = 1, gift: str = "pebble", message: str = "") -> list[str]:
        """Send gifts as the room's page does, fast; return their keys."""
        keys = [str(uuid.uuid4()) for _ in range(count)]
        answers = self.fan.evaluate(
            """async ([room, gift, keys, message]) => {
                const token = document.querySelector('meta[name="csrf-token"]').content;
                const json = "application/json";
                const headers = { "X-CSRFToken": token, "Content-Type": json };
                const body = (key) => JSON.stringify({ gift, key, message, confirmed: true });
                const send = (key) => fetch(`/api/v1/streams/${room}/gifts/`,
                    { method: "POST", headers, body: body(key) });
                return (await Promise.all(keys.map(send))).map((answer) => answer.status);
            }""",
            [self.room, gift, keys, message],
        )
        assert set(answers) == {201}, answers
        return keys

    def undo(self, key: str) -> None:
        self.fan.evaluate(
            """([key]) => fetch(`/api/v1/gifts/${key}/undo/`, { method: "POST", headers: {
                "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content } })""",
            [key],
        )

    def press(self, name: str) -> None:
        self.creator.locator("#alert-queue").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def stage(signed_in: Callable[..., Page], browser: Browser, site: Site) -> Iterator[Stage]:
    stage = Stage(signed_in("mira"), signed_in("sam"), browser, site)
    open_room(stage.fan, "A vase for the new house", said=False)
    stage.room = stage.fan.url.rstrip("/").rpartition("/")[2]
    stage.catch_up()
    yield stage
    stage.creator.goto("/studio/overlay/")
    if stage.creator.get_by_role("button", name="Resume", exact=True).count():
        stage.press("Resume")  # for the next test
    for context in stage.contexts:
        context.close()


def state(address: str) -> dict[str, Any]:
    """Return what an overlay at this address is told when it opens."""
    with urllib.request.urlopen(f"{address}state/", timeout=30) as answer:
        return dict(json.load(answer))


def shown(page: Page) -> list[str]:
    return [one["id"] for one in page.evaluate("window.shown") if not one["test"]]


def wait_for_shown(page: Page, keys: list[str], seconds: float = 200) -> None:
    page.wait_for_function(
        "keys => keys.every((key) => window.shown.some(({ id }) => id === key))",
        arg=keys,
        timeout=seconds * 1_000,
    )


def test_every_alert_is_shown_once_over_reloads_and_two_overlays(stage: Stage) -> None:
    address = stage.address()
    one, other = stage.open(address), stage.open(address, 540, 960)
    words = "For the fox song, for the rain, and for everybody who is still awake tonight"
    [first] = stage.send(gift="moss-frog", message=words)  # so long to read: seven seconds
    card = one.locator(".alert")
    expect(card).to_contain_text(words)
    interrupted = first not in shown(one)
    one.reload()
    if interrupted:  # before its half: it is shown again, from its beginning
        expect(card).to_contain_text(words)
    more = stage.send(3, gift="moss-frog") + stage.send(2, gift="clap-crab")
    wait_for_shown(one, [first])
    one.reload()  # after its half: the next one comes
    keys = [first, *more]
    for page in (one, other):
        wait_for_shown(page, keys)
        assert sorted(shown(page)) == sorted(keys)


def test_console_steers_what_plays(stage: Stage) -> None:
    overlay = stage.open(stage.address())
    overlay.evaluate("window.spoken = []")
    overlay.evaluate(
        """() => {  // the browser's edge: what it is told to say, said at once
            window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
            const say = (words) => { window.spoken.push(words); setTimeout(words.onend, 100); };
            const voices = { getVoices: () => [], cancel() {}, speak: say };
            Object.defineProperty(window, "speechSynthesis", { value: voices });
        }"""
    )
    creator, card = stage.creator, overlay.locator(".alert")
    creator.get_by_label("Read messages aloud from").fill("10")
    creator.get_by_role("button", name="Save", exact=True).click()
    expect(creator.locator(".toast")).to_contain_text("Saved")

    stage.press("Pause")
    expect(creator.locator("#alert-queue")).to_contain_text("Paused")
    keys = stage.send(gift="moss-frog", message="For the fox song") + stage.send(gift="clap-crab")
    keys += stage.send(gift="toast-parachute")
    stage.undo(keys[1])
    expect(creator.locator("#alert-queue")).to_contain_text("2 wait")
    expect(card).to_have_count(0)

    stage.press("Resume")
    expect(card).to_contain_text("For the fox song")
    said = "window.spoken.map(({ text }) => text)"
    expect(card).to_contain_text("Sam")
    assert overlay.evaluate(said) == ["Sam sent a Moss Frog. For the fox song"]
    stage.press("Skip")
    expect(card).to_contain_text("Toast Parachute")
    wait_for_shown(overlay, [keys[0], keys[2]])
    creator.locator("#replay-last").select_option("3")
    creator.locator("#test-gift").select_option("clap-crab")
    stage.press("Test")
    expect(card).to_contain_text("Test")
    stage.press("Skip")
    expect(card).to_have_count(0)
    stage.press("Show again")
    expect(card).to_contain_text("Again")
    expect(creator.locator("#test-gift")).to_have_value("clap-crab")  # chosen once, for good
    expect(creator.locator("#replay-last")).to_have_value("3")
    assert keys[1] not in shown(overlay)
    assert len(shown(overlay)) == len(set(shown(overlay)))


def test_gift_on_screen_that_is_taken_back_fades(stage: Stage) -> None:
    overlay = stage.open(stage.address())
    [key] = stage.send(gift="clap-crab")
    card = overlay.locator(".alert")
    expect(card).to_contain_text("Clap Crab")
    stage.undo(key)
    expect(card).to_have_count(0)
    expect(overlay.locator(".ticker__one").first).not_to_contain_text("Clap Crab")


def test_restart_of_the_server_loses_and_doubles_nothing(stage: Stage, site: Site) -> None:
    overlay = stage.open(stage.address())
    mark = overlay.locator("[data-part=mark]")
    keys = [key for gift in ("moss-frog", "clap-crab", "pebble") for key in stage.send(gift=gift)]
    wait_for_shown(overlay, keys[:1])
    expect(mark).to_be_hidden()
    site.stop()
    expect(mark).to_be_visible(timeout=2 * PATIENCE_MS)
    site.start()
    expect(mark).to_be_hidden(timeout=4 * PATIENCE_MS)
    keys += stage.send(gift="tiny-kettle")
    wait_for_shown(overlay, keys)
    overlay.reload()
    keys += stage.send(gift="good-bean")
    wait_for_shown(overlay, keys)
    assert sorted(shown(overlay)) == sorted(keys)


def test_address_is_replaced_and_the_new_one_goes_on(stage: Stage) -> None:
    before = stage.address()
    overlay = stage.open(before)
    played = state(before)["played"]
    first = stage.send(gift="moss-frog")
    wait_for_shown(overlay, first)
    wait_until(lambda: state(before)["played"] != played, "the server is not told of it")
    stage.creator.get_by_text("Create a new address").click()
    stage.creator.get_by_role("button", name="Yes, create a new one").click()
    gone = overlay.locator("[data-part=mark][data-state=gone]")
    expect(gone).to_be_visible()
    missed = stage.send(gift="clap-crab")
    overlay.reload()
    expect(overlay.locator(".overlay__mark [data-when=gone]")).to_be_visible()
    assert overlay.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    following = stage.open(stage.address())
    wait_for_shown(following, missed)
    assert shown(following) == missed


def test_overlay_waits_off_air_and_finds_the_stream(
    stage: Stage, signed_in: Callable[..., Page], browser: Browser
) -> None:
    june = signed_in("june")
    june.goto("/studio/")
    june.get_by_label("I am old enough").check()
    june.get_by_role("button", name="Become a creator").click()
    june.get_by_role("heading", name="Studio", exact=True).wait_for()
    june.goto("/studio/overlay/")
    address = str(june.locator(".addresses [data-copy]").first.get_attribute("data-copy"))
    context = browser.new_context(viewport={"width": 540, "height": 960})
    stage.contexts.append(context)
    overlay = context.new_page()
    overlay.add_init_script(LISTEN)
    overlay.goto(address)
    june.locator("#queue-test").click()
    expect(overlay.locator(".alert")).to_contain_text("Test")
    june.goto("/studio/go-live/")
    june.get_by_label("Title").fill("First night")
    june.get_by_role("button", name="Go live").click()
    june.wait_for_url(re.compile("/studio/live/"))
    found = june.locator("[data-events-url]").get_attribute("data-events-url") or ""
    stage.room = found.split("/")[3]
    keys = stage.send(2, gift="moss-frog")
    wait_for_shown(overlay, keys)
    assert sorted(shown(overlay)) == sorted(keys)
