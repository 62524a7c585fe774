"""The admin of payouts: buttons with permissions, nothing editable, the report row by row."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from conftest import person
from foundation.bank_files.reader import most_bytes
from payouts.models import BankStatement, Batch, Payout, PayoutMethod, PayoutPolicy, Proposal
from payouts.tests.builders import DUTCH, GERMAN, answered, built, fresh, ready, requested, sent


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, name: str, *args: object, **data: str) -> int:
    return client.post(reverse(f"admin:payouts_{name}", args=args), data).status_code


def clerk(*codenames: str) -> User:
    """Staff with these permissions and no more."""
    user = person(f"clerk{User.objects.count()}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def content(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"admin:payouts_{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_through_the_admin(bob: User, carol: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    first, second = browser(dana), browser(erin)
    queue = content(first, "payout_changelist")
    assert "€81.82" in queue and "2 payouts are ready to send." in queue
    assert press(first, "payout_build") == 302
    batch = Batch.objects.get()
    mine = content(first, "batch_change", batch.pk)
    assert "You created this bank file, so another person must approve it." in mine
    assert "Approve €81.82" not in mine
    assert press(first, "batch_approve", batch.pk) == 302
    assert fresh(one).state == Payout.State.BATCHED
    assert "Approve €81.82" in content(second, "batch_change", batch.pk)
    press(second, "batch_approve", batch.pk)
    assert fresh(one).state == Payout.State.SENT
    file = first.post(reverse("admin:payouts_batch_xml", args=[batch.pk]))
    assert "attachment" in file["Content-Disposition"] and "SANDBOX" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    again = second.post(reverse("admin:payouts_batch_xml", args=[batch.pk]))
    assert again.content == file.content
    table = first.post(reverse("admin:payouts_batch_csv", args=[batch.pk]))
    assert one.end_to_end_id in table.content.decode()
    hand_in(first, batch)
    assert fresh(one).state == Payout.State.SETTLED
    assert fresh(two).state == Payout.State.SETTLED
    confirm(first, second)
    assert fresh(two).state == Payout.State.RETURNED
    assert Batch.objects.get().state == Batch.State.CLOSED


def hand_in(first: Client, batch: Batch) -> None:
    """Take the test bank's statement to the upload page, twice."""
    answer = {"answer": "one_returned"}
    statement = first.post(reverse("admin:payouts_batch_sample", args=[batch.pk]), answer)
    upload = SimpleUploadedFile("camt.xml", statement.content)
    handed = first.post(reverse("admin:payouts_bankstatement_add"), {"file": upload}, follow=True)
    report = handed.content.decode()
    assert "the account is closed (AC04)" in report
    upload.seek(0)
    twice = first.post(reverse("admin:payouts_bankstatement_add"), {"file": upload}, follow=True)
    assert "already uploaded" in twice.content.decode()
    assert BankStatement.objects.count() == 1


def confirm(first: Client, second: Client) -> None:
    """Confirm the return that the uploader cannot confirm."""
    proposal = Proposal.objects.get()
    assert "another person must confirm it" in content(first, "proposal_change", proposal.pk)
    press(first, "proposal_confirm", proposal.pk)
    assert Proposal.objects.get().state == Proposal.State.OPEN
    assert "Confirm and book" in content(second, "proposal_change", proposal.pk)
    press(second, "proposal_confirm", proposal.pk)


def test_only_the_selected_are_built(bob: User, dana: User) -> None:
    one, two = ready(bob), ready(bob, 2_000)
    data = {"action": "build_selected", "_selected_action": [one.pk]}
    browser(dana).post(reverse("admin:payouts_payout_changelist"), data)
    assert fresh(one).state == Payout.State.BATCHED
    assert fresh(two).state == Payout.State.READY


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("payout_build", "build_batch"),
        ("payout_cancel", "cancel_payout"),
        ("batch_approve", "approve_batch"),
        ("batch_discard", "build_batch"),
        ("batch_xml", "download_batch"),
        ("batch_csv", "download_batch"),
        ("batch_sample", "download_batch"),
    ],
)
def test_each_button_needs_its_permission(bob: User, dana: User, name: str, needs: str) -> None:
    waiting, batch = ready(bob), built(dana, ready(bob, 2_000))
    args = {"payout_build": [], "payout_cancel": [waiting.pk]}.get(name, [batch.pk])
    every = {"build_batch", "cancel_payout", "approve_batch", "download_batch"}
    looking = {"view_payout", "view_batch", "add_bankstatement"}
    assert press(browser(clerk(*looking, *every - {needs})), name, *args) == 403
    assert fresh(waiting).state == Payout.State.READY
    assert Batch.objects.get().state == Batch.State.BUILT
    assert press(browser(clerk(needs)), name, *args) == 302


def test_buttons_are_posts_not_links(bob: User, dana: User, erin: User) -> None:
    batch = built(dana, ready(bob))
    for name in ("approve", "discard", "xml", "csv", "sample"):
        url = reverse(f"admin:payouts_batch_{name}", args=[batch.pk])
        assert browser(erin).get(url).status_code == 405
        assert Client(enforce_csrf_checks=True).post(url).status_code in {302, 403}
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(erin)
    assert forged.post(reverse("admin:payouts_batch_approve", args=[batch.pk])).status_code == 403
    assert Batch.objects.get().state == Batch.State.BUILT


def test_creators_cannot_open_the_admin(bob: User, dana: User) -> None:
    batch = built(dana, ready(bob))
    assert press(browser(bob), "batch_approve", batch.pk) == 302  # to the sign-in
    assert Batch.objects.get().state == Batch.State.BUILT


@pytest.mark.parametrize("model", ["payout", "batch", "payoutmethod", "bankstatement"])
def test_nothing_is_edited_added_or_deleted_by_hand(
    bob: User, dana: User, erin: User, model: str
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    report = answered(dana, batch)
    method = PayoutMethod.objects.get()
    pk = {"payout": payout, "batch": batch, "payoutmethod": method, "bankstatement": report}[
        model
    ].pk
    client = browser(dana)
    html = content(client, f"{model}_change", pk)
    assert 'name="_save"' not in html
    assert DUTCH not in html and GERMAN not in html
    assert (
        press(client, f"{model}_change", pk, state="settled", amount_minor="1", holder="M") == 403
    )
    assert press(client, f"{model}_delete", pk, post="yes") == 403
    if model != "bankstatement":
        assert client.get(reverse(f"admin:payouts_{model}_add")).status_code == 403
    assert content(client, f"{model}_changelist")
    data = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    client.post(reverse(f"admin:payouts_{model}_changelist"), data)
    assert Payout.objects.count() == Batch.objects.count() == BankStatement.objects.count() == 1


def test_uploads_over_the_limit_are_not_read(dana: User, settings: Settings) -> None:
    settings.STATEMENT_MAX_MB = 1
    big = SimpleUploadedFile("big.xml", b" " * (most_bytes() + 1))
    answer = browser(dana).post(reverse("admin:payouts_bankstatement_add"), {"file": big})
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


@pytest.mark.parametrize("wrong", [b"not xml", b"<html/>", b""])
def test_a_wrong_file_says_why_on_the_page(dana: User, wrong: bytes) -> None:
    file = SimpleUploadedFile("x.xml", wrong)
    answer = browser(dana).post(reverse("admin:payouts_bankstatement_add"), {"file": file})
    assert answer.status_code == 422
    assert "Nothing was booked" in answer.content.decode()


def test_uploading_needs_permission(bob: User) -> None:
    url = reverse("admin:payouts_bankstatement_add")
    assert browser(clerk("view_bankstatement")).get(url).status_code == 403
    assert browser(clerk("add_bankstatement")).get(url).status_code == 200


def test_staff_call_a_payout_off_with_their_name_on_it(bob: User, dana: User) -> None:
    payout = requested(bob)
    press(browser(dana), "payout_cancel", payout.pk)
    assert fresh(payout).state == Payout.State.CANCELLED
    assert "dana" in fresh(payout).events.last().note  # type: ignore[union-attr]  # it has events
    assert "Cancelled" in content(browser(dana), "payout_change", payout.pk)


def test_the_rules_are_one_row(dana: User) -> None:
    client = browser(dana)
    assert client.get(reverse("admin:payouts_payoutpolicy_changelist")).status_code == 302
    rules = {
        "min_usd_cents": "2000",
        "max_per_day_usd_cents": "100000",
        "bank_change_freeze_hours": "72",
        "in_transit_days": "5",
    }
    assert press(client, "payoutpolicy_change", 1, **rules) == 302
    assert PayoutPolicy.current().min_usd_cents == 2000
    assert client.get(reverse("admin:payouts_payoutpolicy_add")).status_code == 403


@pytest.mark.parametrize(
    "query", ["state=ready", "age=3", "attention=yes", "q=bob", "age=nonsense"]
)
def test_filters(bob: User, dana: User, query: str) -> None:
    ready(bob)
    url = reverse("admin:payouts_payout_changelist")
    assert browser(dana).get(f"{url}?{query}").status_code == 200


def test_no_test_bank_button_in_live_mode(
    bob: User, dana: User, erin: User, settings: object
) -> None:
    batch = sent(dana, erin, ready(bob))
    assert "Test bank" in content(browser(dana), "batch_change", batch.pk)
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's wrapper
    assert "Test bank" not in content(browser(dana), "batch_change", batch.pk)
    assert press(browser(dana), "batch_sample", batch.pk) == 302
