"""Every page at both sizes, by night or in the morning: nothing broken, cut or unreadable.

`SCREENSHOTS=folder make test` keeps a picture of each.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page

from e2e.pages import NEXT_FRAME, Traffic, violations
from e2e.room import room_address
from e2e.site import Site

pytestmark = pytest.mark.browser

APPOINT = """
from accounts.models import User
from live.moderation.moderators import appoint
appoint(creator=User.objects.get(handle="bob"), user=User.objects.get(handle="noor"))
"""
PHONE, DESK = (390, 844), (1440, 900)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
# What a page shows at one width only, or colours anew at one width, is to be seen by night and in
# the morning at that width: such a page is looked at in all four ways. The frame around `main` is
# on every page, and pages take turns.
WIDTH_DECIDES = """() => {
  const seen = ["color", "background-color", "background-image", "border-color", "opacity",
    "display", "visibility", "box-shadow", "fill", "stroke"];
  const main = document.querySelector("main, .overlay, [data-room]") ?? document.body;
  const decides = (rule, byWidth) => rule.cssRules?.length
    ? [...rule.cssRules].some((one) =>
        decides(one, byWidth || /width|inline-size/.test(rule.conditionText ?? "")))
    : byWidth && rule.selectorText && seen.some((name) => rule.style.getPropertyValue(name))
      && main.querySelector(rule.selectorText.replace(/^&/, ":scope"));
  return [...document.styleSheets].some((sheet) => [...sheet.cssRules].some((rule) =>
    decides(rule, /width/.test(sheet.media.mediaText))));
}"""
VISITOR = (
    "/",
    "/rates/",
    "/coins/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/terms/",
    "/gifts/",
    "/api/docs/",
    "/no-such-page/",
    "room",
    "room/tray/",
    "/overlay/no-such-address/",
)
FAN = (
    "/coins/",
    "/wallet/",
    "/wallet/history/",
    "/orders/",
    "order",
    "receipt",
    "/account/settings/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/studio/",
    "room",
    "room/tray/",
)
MODERATOR = ("room", "room/moderate/")
CREATOR = (
    "/studio/",
    "/studio/earnings/",
    "/studio/live/",
    "/studio/blocked/",
    "/studio/moderators/",
    "/studio/words/",
    "/studio/go-live/",
    "/studio/overlay/",
    "overlay",
    "overlay/alerts/",
    "overlay/goal/",
    "overlay/supporters/",
    "overlay/ticker/",
    "/studio/payouts/",
    "/studio/payouts/account/",
    "/account/settings/",
    "room",
)
STAFF = (
    "/admin/",
    "/admin/payouts/payout/",
    "/admin/payouts/batch/",
    "/admin/payouts/bankstatement/add/",
    "/admin/gifts/gift/",
    "/admin/gifts/gift/add/",
    "/admin/gifts/sentgift/",
    "/admin/wallet/ratecard/",
    "/admin/wallet/bundle/",
    "/admin/ledger/account/",
    "/admin/ledger/posting/",
    "/admin/wallet/purchase/",
    "/admin/accounts/user/",
    "/admin/accounts/region/",
    "/admin/live/block/",
    "/admin/live/blockedword/",
    "/admin/live/blockedword/add/",
    "/admin/live/moderator/",
    "/admin/live/hidden/",
    "/admin/overlay/overlay/",
    "/admin/overlay/alertsettings/",
    "/admin/overlay/goal/",
)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("who", "paths"),
    [(None, VISITOR), ("alice", FAN), ("noor", MODERATOR), ("bob", CREATOR), ("dana", STAFF)],
    ids=["visitor", "fan", "moderator", "creator", "staff"],
)
def test_every_page(
    site: Site,
    newcomer: Callable[..., Page],
    signed_in: Callable[..., Page],
    who: str | None,
    paths: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    width, height = size
    if who == "noor":
        site.shell(APPOINT)
    page = (
        signed_in(who, width=width, height=height) if who else newcomer(width=width, height=height)
    )
    visit = Visit(page)
    wrong = []
    for number, path in enumerate(paths):
        address = find(page, path)
        one, other = SCHEMES if (number % 2 == 0) == (size == PHONE) else SCHEMES[::-1]
        wrong += [f"{path}, {one}: {fault}" for fault in visit.faults(address, one)]
        if is_ours(address) and page.evaluate(WIDTH_DECIDES):
            wrong += [f"{path}, {other}: {fault}" for fault in visit.faults(address, other)]
    assert not wrong, "\n".join(wrong)


def is_ours(address: str) -> bool:
    """Whether a page wears our clothes: the staff theme is not ours to mend."""
    return not address.startswith("/admin/")


def complaint(message: ConsoleMessage) -> str:
    """Return an error or warning of the browser, or nothing.

    Axe tries inline styles of its own, and may be heard only on the next page.
    """
    by_axe = "eval at evaluate" in message.text
    where = message.location.get("url", "")
    return f"{message.text} {where}" if message.type in {"error", "warning"} and not by_axe else ""


def find(page: Page, path: str) -> str:
    """Return the address of a page that has no fixed one."""
    place, _, inside = path.partition("/")
    if place == "room":
        return f"{room_address(page, 'Night guitar')}{inside}"
    if place == "overlay":
        page.goto("/studio/overlay/")
        overlay = page.locator("[data-copy]").first.get_attribute("data-copy")
        return f"{overlay}{inside}?preview=1"  # looked at, not played
    if path in {"order", "receipt"}:
        page.goto("/orders/")
        order = page.locator("a[href^='/orders/']").first.get_attribute("href")
        return f"{order}receipt/" if path == "receipt" else str(order)
    return path


class Visit:
    """Opens pages one after the other and says what is wrong with each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.traffic = Traffic(page)
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(complaint(message)))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def faults(self, address: str, scheme: Scheme) -> list[str]:
        """Open a page, keep its picture if wanted, and return everything that is wrong with it."""
        page = self.page
        page.evaluate(NEXT_FRAME)  # what axe caused on the page before was said by then
        page.emulate_media(color_scheme=scheme)
        self.complaints.clear()
        answer = page.goto(address)
        assert answer
        self.traffic.settle()
        keep_picture(page, address)
        missing = "/no-such-" in address
        faults = [] if answer.status == (404 if missing else 200) else [f"answers {answer.status}"]
        faults += [text for text in self.complaints if text and not (missing and "404" in text)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            faults.append("is wider than the screen")
        if is_ours(address):
            faults += violations(page)
        return faults


def keep_picture(page: Page, address: str) -> None:
    """Write a screenshot if `SCREENSHOTS` names a folder."""
    if not (folder := os.environ.get("SCREENSHOTS")):
        return
    size, scheme = (
        page.viewport_size,
        page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"),
    )
    assert size
    name = re.sub(r"[0-9a-f-]{36}", "x", address).strip("/").replace("/", "-") or "home"
    who = "in" if page.locator("form[action*=logout]").count() else "out"
    Path(folder).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=f"{folder}/{name}.{who}.{size['width']}.{scheme}.png")
