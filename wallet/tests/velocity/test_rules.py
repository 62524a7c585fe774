"""Rules as rows: what they say, what they may say, and where they hold."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from conftest import person
from wallet.models import VelocityHit, VelocityRule
from wallet.tests.velocity.stage import Action, Kind, only
from wallet.velocity.rules import in_force
from wallet.velocity.sentences import sentence

pytestmark = pytest.mark.django_db
ASKED = [Action.FLAG, Action.HOLD, Action.BLOCK]


def test_every_default_rule_is_a_sentence() -> None:
    said = [sentence(rule) for rule in VelocityRule.objects.order_by("pk")]
    assert said == [
        "More than 3 cards on one account within 24 hours: hold the order.",
        "More than 3 accounts paying with one card within 30 days: hold the order.",
        "More than 3 accounts in one browser within 30 days: tell staff.",
        "More than 20 accounts in one network within 24 hours: tell staff.",
        "More than 10 failed payments on one account within 24 hours: refuse the order.",
        "More than $100.00 bought by an account younger than 7 days within 7 days: tell staff.",
        "More than 2 countries of one account and its cards within 7 days: tell staff.",
        "More than $500.00 sent by one fan to one creator within 24 hours: tell staff.",
        "More than 20% of a creator's income of $20.00 or more from accounts with the creator's own"
        " browser, card or bank account within 30 days: hold the creator's diamonds.",
        "More than 50% of a creator's income of $50.00 or more from fans who share a browser or a "
        "card with another within 30 days: tell staff.",
        "More than 60% of a creator's income of $100.00 or more from accounts younger than 7 days "
        "within 7 days: tell staff.",
    ]
    assert {rule.kind for rule in VelocityRule.objects.all()} == set(Kind.values)


def test_a_rule_of_a_region_says_where() -> None:
    rule = only(Kind.CARDS_PER_ACCOUNT, region=person("fan").region)
    assert ", in Euro area (EUR): hold the order." in sentence(rule)


UNFIT: dict[str, list[dict[str, Any]]] = {
    "velocity_rule_has_bounds": [
        {"kind": Kind.CARDS_PER_ACCOUNT, "threshold": 0},
        {"kind": Kind.CARDS_PER_ACCOUNT, "window_hours": 0},
        {"kind": Kind.CARDS_PER_ACCOUNT, "window_hours": 24 * 90 + 1},
    ],
    "velocity_refuses_only_what_it_knows": [
        {"kind": kind, "action": Action.BLOCK}
        for kind in Kind.values
        if kind not in VelocityRule.BEFORE_PAYMENT and kind not in VelocityRule.OF_AN_AGE
    ],
    "velocity_rule_knows_what_is_new": [
        {"kind": Kind.YOUNG_FANS},
        {"kind": Kind.NEW_ACCOUNT_SPENDING, "account_days": 366},
        {"kind": Kind.CARDS_PER_ACCOUNT, "account_days": 7},
    ],
    "velocity_percent_below_100": [
        {"kind": Kind.LINKED_FANS, "threshold": 100},
        {"kind": Kind.CARDS_PER_ACCOUNT, "least_usd": 5},
    ],
}


@pytest.mark.parametrize(
    ("constraint", "facts"), [(name, facts) for name, all_ in UNFIT.items() for facts in all_]
)
def test_the_database_refuses_a_rule_that_makes_no_sense(
    constraint: str, facts: dict[str, object]
) -> None:
    VelocityRule.objects.all().delete()
    whole = {"action": Action.FLAG, "threshold": 3, "window_hours": 24, **facts}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        VelocityRule.objects.create(**whole)


def test_a_rule_is_there_once_for_each_place() -> None:
    only(Kind.CARDS_PER_ACCOUNT)
    with pytest.raises(IntegrityError, match="one_velocity_rule_each"), transaction.atomic():
        VelocityRule.objects.create(
            kind=Kind.CARDS_PER_ACCOUNT, action=Action.HOLD, threshold=9, window_hours=1
        )


def test_the_rule_of_a_region_replaces_the_one_of_everywhere(carol: User) -> None:
    everywhere = only(Kind.CARDS_PER_ACCOUNT, threshold=3)
    here = VelocityRule.objects.create(
        kind=Kind.CARDS_PER_ACCOUNT,
        action=Action.HOLD,
        region=carol.region,
        threshold=9,
        window_hours=24,
    )
    assert in_force(carol, actions=ASKED) == [here]
    assert in_force(person("john", country="US"), actions=ASKED) == [everywhere]
    here.active = False
    here.save()
    assert in_force(carol, actions=ASKED) == []


HIT = {"said": "A rule.", "threshold": 1, "window_hours": 24, "counted": 2}


def hit(rule: VelocityRule, user: User, **more: object) -> VelocityHit:
    facts = HIT | {"rule": rule, "kind": rule.kind, "action": rule.action, "user": user} | more
    return VelocityHit.objects.create(**facts)


def test_a_hit_is_written_once_and_never_changed(carol: User, dana: User, erin: User) -> None:
    found = hit(only(Kind.CARDS_PER_ACCOUNT), carol)
    rows = VelocityHit.objects.filter(pk=found.pk)
    for changes in ({"counted": 9}, {"said": "Another."}, {"user": dana}, {"action": "flag"}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(**changes)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.delete()
    rows.update(proposed="released", proposed_by=dana)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(proposed="released", proposed_by=erin)
    done = {"decision": "released", "decided_at": timezone.now(), "note": "Well."}
    with pytest.raises(IntegrityError, match="takes_two_people"), transaction.atomic():
        rows.update(decided_by=dana, **done)
    rows.update(decided_by=erin, **done)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(decision="refunded")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("decided_by_somebody", {"decision": "released"}),
        ("decided_by_somebody", {"note": "Why?"}),
        ("proposed_by_somebody", {"proposed": "released"}),
        ("is_above_its_rule", {"counted": 1}),
    ],
)
def test_the_database_refuses_a_hit_that_makes_no_sense(
    carol: User, constraint: str, changes: dict[str, object]
) -> None:
    rule = only(Kind.CARDS_PER_ACCOUNT)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        hit(rule, carol, **changes)


def test_an_account_waits_once_for_a_decision(carol: User) -> None:
    rule = only(Kind.FAILED_PAYMENTS, Action.BLOCK)
    hit(rule, carol)
    with pytest.raises(IntegrityError, match="one_open_velocity_hit"), transaction.atomic():
        hit(rule, carol)
