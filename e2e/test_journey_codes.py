"""The journey of a fan who redeems a code, tries it again, and buys with a promotion."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import FAN, SIZES, Sizes
from e2e.site import Site

pytestmark = pytest.mark.browser

CODE = """
from accounts.models import User
from wallet.codes import batches
from wallet.codes.alphabet import written
from wallet.tests.codes import new_batch
dana = User.objects.get(handle="dana")
batch = new_batch(name="{name}", coins=250, country="DE")
print(written(batches.make(batches.propose(batch, by=dana)).codes[0]))
"""
PROMOTION = """
from django.utils import timezone
from wallet.models import Promotion
from wallet.tests.promotions import promotion
promotion(percent=10, pack=2_500)
"""
STOP = """
from django.utils import timezone
from wallet.models import Promotion
Promotion.objects.filter(stopped_at=None).update(stopped_at=timezone.now())
"""


@SIZES
def test_a_code_is_redeemed_from_its_link_and_not_twice(
    newcomer: Callable[..., Page], site: Site, size: Sizes
) -> None:
    handle = f"redeemer_{size[0]}"
    site.shell(FAN.format(handle=handle))
    code = site.shell(CODE.format(name=f"Pier {size[0]}")).strip()
    page = newcomer(width=size[0], height=size[1])
    page.goto(f"/redeem/?code={code}")
    main = page.locator("main")
    expect(main).to_contain_text(code)
    main.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(f"{handle}@example.com")
    page.get_by_label("Password", exact=True).fill("harbour-night-7")
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Code")).to_have_value(code)
    page.get_by_role("button", name="Redeem").click()
    expect(page).to_have_url(re.compile("/wallet/"))
    expect(main).to_contain_text("250 bonus coins until")

    main.get_by_role("link", name="Have a code?").click()
    page.get_by_label("Code").fill(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(main).to_contain_text("You redeemed this code already, for 250 coins.")
    main.get_by_role("link", name="See your wallet").click()
    expect(main).to_contain_text("250 bonus coins until")


def test_a_pack_with_a_promotion_brings_its_bonus(
    signed_in: Callable[..., Page], site: Site
) -> None:
    site.shell(FAN.format(handle="promoted"))
    site.shell(PROMOTION)
    try:
        page = signed_in("promoted")
        page.goto("/coins/?coins=2500")
        summary = page.locator("#summary")
        expect(summary).to_contain_text("250 bonus coins come with it")
        page.locator("#pay").click()
        page.get_by_role("button", name="Approve").click()
        main = page.locator("main")
        expect(main).to_contain_text("250 bonus coins added")
        main.get_by_role("link", name="Your wallet").click()
        expect(main).to_contain_text("250 bonus coins until")
    finally:
        site.shell(STOP)
