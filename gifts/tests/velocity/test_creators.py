"""Where a creator's income comes from: what is counted, what is held, and how it is let go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Creator, User
from accounts.traces import Kind as Of
from accounts.traces import hidden, note
from conftest import give_coins, person
from gifts.models import SentGift
from gifts.tasks import check_creators
from gifts.tests.clawback.stage import sent
from live.models import Stream
from wallet.models import VelocityHit, VelocityRule
from wallet.reviews.deciding import decide
from wallet.tests.velocity.stage import Action, Kind, only
from wallet.velocity.counting import Tally
from wallet.velocity.creators import REASON, found, holding
from wallet.velocity.dry_run import dry_run

pytestmark = pytest.mark.django_db
Decision, Trust = VelocityHit.Decision, Creator.Trust
OLD = timedelta(days=60)


def fan(handle: str, *, age: timedelta = OLD) -> User:
    user = person(handle, date_joined=timezone.now() - age)
    give_coins(user, 50_000)
    return user


def trust_of(user: User) -> str:
    return Creator.objects.get(user=user).trust


def hit() -> VelocityHit:
    return VelocityHit.objects.get()


def test_gifts_of_one_fan_to_one_creator(stream: Stream) -> None:
    only(Kind.FAN_TO_CREATOR, Action.FLAG, threshold=4)
    frida, carl = fan("frida"), fan("carl")
    for each in (frida, carl):
        sent(each, stream, quantity=16)  # 400 coins, 4 US dollars
    assert check_creators() == 0
    sent(frida, stream)
    assert check_creators() == 1
    assert (hit().user, hit().counted) == (stream.creator, 5)
    assert hit().pks("accounts") == [frida.pk]
    assert len(hit().pks("gifts")) == 2
    assert trust_of(stream.creator) == Trust.TRUSTED


def test_what_was_undone_or_is_older_does_not_count(stream: Stream) -> None:
    only(Kind.FAN_TO_CREATOR, Action.FLAG, threshold=4)
    frida = fan("frida")
    sent(frida, stream, quantity=16)
    sent(frida, stream, quantity=16, days_ago=2)
    SentGift.objects.filter(pk=sent(frida, stream, quantity=16).pk).update(undone_at=timezone.now())
    assert check_creators() == 0


@pytest.mark.parametrize("shared", [Of.DEVICE, Of.CARD, Of.BANK])
def test_income_from_the_creators_own_hand(stream: Stream, shared: Of) -> None:
    rule = only(Kind.SHARED_WITH_FANS, Action.HOLD, threshold=50, least_usd=1)
    own, other = fan("own"), fan("other")
    for each in (own, stream.creator):
        note(each, {shared: hidden(shared, "one and the same")})
    note(other, {Of.NETWORK: "203.0.113.0/24"})
    note(stream.creator, {Of.NETWORK: "203.0.113.0/24"})  # a network is no hand
    sent(own, stream, quantity=4)
    sent(other, stream, quantity=4)
    assert check_creators() == 0, "half of the income is not more than half"
    sent(own, stream)
    assert check_creators() == 1
    assert (hit().counted, hit().pks("accounts")) == (56, [own.pk])
    assert trust_of(stream.creator) == Trust.FLAGGED
    assert dry_run(rule).hit == 1


def test_income_below_the_least_is_not_looked_at(stream: Stream) -> None:
    only(Kind.YOUNG_FANS, Action.FLAG, threshold=50, account_days=7, least_usd=3)
    young = fan("young", age=timedelta(days=1))
    sent(young, stream, quantity=8)  # 200 coins, 2 US dollars
    assert check_creators() == 0
    sent(young, stream, quantity=4)
    assert check_creators() == 1


def test_income_from_new_accounts(stream: Stream) -> None:
    only(Kind.YOUNG_FANS, Action.FLAG, threshold=60, account_days=7)
    young, old = fan("young", age=timedelta(days=6)), fan("old", age=timedelta(days=8))
    sent(young, stream, quantity=6)
    sent(old, stream, quantity=4)
    assert check_creators() == 0
    sent(young, stream)
    assert check_creators() == 1
    assert (hit().counted, hit().pks("accounts")) == (64, [young.pk])


def test_income_from_fans_of_one_hand(stream: Stream) -> None:
    only(Kind.LINKED_FANS, Action.FLAG, threshold=60)
    ring = [fan(f"ring{n}") for n in range(3)]
    for each in ring:
        note(each, {Of.DEVICE: hidden(Of.DEVICE, "farm"), Of.NETWORK: "203.0.113.0/24"})
        sent(each, stream, quantity=2)
    alone = fan("alone")
    note(alone, {Of.DEVICE: hidden(Of.DEVICE, "phone"), Of.NETWORK: "203.0.113.0/24"})
    sent(alone, stream, quantity=4)
    assert check_creators() == 0
    sent(ring[0], stream)
    assert check_creators() == 1
    assert (hit().counted, set(hit().pks("accounts"))) == (64, {each.pk for each in ring})


def held(stream: Stream) -> VelocityHit:
    only(Kind.YOUNG_FANS, Action.HOLD, account_days=7)
    sent(fan("young", age=timedelta(days=1)), stream)
    assert check_creators() == 1
    return hit()


def days_on_hold() -> int:
    gift = SentGift.objects.get()
    return (gift.release_at - gift.created_at).days


def test_a_hold_lasts_as_a_flag_does_and_is_lifted_by_a_release(stream: Stream, dana: User) -> None:
    found_once = held(stream)
    assert (days_on_hold(), trust_of(stream.creator)) == (30, Trust.FLAGGED)
    assert Creator.objects.get(user=stream.creator).trust_reason == REASON
    assert holding(stream.creator)
    assert check_creators() == 0, "it waits already"
    decide(hit=found_once, decision=Decision.RELEASED, by=dana, note="Her birthday.")
    assert (days_on_hold(), trust_of(stream.creator)) == (7, Trust.TRUSTED)
    assert not holding(stream.creator)
    assert check_creators() == 0, "a person decided about this window"
    assert Creator.objects.get(user=stream.creator).trust_reason == ""


def test_a_flag_of_staff_stays_when_a_hit_is_released(stream: Stream, dana: User) -> None:
    found_once = held(stream)
    Creator.objects.update(trust=Trust.FLAGGED, trust_reason="Begging.")
    decide(hit=found_once, decision=Decision.RELEASED, by=dana, note="Her birthday.")
    creator = Creator.objects.get(user=stream.creator)
    assert (creator.trust, creator.trust_reason) == (Trust.FLAGGED, "Begging.")


def test_two_hits_are_both_decided_before_the_hold_is_lifted(stream: Stream, dana: User) -> None:
    first = held(stream)
    other = VelocityRule.objects.get(kind=Kind.SHARED_WITH_FANS)
    second = found(other, Tally(99), stream.creator)
    assert second
    decide(hit=first, decision=Decision.RELEASED, by=dana, note="Well.")
    assert trust_of(stream.creator) == Trust.FLAGGED
    decide(hit=second, decision=Decision.RELEASED, by=dana, note="Well.")
    assert trust_of(stream.creator) == Trust.TRUSTED


def test_a_creator_who_is_closed_stays_held(stream: Stream, dana: User) -> None:
    decide(hit=held(stream), decision=Decision.SUSPENDED, by=dana, note="Colluding.")
    assert trust_of(stream.creator) == Trust.FLAGGED
    assert not User.objects.get(pk=stream.creator_id).is_active


def test_sending_a_gift_asks_no_rule(stream: Stream) -> None:
    sender = fan("sender")
    sent(sender, stream)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sent(sender, stream)
    assert not [each for each in asked.captured_queries if "velocity" in str(each["sql"])]
    assert not [each for each in asked.captured_queries if "accounts_trace" in str(each["sql"])]
