"""An account, right, group or second step that was just made approves no payouts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from pytest_django import Settings

from accounts.approvers import ApproverTooNew
from accounts.models import RightsChange, User
from conftest import person
from payouts.batches import bank_files
from payouts.models import Batch, Payout
from payouts.tests.builders import built, eur, fresh, ready

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def approve_right() -> Permission:
    return Permission.objects.get(codename="approve_batch")


def aged(user: User, by: timedelta) -> None:
    """Let everything that the person has be older."""
    at = timezone.now() - by
    User.objects.filter(pk=user.pk).update(date_joined=at)
    RightsChange.objects.update(at=at)
    Authenticator.objects.filter(user=user).update(created_at=at)
    user.refresh_from_db()


def by_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now())


def by_staff(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=False)
    User.objects.filter(pk=user.pk).update(is_staff=True)


def by_superuser(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def by_right(user: User) -> None:
    user.user_permissions.add(approve_right())


def by_group(user: User) -> None:
    user.groups.add(Group.objects.get(name="Old"))


def by_right_of_group(user: User) -> None:
    Group.objects.get(name="Theirs").permissions.add(approve_right())


def by_second_step(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={})


WAYS = [by_account, by_staff, by_superuser, by_right, by_group, by_right_of_group, by_second_step]
way_of = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


@pytest.fixture
def olga(db: None) -> User:
    """Staff of long standing, in a group, with another group that may approve."""
    olga = person("olga", is_staff=True)
    Group.objects.create(name="Old").permissions.add(approve_right())
    olga.groups.add(Group.objects.create(name="Theirs"))
    aged(olga, 48 * HOUR)
    return olga


def refused(batch: Batch, by: User) -> bool:
    try:
        bank_files.approve(batch=batch, by=User.objects.get(pk=by.pk))
    except ApproverTooNew as refusal:
        assert "Ask a colleague to approve it." in refusal.detail
        return True
    return False


@way_of
def test_what_is_younger_than_the_batch_approves_nothing(
    bob: User, dana: User, olga: User, way: Callable[[User], None]
) -> None:
    payout = ready(bob)
    batch = built(dana, payout)
    way(olga)
    assert refused(batch, olga)
    assert Batch.objects.get().state == Batch.State.BUILT
    assert fresh(payout).state == Payout.State.BATCHED
    assert eur("payout_in_transit:bank_file") == 0


@way_of
def test_what_is_younger_than_a_day_approves_nothing(
    bob: User, dana: User, olga: User, settings: Settings, way: Callable[[User], None]
) -> None:
    settings.APPROVER_REST_HOURS = 24
    way(olga)
    batch = built(dana, ready(bob))
    aged(olga, 23 * HOUR)
    assert refused(batch, olga)
    aged(olga, 25 * HOUR)
    assert not refused(batch, olga)


def test_who_had_it_for_long_approves(
    bob: User, dana: User, olga: User, settings: Settings
) -> None:
    settings.APPROVER_REST_HOURS = 24
    assert not refused(built(dana, ready(bob)), olga)


def test_a_right_that_approves_nothing_delays_nobody(bob: User, dana: User, olga: User) -> None:
    """As when a release lets a group of approvers look at one list more."""
    olga.groups.add(Group.objects.get(name="Old"))
    aged(olga, 48 * HOUR)
    batch = built(dana, ready(bob))
    look = Permission.objects.get(codename="view_ledgercheck")
    Group.objects.get(name="Old").permissions.add(look)
    olga.user_permissions.add(look)
    olga.groups.add(Group.objects.create(name="Readers"))
    assert not refused(batch, olga)


def test_a_right_of_others_and_one_that_is_lost_delay_nobody(
    bob: User, dana: User, olga: User
) -> None:
    batch = built(dana, ready(bob))
    person("mole", is_staff=True).user_permissions.add(approve_right())
    Group.objects.get(name="Old").permissions.clear()
    olga.groups.clear()
    assert not refused(batch, olga)
