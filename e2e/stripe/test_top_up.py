"""The journey of a fan whose coins are topped up by a card that the stand-in for Stripe keeps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import SIZES, Sizes
from e2e.pages import confirm_it_is_me
from e2e.site import Site
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser

FAN = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Creator
from conftest import give_coins, person
from live.streams.services import go_live
joined = timezone.now() - timedelta(days=60)
give_coins(person("{handle}", date_joined=joined), 600)
creator = person("{handle}_host", date_joined=joined, is_creator=True)
Creator.objects.create(user=creator, trust=Creator.Trust.TRUSTED)
go_live(creator=creator, title="Evening at the quay")
"""
GIFT = """
import uuid
from accounts.models import User
from gifts.sending.services import send_gift
from live.models import Stream
send_gift(fan=User.objects.get(handle="{handle}"), gift="{gift}", key=uuid.uuid4(), confirmed=True,
          stream=Stream.objects.get(creator__handle="{handle}_host"))
"""
STATE = """
from accounts.models import User
fan = User.objects.get(handle="{handle}")
print([order.state for order in fan.purchases.order_by("pk")], fan.top_ups.first().state)
"""


@SIZES
def test_a_fan_turns_it_on_is_topped_up_and_a_decline_turns_it_off(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    handle = f"topped_{size[0]}"
    email = f"{handle}@example.com"
    site.shell(FAN.format(handle=handle))
    page = signed_in(handle, width=size[0], height=size[1])
    main = page.locator("main")
    page.goto("/wallet/")
    page.get_by_role("link", name="What it is").click()
    page.get_by_role("link", name="Set it up").click()
    confirm_it_is_me(page)
    page.get_by_text("€11.59 for 1,000 coins").click()
    page.get_by_label("At most in 30 days").fill("40")
    page.get_by_label("When I have fewer coins than").fill("550")
    page.get_by_role("button", name="Read what you agree to").click()
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_text("€11.59 is charged to my saved card").click()
    page.get_by_role("button", name="Agree and turn on").click()
    page.get_by_role("button", name="Save this card").click()
    expect(page).to_have_url(f"{site.url}/wallet/auto-top-up/")
    expect(main).to_contain_text("Visa ending in 4242")

    site.shell(GIFT.format(handle=handle, gift="drift-lamp"))
    asked = STATE.format(handle=handle)
    wait_until(lambda: site.shell(asked).strip() == "['paid'] on", "no worker topped up")
    page.goto("/wallet/")
    expect(main).to_contain_text("Auto top-up: 1,000 coins")
    page.goto(site.link_mailed_to(email, "/wallet/auto-top-up/off/"))
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()

    dashboard = page.context.new_page()
    dashboard.goto(f"http://localhost:{site.port + 100}/")
    dashboard.get_by_role("button", name="Its bank declines from now on").first.click()
    dashboard.close()
    site.shell(GIFT.format(handle=handle, gift="clockwork-fox"))
    declined = "['paid', 'declined'] off"
    wait_until(lambda: site.shell(asked).strip() == declined, "the decline ended nothing")
    site.link_mailed_to(email, "/coins/")
    page.goto("/wallet/auto-top-up/")
    expect(main).to_contain_text("Your bank declined the payment, and you were not charged.")
    expect(main.get_by_text(re.compile("^Off$"))).to_be_visible()
