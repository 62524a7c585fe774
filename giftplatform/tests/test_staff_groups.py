"""The groups that come with the site: equal to their declaration, and out of everyone's reach."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import RightsChange, User
from conftest import person
from giftplatform.staff.groups import GROUPS, permissions

pytestmark = pytest.mark.django_db


def rights_of(group: Group) -> set[str]:
    found = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def member(name: str) -> User:
    staff = person(name.lower(), is_staff=True)
    staff.groups.add(Group.objects.get(name=name))
    return staff


def test_the_groups_are_as_declared_whatever_was_done_to_them() -> None:
    finance = Group.objects.get(name="Finance")
    finance.permissions.add(*permissions(["payouts.approve_batch"]))
    Group.objects.get(name="Support").delete()
    call_command("load_economy", verbosity=0)
    found = {group.name: rights_of(group) for group in Group.objects.all()}
    assert found == {group.name: set(group.rights) for group in GROUPS}


def test_nobody_is_told_of_new_groups_and_everybody_of_changed_ones() -> None:
    assert not RightsChange.objects.filter(notify_at__isnull=False).exists()
    Group.objects.get(name="Finance").permissions.add(*permissions(["payouts.approve_batch"]))
    call_command("load_economy", verbosity=0)
    told = RightsChange.objects.filter(notify_at__isnull=False).order_by("pk")
    assert [str(one) for one in told] == ["+ payouts.approve_batch", "- payouts.approve_batch"]


def test_no_group_has_both_halves_of_what_takes_two_people() -> None:
    for one, other in (("build_batch", "approve_batch"), ("propose_booking", "confirm_booking")):
        both = {f"payouts.{one}", f"payouts.{other}"}
        assert [group.name for group in GROUPS if both <= set(group.rights)] == []
        assert both <= {right for group in GROUPS for right in group.rights}


def test_a_superuser_reads_them_and_changes_none(client: Client, dana: User) -> None:
    client.force_login(dana)
    group = Group.objects.get(name="Approvers")
    address = reverse("admin:auth_group_change", args=[group.pk])
    page = client.get(address).content.decode()
    assert "Is the second person" in page
    assert "Can approve a bank file created by another person" in page
    assert client.post(address, {"name": "Mine"}).status_code == 403
    delete = reverse("admin:auth_group_delete", args=[group.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_people_are_put_into_groups_by_boxes_that_say_what_for(
    client: Client, dana: User, carol: User
) -> None:
    client.force_login(dana)
    address = reverse("admin:accounts_user_change", args=[carol.pk])
    page = client.get(address).content.decode()
    for group in GROUPS:
        assert str(group.sentence).replace("'", "&#x27;") in page
    assert 'name="user_permissions"' not in page
    support = Group.objects.get(name="Support")
    answers = {"handle": "carol", "country": "DE", "is_active": "on", "is_staff": "on"}
    told = client.post(address, answers | {"groups": [support.pk]} | formsets(page))
    assert told.status_code == 302
    assert list(carol.groups.all()) == [support]


def formsets(page: str) -> dict[str, str]:
    """Return the counters of the lists beneath the form, as the page sends them."""
    import re

    return dict(re.findall(r'name="([\w-]+_FORMS)" value="(\d+)"', page))


@pytest.mark.parametrize("name", [group.name for group in GROUPS])
def test_the_first_page_opens_for_each_group(client: Client, name: str) -> None:
    client.force_login(member(name))
    assert client.get("/admin/").status_code == 200
