"""The settings: profile, country, second factors, sessions."""

import base64
import hmac
import re
import time
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.ages import TooYoung
from accounts.models import Country, Creator, User
from accounts.tests.people import signed_in

pytestmark = pytest.mark.django_db

SETTINGS = "accounts:settings"


def code_for(secret: str) -> str:
    """Say what an authenticator app shows now (RFC 6238)."""
    moment = int(time.time()) // 30
    digest = hmac.digest(base64.b32decode(secret), moment.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def turn_on_totp(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    if "password" in page.context["form"].fields:
        page = client.post(
            page.request["PATH_INFO"] + "?next=" + reverse("mfa_activate_totp"),
            {"password": "harbour-night-7"},
            follow=True,
        )
    secret = str(page.context["form"].secret)
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return secret


def test_the_page_shows_my_things_and_nobody_elses(carol: User, bob: User) -> None:
    page = signed_in(carol).get(reverse(SETTINGS)).content.decode()
    assert carol.email in page
    assert bob.email not in page
    assert 'id="creator"' not in page


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    for name in ("settings", "country", "make_api_key"):
        response = client.get(reverse(f"accounts:{name}"))
        assert response.headers["Location"].startswith(reverse("account_login"))


def test_a_profile_can_be_changed(carol: User) -> None:
    client = signed_in(carol)
    client.post(reverse("accounts:profile"), {"display_name": "Carola", "handle": "Caro_1"})
    carol.refresh_from_db()
    assert (carol.display_name, carol.handle) == ("Carola", "caro_1")


def test_the_handle_of_another_is_refused_and_changes_nothing(carol: User, bob: User) -> None:
    page = signed_in(carol).post(
        reverse("accounts:profile"), {"display_name": "Bobby", "handle": "BOB"}
    )
    assert page.status_code == 422
    assert "This handle is taken" in page.content.decode()
    carol.refresh_from_db()
    assert (carol.display_name, carol.handle) == ("Carol", "carol")


def test_the_database_refuses_a_taken_handle_even_past_the_form(carol: User, bob: User) -> None:
    with pytest.raises(services.HandleTaken):
        services.save_profile(user=carol, handle="bob", display_name="")


def test_the_birthday_cannot_be_edited(carol: User) -> None:
    client = signed_in(carol)
    client.post(
        reverse("accounts:profile"),
        {"display_name": "C", "handle": "carol", "date_of_birth": "2001-01-01"},
    )
    carol.refresh_from_db()
    assert carol.date_of_birth == date(1990, 5, 17)


def test_moving_shows_first_what_it_changes(carol: User) -> None:
    client = signed_in(carol)
    page = client.get(reverse("accounts:country"), {"country": "JP"}).content.decode()
    assert "EUR → JPY" in page
    carol.refresh_from_db()
    assert carol.country_id == "DE"

    client.post(reverse("accounts:country"), {"country": "JP"})
    carol.refresh_from_db()
    assert carol.region.currency == "JPY"


def test_nobody_moves_to_where_they_are_too_young(carol: User) -> None:
    today = date.today()
    carol.date_of_birth = today.replace(year=today.year - 19, day=1)
    carol.save()
    client = signed_in(carol)
    page = client.get(reverse("accounts:country"), {"country": "JP"}).content.decode()
    assert "Not available in Japan yet" in page
    assert client.post(reverse("accounts:country"), {"country": "JP"}).status_code == 403
    carol.refresh_from_db()
    assert carol.country_id == "DE"


def test_a_country_that_is_not_is_asked_again(carol: User) -> None:
    page = signed_in(carol).post(reverse("accounts:country"), {"country": "ZZ"})
    assert page.status_code == 422


def test_going_on_air_asks_for_age_and_happens_once(carol: User) -> None:
    first = services.become_creator(user=carol, bio="Tea")
    again = services.become_creator(user=carol, bio="Other")
    assert first == again
    assert again.bio == "Tea"
    carol.refresh_from_db()
    assert carol.is_creator


def test_a_country_of_sixteen_still_asks_creators_for_eighteen(carol: User) -> None:
    Country.objects.filter(code="DE").update(minimum_age=16)
    carol.date_of_birth = date.today().replace(year=date.today().year - 17, day=1)
    carol.country = Country.objects.get(code="DE")
    with pytest.raises(TooYoung):
        services.become_creator(user=carol)
    assert not Creator.objects.filter(user=carol).exists()


def test_who_never_told_country_or_birthday_cannot_go_on_air(carol: User) -> None:
    carol.date_of_birth = None
    with pytest.raises(services.OriginUnknown):
        services.become_creator(user=carol)


def test_a_creator_changes_what_stands_under_the_stream(bob: User) -> None:
    picture = "accounts/avatars/whale.svg"
    signed_in(bob).post(reverse("accounts:creator"), {"bio": "Songs", "avatar": picture})
    creator = Creator.objects.get(user=bob)
    assert (creator.bio, creator.avatar, creator.accepts_gifts) == ("Songs", picture, False)


def test_a_fan_has_no_creator_profile(carol: User) -> None:
    assert signed_in(carol).post(reverse("accounts:creator"), {"bio": "x"}).status_code == 404


def test_the_owner_is_told_when_the_locks_change(carol: User) -> None:
    signed_in(carol).post(
        reverse("account_change_password"),
        {"oldpassword": "harbour-night-7", "password1": "nine-lanterns-out"},
    )
    (email,) = mail.outbox
    assert email.subject == "[SANDBOX] Your password was changed"
    assert "If this wasn't you" in email.body


def test_the_second_step_is_asked_for_once_it_is_on(carol: User) -> None:
    secret = turn_on_totp(signed_in(carol))
    assert Authenticator.objects.filter(user=carol, type="totp").exists()

    client = Client()
    step = client.post(
        reverse("account_login"), {"login": carol.email, "password": "harbour-night-7"}
    )
    assert step.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Enter the one your app shows now" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    # The same code again is refused within its half minute, so a recovery code opens too.
    if "_auth_user_id" not in client.session:
        codes = Authenticator.objects.get(user=carol, type="recovery_codes")
        client.post(reverse("mfa_authenticate"), {"code": codes.wrap().get_unused_codes()[0]})
    assert "_auth_user_id" in client.session


def test_the_secrets_of_second_steps_are_not_readable_in_the_database(carol: User) -> None:
    secret = turn_on_totp(signed_in(carol))
    stored = Authenticator.objects.get(user=carol, type="totp")
    assert secret not in str(stored.data)


def test_recovery_codes_are_shown_and_can_be_downloaded(carol: User) -> None:
    client = signed_in(carol)
    turn_on_totp(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<li>\w+</li>", page)) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200


def test_the_other_sessions_can_be_ended(carol: User) -> None:
    here, there = signed_in(carol), signed_in(carol)
    here.get(reverse(SETTINGS))
    there.get(reverse(SETTINGS))
    assert "In 2 browsers" in here.get(reverse(SETTINGS)).content.decode()
    here.post(reverse("usersessions_list"))
    assert there.get(reverse(SETTINGS)).status_code == 302
    assert here.get(reverse(SETTINGS)).status_code == 200


def test_who_never_told_country_and_birthday_tells_them_once(dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(country=None, date_of_birth=None)
    client = signed_in(dana)
    assert (
        "We need both to show your prices"
        in client.get(reverse("accounts:country")).content.decode()
    )
    told = {"country": "JP", "date_of_birth": "1990-05-17"}
    client.post(reverse("accounts:country"), told)
    dana.refresh_from_db()
    assert (dana.country_id, dana.date_of_birth) == ("JP", date(1990, 5, 17))
    client.post(reverse("accounts:country"), told | {"date_of_birth": "1980-01-01"})
    dana.refresh_from_db()
    assert dana.date_of_birth == date(1990, 5, 17)
    japan = Country.objects.get(code="JP")
    with pytest.raises(services.OriginKnown):
        services.set_origin(user=dana, country=japan, born=date(1980, 1, 1))


def test_a_birthday_told_late_is_looked_at_as_well(dana: User) -> None:
    User.objects.filter(pk=dana.pk).update(country=None, date_of_birth=None)
    born = date.today().replace(year=date.today().year - 17, day=1)
    told = {"country": "DE", "date_of_birth": born.isoformat()}
    assert signed_in(dana).post(reverse("accounts:country"), told).status_code == 403
    dana.refresh_from_db()
    assert (dana.country_id, dana.date_of_birth) == (None, None)


@pytest.mark.parametrize(
    ("email", "handle"),
    [
        ("Ada.Lovelace+x@example.com", "ada_lovelace_x"),
        ("bo@example.com", "bo_staff"),
        ("carol@elsewhere.com", "carol_2"),
        ("--@example.com", "staff"),
    ],
)
def test_a_colleague_made_by_command_gets_a_handle(carol: User, email: str, handle: str) -> None:
    made = User.objects.create_superuser(email, "harbour-night-7")
    made.full_clean()
    assert made.handle == handle
