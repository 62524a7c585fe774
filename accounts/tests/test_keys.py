"""Keys to the API end with what their owner trusts no longer."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.people import signed_in
from conftest import api_key

pytestmark = pytest.mark.django_db

OLD, NEW = "harbour-night-7", "another-harbour-8"


@pytest.fixture
def key(carol: User) -> str:
    return api_key(carol)


def works(key: str) -> bool:
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"})
    return answer.status_code == 200


def test_a_changed_password_ends_it(carol: User, key: str) -> None:
    assert works(key)
    answers = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    signed_in(carol).post(reverse("account_change_password"), answers)
    assert User.objects.get(pk=carol.pk).check_password(NEW)
    assert not works(key)


def test_a_reset_password_ends_it(client: Client, carol: User, key: str) -> None:
    link = {"uidb36": user_pk_to_url_str(carol), "key": default_token_generator.make_token(carol)}
    form = client.get(reverse("account_reset_password_from_key", kwargs=link), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=carol.pk).check_password(NEW)
    assert not works(key)


@pytest.mark.parametrize("usable", ["true", "false"])
def test_a_password_set_or_taken_by_staff_ends_it(
    client: Client, dana: User, carol: User, key: str, usable: str
) -> None:
    client.force_login(dana)
    address = reverse("admin:auth_user_password_change", args=[carol.pk])
    answers = {"password1": NEW, "password2": NEW, "usable_password": usable}
    pressed = "set-password" if usable == "true" else "unset-password"
    client.post(address, answers | {pressed: "1"})
    assert not User.objects.get(pk=carol.pk).check_password(OLD)
    assert not works(key)


def test_a_password_set_by_a_command_ends_it(
    carol: User, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", carol.email, verbosity=0)
    assert User.objects.get(pk=carol.pk).check_password(NEW)
    assert not works(key)


def test_the_same_password_hashed_anew_leaves_it(carol: User, key: str, settings: Settings) -> None:
    hashers = "django.contrib.auth.hashers"
    settings.PASSWORD_HASHERS = [f"{hashers}.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    User.objects.filter(pk=carol.pk).update(password=make_password(OLD, hasher="md5"))
    carol.refresh_from_db()
    assert carol.check_password(OLD)
    assert carol.password.startswith("pbkdf2")
    assert works(key)


def test_a_second_step_that_is_turned_off_ends_it(carol: User) -> None:
    client = signed_in(carol)
    client.post(reverse("account_reauthenticate"), {"password": OLD})
    TOTP.activate(carol, "JBSWY3DPEHPK3PXP")
    key = api_key(carol)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=carol, type="totp").exists()
    assert not works(key)


def test_a_passkey_that_is_removed_ends_it(carol: User, key: str) -> None:
    client = signed_in(carol)
    client.post(reverse("account_reauthenticate"), {"password": OLD})
    passkey = Authenticator.objects.create(
        user=carol, type="webauthn", data={"name": "Phone", "credential": {}}
    )
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()
    assert not works(key)


def test_new_recovery_codes_leave_it(carol: User, key: str) -> None:
    Authenticator.objects.create(user=carol, type="recovery_codes", data={}).delete()
    assert works(key)


@pytest.mark.parametrize("others", [0, 1])
def test_signing_out_everywhere_ends_it(carol: User, key: str, others: int) -> None:
    client, *more = [signed_in(carol) for _browser in range(1 + others)]
    for browser in (client, *more):
        browser.get(reverse("accounts:settings"))
    client.post(reverse("usersessions_list"))
    assert all(browser.get("/api/v1/me/").status_code != 200 for browser in more)
    assert client.get("/api/v1/me/").status_code == 200
    assert not works(key)


def test_of_two_people_only_the_one_loses_it(carol: User, alice: User, key: str) -> None:
    alices = api_key(alice)
    carol.set_password(NEW)
    carol.save()
    assert not works(key)
    assert works(alices)
