"""Captions in browsers: a creator speaks, fans read it over the picture, live and in the replay."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.camera import show_me
from e2e.encoder import end_stream, room_of
from e2e.pages import DEVICES, PATIENCE, PATIENCE_MS
from e2e.site import Site
from tools.browser import FLAGS, chromium

pytestmark = pytest.mark.browser

MAKE = 'from conftest import person; person("tova", is_creator=True)'
BLOCK = """from accounts.models import User
from live.chat.words import block_word
block_word(creator=User.objects.get(handle="tova"), word="seagull")"""
# The browser's own speech recognition, which headless Chromium lacks: it says what a test gives it.
RECOGNITION = """
globalThis.SpeechRecognition = globalThis.webkitSpeechRecognition = class {
  start() { globalThis.listening = this; }
  abort() { globalThis.listening = undefined; this.onend?.(); }
};
globalThis.speak = (transcript) => {
  const result = Object.assign([{ transcript }], { isFinal: true });
  globalThis.listening.onresult({ results: [result], resultIndex: 0 });
};
"""


def test_what_a_creator_says_is_read_over_the_picture(
    site: Site, browser: Browser, newcomer: Callable[..., Page]
) -> None:
    site.shell(MAKE)
    site.shell(BLOCK)
    studio = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *DEVICES])
    try:
        page = studio.new_page(base_url=site.url, locale="en-GB")
        page.add_init_script(RECOGNITION)
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/account/login/?next=/studio/go-live/camera/")
        page.get_by_label("Email").fill("tova@example.com")
        page.get_by_label("Password", exact=True).fill("harbour-night-7")
        page.get_by_role("button", name="Sign in", exact=True).click()
        show_me(page)
        captions = page.get_by_label("Captions")
        expect(captions).not_to_be_checked()  # off until it is wanted
        page.get_by_role("button", name="Go live").click()
        live = page.get_by_role("status").filter(has_text="You are live.")
        expect(live).to_be_visible(timeout=PATIENCE)
        assert not page.evaluate("Boolean(globalThis.listening)")
        captions.check()
        page.wait_for_function("() => globalThis.listening")
        page.get_by_role("button", name="Microphone on").click()  # what nobody hears, nobody reads
        assert not page.evaluate("Boolean(globalThis.listening)")
        page.get_by_role("button", name="Microphone off").click()
        page.wait_for_function("() => globalThis.listening")

        fan = newcomer(video=True)
        room = room_of(site, fan, "tova")
        fan.goto(room)
        button = fan.get_by_role("button", name="Captions")
        expect(button).to_be_hidden()  # nobody has said anything
        fan.wait_for_function(
            "() => document.querySelector('video').currentTime > 1", timeout=PATIENCE
        )
        page.evaluate("speak('the seagull steals')")  # a word that this room refuses
        page.evaluate("speak('good evening everybody')")
        lines = fan.locator("[data-captions]")
        expect(lines).to_have_text("good evening everybody", timeout=PATIENCE)
        button.click()
        expect(lines).to_be_hidden()
        fan.reload()  # it stays off, here and in the next room
        fan.wait_for_function(
            "() => document.querySelector('video').currentTime > 1", timeout=PATIENCE
        )
        page.evaluate("speak('tonight we sing')")
        expect(button).to_have_attribute("aria-pressed", "false", timeout=PATIENCE)
        expect(lines).to_be_hidden()
        page.get_by_role("button", name="Stop sending").click()
    finally:
        studio.close()

    end_stream(site, "tova")
    later = newcomer(video=True)
    later.goto(room)
    for _ in range(60):
        if later.locator("[data-replay-bar]").count():
            break
        later.wait_for_timeout(500)
        later.reload()
    expect(later.locator("[data-captions]")).to_contain_text(
        "good evening everybody", timeout=PATIENCE
    )
