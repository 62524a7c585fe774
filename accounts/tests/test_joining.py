"""Joining: what is asked, what is kept, and who is asked to come back later."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import handles
from accounts.models import User
from conftest import person
from testing.threads import together


def answers(**changed: str) -> dict[str, str]:
    return {
        "email": "nora@example.com",
        "password1": "seven-lanterns-9",
        "handle": "nora",
        "country": "DE",
        "date_of_birth": "1991-02-03",
    } | changed


def years_ago(years: int, *, days: int = 0) -> str:
    today = timezone.now().date()
    try:
        born = today.replace(year=today.year - years)
    except ValueError:
        born = date(today.year - years, 3, 1)
    return (born + timedelta(days=days)).isoformat()


def rows() -> dict[str, int]:
    """Count every row of every table: the only honest meaning of 'nothing is kept'."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def link_in(text: object) -> str:
    found = re.search(r"http://testserver(\S+)", str(text))
    assert found, text
    return found[1]


@pytest.mark.django_db
def test_joining_asks_for_the_mail_and_then_one_is_in(client: Client) -> None:
    response = client.post(reverse("account_signup"), answers())
    assert response.headers["Location"] == reverse("account_email_verification_sent")

    (email,) = mail.outbox
    assert email.to == ["nora@example.com"]
    assert "please" not in email.body.lower()

    page = client.get(link_in(email.body))
    assert "@nora" in page.content.decode()
    client.post(link_in(email.body))

    nora = User.objects.get(handle="nora")
    assert int(client.session["_auth_user_id"]) == nora.pk
    assert (nora.country_id, nora.date_of_birth) == ("DE", date(1991, 2, 3))
    assert nora.check_password("seven-lanterns-9")


@pytest.mark.django_db
def test_before_the_link_is_opened_nobody_is_in(client: Client) -> None:
    client.post(reverse("account_signup"), answers())
    page = client.post(
        reverse("account_login"), {"login": "nora@example.com", "password": "seven-lanterns-9"}
    )
    assert page.headers["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


WAITING = "account_email_verification_sent"
HTMX = {"HX-Request": "true"}


@pytest.mark.django_db
def test_a_link_opened_in_another_browser_lets_the_first_one_go_on(client: Client) -> None:
    client.post(f"{reverse('account_signup')}", answers() | {"next": "/coins/?pack=3"})
    page = client.get(reverse(WAITING)).content.decode()
    assert "<strong>nora@example.com</strong>" in page and "every 3s" in page
    assert client.get(reverse(WAITING), headers=HTMX).status_code == 204
    other = Client()
    other.post(link_in(mail.outbox[0].body))
    assert "_auth_user_id" not in other.session
    assert "_auth_user_id" not in client.session
    onwards = client.get(reverse(WAITING), headers=HTMX)
    assert onwards["HX-Redirect"] == "/coins/?pack=3"
    assert int(client.session["_auth_user_id"]) == User.objects.get(handle="nora").pk


@pytest.mark.django_db
def test_without_scripts_the_waiting_page_goes_on_too(client: Client) -> None:
    client.post(reverse("account_signup"), answers())
    Client().post(link_in(mail.outbox[0].body))
    assert client.get(reverse(WAITING))["Location"] == "/"
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_a_second_tab_goes_on_when_the_first_is_in(client: Client) -> None:
    client.post(reverse("account_signup"), answers())
    client.post(link_in(mail.outbox[0].body))
    assert client.get(reverse(WAITING), headers=HTMX)["HX-Redirect"] == "/"


@pytest.mark.django_db
def test_a_stranger_with_the_address_alone_gets_nowhere(client: Client) -> None:
    client.post(reverse("account_signup"), answers())
    Client().post(link_in(mail.outbox[0].body))
    stranger = Client()
    stranger.post(reverse("account_signup"), answers(handle="other"))
    assert stranger.get(reverse(WAITING), headers=HTMX).status_code == 204
    assert "_auth_user_id" not in stranger.session


@pytest.mark.django_db
def test_the_link_is_sent_again_once_a_minute(client: Client) -> None:
    client.post(reverse("account_signup"), answers())
    client.post(reverse(WAITING))
    assert len(mail.outbox) == 2
    client.post(reverse(WAITING))
    assert len(mail.outbox) == 2
    assert "Wait a minute" in client.get(reverse(WAITING)).content.decode()
    client.post(link_in(mail.outbox[1].body))
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_the_waiting_page_does_not_tell_who_has_an_account(client: Client) -> None:
    person("nora")
    mine = client.post(reverse("account_signup"), answers(handle="other"))
    assert mine["Location"] == reverse(WAITING)
    known = client.get(reverse(WAITING)).content.decode()
    fresh = Client()
    fresh.post(reverse("account_signup"), answers(handle="ann", email="anna@example.com"))
    new = fresh.get(reverse(WAITING)).content.decode()

    def bare(page: str) -> str:
        page = re.sub(r'(csrf|nonce)[^>]+>|content="[A-Za-z0-9]{64}"', "", page)
        return page.replace("anna@example.com", "nora@example.com")

    assert bare(known) == bare(new)
    for browser, sent in ((client, len(mail.outbox)), (fresh, len(mail.outbox) + 1)):
        browser.post(reverse(WAITING))
        assert "sent you a new link" in browser.get(reverse(WAITING)).content.decode()
        assert len(mail.outbox) == sent


@pytest.mark.parametrize(("country", "age"), [("DE", 18), ("KR", 19), ("JP", 20)])
@pytest.mark.django_db
def test_under_age_leaves_nothing_at_all(client: Client, country: str, age: int) -> None:
    client.get(reverse("account_signup"))
    before, cookies = rows(), {name: cookie.value for name, cookie in client.cookies.items()}

    page = client.post(
        reverse("account_signup"),
        answers(country=country, date_of_birth=years_ago(age, days=1)),
    )

    assert page.status_code == 403
    assert f"must be {age}" in page.content.decode()
    assert "save anything you entered" in page.content.decode()
    assert rows() == before
    assert {name: cookie.value for name, cookie in client.cookies.items()} == cookies
    assert not page.cookies
    assert not mail.outbox


@pytest.mark.django_db
def test_under_age_is_seen_before_anything_else_is_read(client: Client) -> None:
    before = rows()
    page = client.post(
        reverse("account_signup"),
        {"country": "DE", "date_of_birth": years_ago(15), "email": "not an address"},
    )
    assert page.status_code == 403
    assert rows() == before


@pytest.mark.parametrize(("country", "age"), [("DE", 18), ("KR", 19), ("JP", 20)])
@pytest.mark.django_db
def test_on_the_birthday_the_door_is_open(client: Client, country: str, age: int) -> None:
    client.post(reverse("account_signup"), answers(country=country, date_of_birth=years_ago(age)))
    assert User.objects.filter(handle="nora", country=country).exists()


@pytest.mark.django_db
def test_the_page_says_when_to_come_back(client: Client) -> None:
    born = date.fromisoformat(years_ago(17))
    page = client.post(reverse("account_signup"), answers(date_of_birth=born.isoformat()))
    assert f"{born.day} {born:%B} {born.year + 18}" in page.content.decode()


@pytest.mark.parametrize("born", ["2999-01-01", "1850-01-01"])
@pytest.mark.django_db
def test_a_birthday_nobody_has_is_asked_again(client: Client, born: str) -> None:
    page = client.post(reverse("account_signup"), answers(date_of_birth=born))
    assert "Check the year." in page.content.decode()
    assert not User.objects.filter(handle="nora").exists()


@pytest.mark.django_db
def test_a_known_address_answers_like_a_new_one(client: Client, carol: User) -> None:
    new = client.post(reverse("account_signup"), answers())
    known = Client().post(reverse("account_signup"), answers(email=carol.email, handle="other"))
    assert (known.status_code, known.headers["Location"]) == (
        new.status_code,
        new.headers["Location"],
    )
    assert not User.objects.filter(handle="other").exists()
    assert "you already have an account" in mail.outbox[-1].body
    assert mail.outbox[-1].to == [carol.email]


@pytest.mark.parametrize("typed", ["Carol", "CAROL", "@carol", " carol "])
@pytest.mark.django_db
def test_a_handle_belongs_to_one_person_whatever_its_case(
    client: Client, carol: User, typed: str
) -> None:
    page = client.post(reverse("account_signup"), answers(handle=typed))
    assert "This handle is taken" in page.content.decode()


@pytest.mark.parametrize("typed", ["ab", "a b", "ünder", "_first", "x" * 25, "admin"])
@pytest.mark.django_db
def test_a_handle_that_cannot_be_had_is_asked_again(client: Client, typed: str) -> None:
    page = client.post(reverse("account_signup"), answers(handle=typed))
    assert page.status_code == 200
    assert "handle" in page.context["form"].errors


@pytest.mark.django_db
def test_a_handle_is_suggested_and_is_free_and_tells_nothing(client: Client) -> None:
    form = client.get(reverse("account_signup") + "?email=nora@example.com").context["form"]
    assert handles.clean(form["handle"].value()) == form["handle"].value()
    assert "nora" not in form["handle"].value()


@pytest.mark.django_db
def test_the_country_is_guessed_from_the_languages_of_the_browser(client: Client) -> None:
    form = client.get(
        reverse("account_signup"), headers={"accept-language": "de-AT,de;q=0.8"}
    ).context["form"]
    assert form["country"].value() == "AT"


def test_two_people_choosing_one_handle_at_once_get_one_and_a_sentence(
    committed: None, settings: Settings
) -> None:
    """While a password is hashed both find the handle free; the database does not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

    def join(number: int) -> int:
        page = Client().post(
            reverse("account_signup"), answers(email=f"{number}@example.com", handle="both")
        )
        return page.status_code

    assert sorted(together(join)) == [
        200,
        302,
    ]  # one is in; the other sees the form with its sentence
    assert User.objects.filter(handle="both").count() == 1


@pytest.mark.django_db
def test_too_many_tries_are_slowed_down_in_words(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post(reverse("account_signup"), {})
    page = client.post(reverse("account_signup"), {})
    assert page.status_code == 429
    assert "Too many requests" in page.content.decode()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("seven-l", "Use at least 8 characters. A short sentence is easy to remember."),
        ("password1", "Many people use this password."),
        ("8203948571", "This password is only digits. Add letters or words."),
        ("nora@example.com", "This password is too close to your email or name."),
    ],
)
@pytest.mark.django_db
def test_a_weak_password_is_refused_in_our_words(client: Client, password: str, said: str) -> None:
    page = client.post(reverse("account_signup"), answers(password1=password)).content.decode()
    assert said in page
    assert "This password is too" not in page.replace("too close to your", "")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_new_password_like_ones_handle_is_refused() -> None:
    with pytest.raises(ValidationError, match="too close to your email or name"):
        validate_password("lighthouse_keeper", person("lighthouse_keepr"))
