"""The staff's pages: rules with their dry run, the queue, decisions, rights."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import User
from conftest import person
from wallet.models import SpendingPolicy, VelocityHit, VelocityRule
from wallet.tests.velocity.stage import Action, Kind, held, only, order_of, paid
from wallet.velocity.dry_run import dry_run

pytestmark = pytest.mark.django_db
ADD = "/admin/wallet/velocityrule/add/"
RULE = {
    "kind": Kind.CARDS_PER_ACCOUNT,
    "region": "",
    "action": Action.HOLD,
    "threshold": "2",
    "window_hours": "48",
    "account_days": "",
    "least_usd": "0",
    "active": "on",
}


def clerk(*rights: str) -> Client:
    staff = person("clara", is_staff=True)
    for right in rights:
        staff.user_permissions.add(Permission.objects.get(codename=right))
    browser = Client()
    browser.force_login(staff)
    return browser


@pytest.fixture
def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def test_a_rule_is_read_back_and_tried_before_it_is_saved(
    staff: Client, carol: User, dana: User
) -> None:
    VelocityRule.objects.update(active=False)
    for number in range(4):
        paid(carol, 100 + number, card=f"card {number}")
    VelocityRule.objects.all().delete()
    page = staff.post(ADD, RULE).content.decode()
    assert "More than 2 cards on one account within 2 days: hold the order." in page
    assert "Of 4 orders in the last 30 days it would have found 2." in " ".join(page.split())
    assert not VelocityRule.objects.exists()
    staff.post(ADD, RULE | {"_confirmed": "1"})
    rule = VelocityRule.objects.get()
    assert (rule.threshold, rule.window_hours, rule.changed_by) == (2, 48, dana)
    assert rule.changed_at
    said = LogEntry.objects.latest("pk").get_change_message()
    assert said == "More than 2 cards on one account within 2 days: hold the order. (in force)"


def test_a_change_is_tried_too_and_says_who_made_it(staff: Client, erin: User) -> None:
    rule = only(Kind.CARDS_PER_ACCOUNT, threshold=3)
    address = reverse("admin:wallet_velocityrule_change", args=[rule.pk])
    change = {name: RULE[name] for name in ("action", "window_hours", "account_days", "least_usd")}
    change |= {"threshold": "9"}  # and no longer in force
    page = staff.post(address, change).content.decode()
    assert "Switched off: it finds nothing until it is in force." in page
    rule.refresh_from_db()
    assert (rule.threshold, rule.active) == (3, True)
    staff.post(address, change | {"_confirmed": "1", "kind": Kind.COUNTRIES})
    rule.refresh_from_db()
    assert (rule.threshold, rule.active, rule.kind) == (9, False, Kind.CARDS_PER_ACCOUNT)
    assert "(switched off)" in LogEntry.objects.latest("pk").get_change_message()
    assert staff.post(f"/admin/wallet/velocityrule/{rule.pk}/delete/").status_code == 403


UNFIT = [
    ({"threshold": "0"}, "Enter a number from 1 to 100000."),
    ({"threshold": "100001"}, "Enter a number from 1 to 100000."),
    ({"threshold": "-1"}, "threshold"),
    ({"threshold": "9" * 5_000}, "threshold"),
    ({"threshold": "3 cards"}, "threshold"),
    ({"kind": Kind.LINKED_FANS, "threshold": "100"}, "Enter a number from 1 to 99."),
    ({"window_hours": "2161"}, "Enter hours from 1 to 2160, which is 90 days."),
    ({"window_hours": "0"}, "Enter hours from 1 to 2160, which is 90 days."),
    ({"kind": Kind.COUNTRIES, "action": Action.BLOCK}, "This is known only after paying."),
    ({"kind": Kind.YOUNG_FANS}, "Enter until when an account is new: 1 to 365 days."),
    ({"account_days": "7"}, "This rule asks for no age. Leave it empty."),
    ({"least_usd": "5"}, "Only rules in percent have a least income. Enter 0."),
    ({"kind": "nonsense"}, "kind"),
    ({"region": "atlantis"}, "region"),
]


@pytest.mark.parametrize(("wrong", "said"), UNFIT)
@pytest.mark.parametrize("confirmed", [{}, {"_confirmed": "1"}])
def test_a_slip_is_said_beside_its_field(
    staff: Client, wrong: dict[str, str], said: str, confirmed: dict[str, str]
) -> None:
    VelocityRule.objects.all().delete()
    page = staff.post(ADD, RULE | wrong | confirmed)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not VelocityRule.objects.exists()


def test_the_same_rule_twice_is_said(staff: Client) -> None:
    only(Kind.CARDS_PER_ACCOUNT)
    count = VelocityRule.objects.count()
    for confirmed in ({}, {"_confirmed": "1"}):
        assert staff.post(ADD, RULE | confirmed).status_code == 200
    assert VelocityRule.objects.count() == count


def test_a_dry_run_writes_nothing_and_counts_each_order_at_its_time(carol: User) -> None:
    VelocityRule.objects.update(active=False)
    for number in range(3):
        paid(carol, 100 + number, card=f"card {number}")
    rule = VelocityRule(
        kind=Kind.CARDS_PER_ACCOUNT, action=Action.HOLD, threshold=2, window_hours=24
    )
    run = dry_run(rule)
    assert (run.asked, run.hit, run.left_out) == (3, 1, 0)
    assert [counted for _order, counted in run.examples] == [3]
    assert not VelocityHit.objects.exists()


def test_what_the_rules_found_waits_in_a_queue(staff: Client, carol: User) -> None:
    hit = held(carol)
    home = staff.get("/admin/").content.decode()
    assert "Fraud checks to decide" in home
    assert "Orders held by fraud checks" in home
    # What the bank contradicts comes before all other queues.
    assert home.index("Payouts that the bank contradicts") < home.index("Fraud checks to decide")
    listed = staff.get("/admin/wallet/velocityhit/?state=held").content.decode()
    assert hit.said in listed
    person_page = staff.get(reverse("admin:accounts_user_change", args=[carol.pk]))
    assert hit.said in person_page.content.decode()
    order_page = staff.get(reverse("admin:wallet_purchase_change", args=[hit.purchase_id]))
    assert "The order waits until a person decides." in order_page.content.decode()


def test_a_hit_explains_itself(staff: Client, carol: User) -> None:
    hit = held(carol)
    page = staff.get(reverse("admin:wallet_velocityhit_change", args=[hit.pk])).content.decode()
    for words in (hit.said, "203.0.113.0/24", "Sandbox bank", "Release", "Close the account"):
        assert words in page
    for order in carol.purchases.all():
        assert reverse("admin:wallet_purchase_change", args=[order.pk]) in page
    assert not re.search(r"[0-9a-f]{64}", page)


def press(browser: Client, hit: VelocityHit, decision: str, note: str = "Well.") -> str:
    address = reverse("admin:wallet_velocityhit_decide", args=[hit.pk])
    answer = browser.post(address, {"decision": decision, "note": note}, follow=True)
    return str(answer.content.decode())


def test_staff_release_on_its_page(staff: Client, carol: User) -> None:
    hit = held(carol)
    assert "A decision needs a reason" in press(staff, hit, "released", note="")
    assert "be decided about this hit" in press(staff, hit, "dismissed")
    assert "Released: what was held is free." in press(staff, hit, "released")
    assert ledger.balance("coins", "COIN", carol.pk) == 201
    assert LogEntry.objects.latest("pk").get_change_message() == "Released: Well."
    press(staff, hit, "refunded")
    assert VelocityHit.objects.get(pk=hit.pk).decision == "released"


def test_two_people_release_a_large_order(staff: Client, carol: User, erin: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=0)
    hit = held(carol)
    assert "Another person must confirm it" in press(staff, hit, "released")
    assert "You proposed this" in press(staff, hit, "released")
    second = Client()
    second.force_login(erin)
    assert "Released: what was held is free." in press(second, hit, "released")


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ((), set()),
        (("view_velocityhit",), set()),
        (("view_velocityhit", "decide_hit"), {"released"}),
        (("view_velocityhit", "decide_hit", "propose_refund"), {"released", "refunded"}),
        (("view_velocityhit", "decide_hit", "change_user"), {"released", "suspended"}),
    ],
)
@pytest.mark.parametrize("wanted", ["released", "refunded", "suspended"])
def test_each_decision_asks_for_the_right_to_its_effect(
    carol: User, rights: tuple[str, ...], may: set[str], wanted: str
) -> None:
    hit = held(carol)
    browser = clerk(*rights)
    press(browser, hit, wanted)
    decided = VelocityHit.objects.get(pk=hit.pk).decision
    assert decided == (wanted if wanted in may else "")
    assert User.objects.get(pk=carol.pk).is_active == (decided != "suspended")
    assert (order_of(hit).state == "paid") == bool(decided)
