"""The staff site: the people whom it lets in, and that every page of it opens."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from giftplatform.tests.staff_pages import without_sidebar
from wallet.models import Bundle

pytestmark = pytest.mark.django_db

ADMIN = "/admin/"


def lists() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def test_visitors_are_sent_to_the_one_sign_in_page(client: Client) -> None:
    door = client.get(ADMIN).headers["Location"]
    assert client.get(door).headers["Location"].startswith(reverse("account_login"))


def test_the_old_form_for_passwords_does_not_answer(client: Client, dana: User) -> None:
    client.post(reverse("admin:login"), {"username": dana.email, "password": "harbour-night-7"})
    assert "_auth_user_id" not in client.session


def test_carol_is_refused(client: Client, carol: User) -> None:
    client.force_login(carol)
    assert client.get(ADMIN, follow=True).status_code == 403


def test_dana_sees_today(client: Client, dana: User) -> None:
    client.force_login(dana)
    page = client.get(ADMIN)
    assert page.status_code == 200
    for words in ("Live now", "Coins outstanding", "Queues", "Gifts per day", "SANDBOX"):
        assert words in page.content.decode()


def test_where_money_is_real_staff_need_a_second_step(
    client: Client, dana: User, settings: Settings
) -> None:
    settings.STAFF_SECOND_STEP = True
    client.force_login(dana)
    assert client.get(ADMIN, follow=True).request["PATH_INFO"] == reverse("mfa_index")
    Authenticator.objects.create(user=dana, type="totp", data={})
    assert client.get(ADMIN).status_code == 200


def test_the_policy_lets_scripts_come_from_here_alone(client: Client, dana: User) -> None:
    client.force_login(dana)
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in client.get(ADMIN).headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"


@pytest.mark.parametrize("model", lists(), ids=lambda model: model._meta.label)
def test_every_list_opens_and_can_be_searched(
    client: Client, dana: User, bob: User, model: type[Model]
) -> None:
    client.force_login(dana)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    with without_sidebar():
        # A policy of one row opens that row.
        assert client.get(address, follow=True).status_code == 200
        assert client.get(address, {"q": "bob"}, follow=True).status_code == 200
        assert client.get(add).status_code in {200, 302, 403}


def test_the_sidebar_shows_what_a_person_may_open(client: Client, carol: User) -> None:
    from django.contrib.auth.models import Permission

    carol.is_staff = True
    carol.save()
    carol.user_permissions.add(Permission.objects.get(codename="view_country"))
    client.force_login(carol)
    page = client.get(ADMIN).content.decode()
    assert "/admin/accounts/country/" in page
    assert "/admin/accounts/user/" not in page


def test_what_staff_did_cannot_be_changed(client: Client, dana: User) -> None:
    client.force_login(dana)
    client.post("/admin/auth/group/add/", {"name": "Payouts"})
    entry = LogEntry.objects.get(object_repr="Payouts")
    address = reverse("admin:admin_logentry_change", args=[entry.pk])
    assert client.post(address, {"object_repr": "x"}).status_code == 403
    assert client.post(reverse("admin:admin_logentry_delete", args=[entry.pk])).status_code == 403


def test_the_search_of_everything_finds_people(client: Client, dana: User, bob: User) -> None:
    client.force_login(dana)
    page = client.get(reverse("admin:search"), {"s": "bob", "extended": "1"})
    assert "@bob" in page.content.decode()


@pytest.mark.parametrize("value", ["abc", "2026-02-30", "9" * 40, "2026-01-01 00:00", ""])
def test_an_address_fills_in_only_what_a_new_row_belongs_to(
    client: Client, dana: User, value: str
) -> None:
    """Staff come to a pack's new price from the pack; any other value is left out."""
    client.force_login(dana)
    for keeper in admin.site._registry.values():
        names = [field.name for field in keeper.opts.fields]
        address = reverse(f"admin:{keeper.opts.app_label}_{keeper.opts.model_name}_add")
        told = client.get(address, dict.fromkeys(names, value))
        assert told.status_code in {200, 403}, address  # rows that the site alone writes
    bundle = Bundle.objects.first()
    assert bundle is not None
    page = client.get(reverse("admin:wallet_bundleprice_add"), {"bundle": bundle.pk})
    assert f'value="{bundle.pk}" selected' in page.content.decode()
