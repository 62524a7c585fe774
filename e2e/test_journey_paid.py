"""The journey of a creator who reads what she earned and is paid."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import SIZES, Sizes
from e2e.pages import confirm_it_is_me
from e2e.site import Site
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser

EARNED = """
import uuid
from datetime import timedelta
from django.utils import timezone
from accounts.models import Creator
from conftest import give_coins, person
from gifts.earnings.release import release_due
from gifts.sending.services import send_gift
from live.streams.services import end, go_live
joined = timezone.now() - timedelta(days=60)
fan = person("{handle}_fan", date_joined=joined)
creator = person("{handle}", date_joined=joined, is_creator=True)
Creator.objects.create(user=creator, trust=Creator.Trust.TRUSTED)
give_coins(fan, 5_000)
room = go_live(creator=creator, title="Nine days ago")
for days in (9, 8, 1):
    sent_at = timezone.now() - timedelta(days=days)
    send_gift(fan=fan, stream=room, gift="clockwork-fox", key=uuid.uuid4(), confirmed=True,
              sent_at=sent_at)
end(creator=creator, stream=room)
release_due()
"""
STAFF = """
from accounts.models import User
from payouts.batches import bank_files
from payouts.models import Batch, Payout
from payouts.rails.bank_file.sample import statement_for
from payouts.statements.bank_statements import read_statement
dana, erin = (User.objects.get(handle=handle) for handle in ("dana", "erin"))
payouts = Payout.objects.filter(creator__handle="{handle}")
"""
SEND = """
batch = bank_files.build_batch(by=dana, only=payouts.values_list("pk", flat=True))
bank_files.approve(batch=batch, by=erin)
bank_files.download(batch=batch)
"""
ANSWER = """
read_statement(content=statement_for(Batch.objects.get(payouts=payouts.get())), by=erin)
"""


@SIZES
def test_a_creator_reads_what_she_earned_and_is_paid(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    handle = f"earner_{size[0]}"
    site.shell(EARNED.format(handle=handle))
    page = signed_in(handle, width=size[0], height=size[1])
    page.goto("/studio/")
    main = page.locator("main")
    expect(page.get_by_text("No bank account yet.")).to_be_visible()
    expect(main).to_contain_text("3 gifts, 3,000 coins")

    page.get_by_role("link", name="Statement").click()
    expect(main.locator("tbody tr", has_text="Clockwork Fox")).to_have_count(3)
    main.get_by_role("link", name="Studio").click()

    main.get_by_role("link", name="Payouts").click()
    page.get_by_role("link", name="Add your bank account").click()
    confirm_it_is_me(page)
    page.get_by_label("Name on the account").fill("Ella Earner")
    page.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 01")
    page.get_by_role("button", name="Save bank account").click()
    expect(main).to_contain_text("This IBAN has a typo. Check it against your bank details.")
    page.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    page.get_by_role("button", name="Save bank account").click()
    expect(main).not_to_contain_text("0044 0532")
    expect(main).to_contain_text("3000")

    page.get_by_label("Diamonds to pay out").fill("1500")
    expect(main).to_contain_text("You get")
    page.get_by_role("button", name="Request payout").click()
    expect(page).to_have_url(re.compile(r"/studio/payouts/[0-9a-f-]{36}/"))
    expect(main.get_by_text("Requested").first).to_be_visible()
    theirs = page.url

    checked = (STAFF + "print(payouts.get().state)").format(handle=handle)
    wait_until(lambda: "ready" in site.shell(checked), "the worker did not check the payout")
    site.shell((STAFF + SEND).format(handle=handle))
    page.reload()
    expect(main.locator("[data-state=now]")).to_contain_text("Sent")
    main.get_by_role("link", name="Payouts").click()
    expect(main.locator(".payout-lines")).to_contain_text("On its way")

    site.shell((STAFF + ANSWER).format(handle=handle))
    page.goto("/studio/")
    main.get_by_role("link", name="Payouts").click()
    page.locator(".payout-lines a", has_text="Paid").click()
    expect(page).to_have_url(theirs)
    expect(main.locator("[data-state=done]").last).to_contain_text("Paid")
    main.get_by_role("link", name="Payouts").click()
    main.get_by_role("link", name="Studio").click()
    expect(page).to_have_url(f"{site.url}/studio/")
    expect(page.get_by_text("No payouts in progress.")).to_be_visible()
    expect(main).to_contain_text("500")
