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
    "/terms/",
    "/contact/",
    "/fairness/",
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
    "/wallet/statements/",
    "statement",
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
    "console/",
    "/studio/blocked/",
    "/studio/moderators/",
    "/studio/words/",
    "/studio/go-live/",
    "change stream",
    "/studio/go-live/camera/",
    "/studio/go-live/elsewhere/",
    "/studio/replays/",
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
    "/admin/payouts/bankstatement/",
    "/admin/payouts/bankstatement/add/",
    "/admin/payouts/proposal/",
    "/admin/gifts/gift/",
    "/admin/gifts/gift/add/",
    "/admin/gifts/sentgift/",
    "/admin/wallet/ratecard/",
    "/admin/wallet/bundle/",
    "/admin/ledger/account/",
    "/admin/ledger/posting/",
    "/admin/wallet/purchase/",
    "/admin/wallet/document/",
    "/admin/accounts/user/",
    "/admin/accounts/region/",
    "/admin/live/block/",
    "/admin/live/blockedword/",
    "/admin/live/blockedword/add/",
    "/admin/live/moderator/",
    "/admin/live/guest/",
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
            wrong += [f"{path}, {other}: {fault}" for fault in visit.in_other_light(address, other)]
    assert not wrong, "\n".join(wrong)


def is_ours(address: str) -> bool:
    """Whether a page wears our clothes: the staff theme is not ours to mend."""
    return not address.startswith("/admin/")


def is_missing(address: str) -> bool:
    """Whether no page is there, and the site is to say so."""
    return "/no-such-" in address


def complaint(message: ConsoleMessage) -> str:
    """Return an error or warning of the browser, or nothing."""
    where = message.location.get("url", "")
    return f"{message.text} {where}" if message.type in {"error", "warning"} else ""


def find(page: Page, path: str) -> str:
    """Return the address of a page that has no fixed one."""
    place, _, inside = path.partition("/")
    if place in {"room", "console"}:
        room = f"{room_address(page, 'Night guitar')}{inside}"
        return room if place == "room" else f"/studio{room}"
    if place == "overlay":
        overlay = first_of(page, "/studio/overlay/", r'data-copy="([^"]+)"')
        return f"{overlay}{inside}?preview=1"  # looked at, not played
    if path in {"order", "receipt"}:
        order = first_of(page, "/orders/", r'href="(/orders/[^"]+)"')
        return f"{order}receipt/" if path == "receipt" else order
    if path == "change stream":
        return first_of(page, "/studio/go-live/", r'href="(/studio/go-live/[0-9a-f-]{36}/)"')
    if path == "statement":
        return first_of(page, "/wallet/statements/", r'href="(/wallet/statements/[\d-]+/)"')
    return path


def first_of(page: Page, address: str, pattern: str) -> str:
    """Return the first such words of a page, which need not be drawn for that."""
    found = re.search(pattern, page.request.get(address).text())
    assert found, f"{address} has no {pattern}"
    return found[1]


class Visit:
    """Opens pages one after the other and says what is wrong with each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.traffic = Traffic(page)
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(complaint(message)))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def faults(self, address: str, scheme: Scheme) -> list[str]:
        """Open a page and return everything that is wrong with it."""
        self._forget_complaints()
        self.page.emulate_media(color_scheme=scheme)
        answer = self.page.goto(address)
        assert answer
        right = answer.status == (404 if is_missing(address) else 200)
        return self._seen(address) + ([] if right else [f"answers {answer.status}"])

    def in_other_light(self, address: str, scheme: Scheme) -> list[str]:
        """Return what is wrong with the open page in the other scheme.

        What depends on the scheme follows its change, so the page need not be opened anew.
        """
        self._forget_complaints()
        self.page.emulate_media(color_scheme=scheme)
        return self._seen(address)

    def _forget_complaints(self) -> None:
        self.page.evaluate(NEXT_FRAME)  # what axe caused before was said by then
        self.complaints.clear()

    def _seen(self, address: str) -> list[str]:
        """Keep the page's picture if wanted, and return what is wrong with what it shows."""
        page = self.page
        self.traffic.settle()
        keep_picture(page, address)
        complaints = [text for text in self.complaints if text]
        faults = [text for text in complaints if not (is_missing(address) and "404" in text)]
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
