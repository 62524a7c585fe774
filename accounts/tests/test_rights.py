"""Rights of staff: superusers alone give them, every change is noted and told."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import RightsChange, User
from conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def gus(db: None) -> User:
    """Staff who may do everything with groups and people, and is no superuser."""
    user = person("gus", is_staff=True)
    names = ("group", "user", "permission")
    user.user_permissions.set(Permission.objects.filter(content_type__model__in=names))
    return user


def noted() -> list[str]:
    changes = RightsChange.objects.filter(notify_at__isnull=False)
    return [str(change) for change in changes.order_by("pk")]


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_groups_belong_to_superusers(client: Client, gus: User, dana: User, page: str) -> None:
    group = Group.objects.create(name="Night watch")
    gus.groups.add(group)
    address = reverse(f"admin:auth_group_{page}", args=[] if page == "add" else [group.pk])
    every = list(Permission.objects.values_list("pk", flat=True))
    answers = {"name": "Mine", "permissions": every, "post": "yes"}
    client.force_login(gus)
    assert client.post(address, answers).status_code == 403
    assert not User.objects.get(pk=gus.pk).has_perm("payouts.approve_batch")
    assert Group.objects.get(pk=group.pk).name == "Night watch"
    client.force_login(dana)
    assert client.post(address, answers).status_code == 302


def test_flags_and_groups_of_people_belong_to_superusers(
    client: Client, gus: User, alice: User
) -> None:
    group = Group.objects.create(name="Night watch")
    client.force_login(gus)
    new = {
        "email": "zoe@example.com",
        "handle": "zoe",
        "password1": "harbour-night-7",
        "password2": "harbour-night-7",
        "usable_password": "true",
    }
    grab = {"is_staff": "on", "is_superuser": "on", "groups": [group.pk]}
    assert client.post(reverse("admin:accounts_user_add"), new | grab).status_code == 302
    page = reverse("admin:accounts_user_change", args=[alice.pk])
    client.post(page, {"handle": "alice", "country": "DE", "is_active": "on"} | grab)
    for user in User.objects.filter(handle__in=["zoe", "alice"]):
        assert not (user.is_staff or user.is_superuser or user.groups.exists())


def test_every_way_to_a_right_is_noted(carol: User) -> None:
    """Forms, code and SQL alike: the database itself writes it down."""
    group = Group.objects.create(name="Payouts")
    right = Permission.objects.get(codename="approve_batch")
    User.objects.filter(pk=carol.pk).update(is_staff=True)
    carol.groups.add(group)
    group.permissions.add(right)
    carol.user_permissions.add(right)
    User.objects.filter(pk=carol.pk).update(is_superuser=True)
    User.objects.filter(pk=carol.pk).update(is_active=False)
    User.objects.filter(pk=carol.pk).update(is_active=True, is_superuser=False)
    group.permissions.clear()
    carol.groups.clear()
    person("zed", is_superuser=True)
    assert noted() == [
        "+ is_staff",
        "+ group Payouts",
        "+ payouts.approve_batch",
        "+ payouts.approve_batch",
        "+ is_superuser",
        "- is_active",
        "- is_superuser",
        "+ is_active",
        "- payouts.approve_batch",
        "- group Payouts",
        "+ is_superuser",
    ]


def test_what_is_no_right_is_not_noted(carol: User, alice: User) -> None:
    carol.display_name = "Carol"
    carol.save()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert noted() == []


def test_all_superusers_are_told_once(
    dana: User, erin: User, carol: User, mailoutbox: list[EmailMessage]
) -> None:
    RightsChange.objects.update(notify_at=None)
    group = Group.objects.create(name="Payouts")
    group.permissions.add(Permission.objects.get(codename="approve_batch"))
    User.objects.filter(pk=carol.pk).update(is_staff=True)
    assert rights.tell_due() == 2
    assert sorted(mail.to for mail in mailoutbox) == [[dana.email], [erin.email]]
    for words in ("group Payouts got: payouts.approve_batch", "@carol got: is_staff"):
        assert words in mailoutbox[0].body
    assert rights.tell_due() == 0


def test_who_is_gone_is_still_told_of(dana: User, mailoutbox: list[EmailMessage]) -> None:
    zed = person("zed", is_staff=True)
    group = Group.objects.create(name="Gone")
    zed.groups.add(group)
    group.delete()
    zed.emailaddress_set.all().delete()  # type: ignore[attr-defined]  # allauth's reverse name
    User.objects.filter(pk=zed.pk).delete()
    rights.tell_due()
    assert "? got: is_staff" in mailoutbox[0].body


def test_a_failed_mail_is_due_again(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: EmailMessage) -> int:
        raise OSError

    monkeypatch.setattr(EmailMessage, "send", fails)
    with pytest.raises(OSError):
        rights.tell_due()
    [left] = RightsChange.objects.filter(notify_at__isnull=False)[:1]
    assert left.notify_at is not None
    assert left.notify_at > timezone.now()
