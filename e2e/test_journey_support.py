"""The journey of a support clerk who is asked about one fan."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import FAN, SIZES, Sizes
from e2e.site import Site

pytestmark = pytest.mark.browser

CLERK = """
from django.contrib.auth.models import Group
from conftest import person
person("{handle}", is_staff=True).groups.add(Group.objects.get(name="Support"))
"""
ASKED_ABOUT = """
import uuid
from accounts.models import SpendingLimit, User
from conftest import give_coins
from gifts.sending.services import send_gift
from live.models import Stream
from live.moderation.blocks import block
from wallet.tests.stage import order
fan = User.objects.get(handle="{handle}")
give_coins(fan, 5_000)
stream = Stream.objects.on_air().get(creator__handle="bob")
send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4(), confirmed=True)
order(fan)
SpendingLimit.objects.create(user=fan, span="day", coins=2_000)
block(creator=stream.creator, user=fan)
"""


@SIZES
def test_a_support_clerk_who_is_asked_about_one_fan(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    fan, clerk = f"asked_{size[0]}", f"clerk_{size[0]}"
    site.shell(FAN.format(handle=fan) + ASKED_ABOUT.format(handle=fan))
    site.shell(CLERK.format(handle=clerk))
    page = signed_in(clerk, width=size[0], height=size[1])
    page.goto("/admin/")
    page.get_by_label("Find a person").fill(f"{fan}@example.com")
    page.get_by_label("Find a person").press("Enter")
    page.locator("#result_list").get_by_role("link", name=re.compile(fan, re.IGNORECASE)).click()
    person = page.locator(".person")
    expect(person.get_by_role("heading", level=2).first).to_contain_text(f"@{fan}")
    coins = 5_000 - 25
    expect(person.locator(".person__holdings")).to_contain_text(f"{coins:,}")
    for part, words in (
        ("purchases", "Waiting for your payment"),
        ("limits", "2,000 coins"),
        ("sent", "Moss Frog"),
        ("happened", "sent Bob Moss Frog"),
    ):
        expect(person.locator(f"section[aria-labelledby={part}]")).to_contain_text(words)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0]

    page.get_by_label("For the next one who is asked").fill("Asked why a payment is missing.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Note saved.")).to_be_visible()
    expect(person.locator("section[aria-labelledby=notes]")).to_contain_text("payment is missing")

    there = page.url.partition("#")[0]
    person.get_by_role("button", name="Check with the provider").click()
    expect(page.get_by_text("1 order is being checked.")).to_be_visible()
    expect(page).to_have_url(there)
    person.get_by_role("button", name="Unblock").click()
    expect(page.get_by_text("can write and send gifts to Bob again")).to_be_visible()
    expect(page).to_have_url(there)
    expect(person.get_by_text("Blocked by")).to_have_count(0)
    if size[0] < 700:
        page.get_by_text("dock_to_right").filter(visible=True).first.click()
    page.get_by_role("link", name="Today").first.click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
