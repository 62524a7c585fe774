"""Sessions: one query tells who asks, and whatever ends one ends it at once."""

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Session, User
from accounts.models.sessions import SEEN_EVERY, SessionStore
from accounts.tests.people import signed_in

pytestmark = pytest.mark.django_db

WHO_AM_I = "/api/v1/me/"


def opens(client: Client) -> bool:
    return client.get(WHO_AM_I).status_code == 200


def seen(user: User) -> datetime:
    noted: datetime = UserSession.objects.get(user=user).last_seen_at
    return noted


def settle(client: Client) -> None:
    """Let the visit be noted, as the first request after signing in does."""
    assert opens(client)


def test_the_session_person_costs_one_query(
    carol: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(carol)
    settle(client)
    # Who asks; the address reads the person anew; the version of the reference data.
    with django_assert_num_queries(3):
        assert opens(client)


def test_a_session_belongs_to_whom_it_was_opened_for(carol: User, dana: User) -> None:
    client = signed_in(carol)
    assert list(carol.sessions.values_list("session_key", flat=True)) == [
        client.session.session_key
    ]
    client.post(reverse("account_logout"))
    assert not carol.sessions.exists()
    client.post(reverse("account_login"), {"login": dana.email, "password": "harbour-night-7"})
    assert Session.objects.get(pk=client.session.session_key).user == dana


def test_a_person_who_is_deleted_is_signed_out(carol: User) -> None:
    client = signed_in(carol)
    carol.delete()
    assert not Session.objects.exists()
    assert not opens(client)


def test_a_closed_account_opens_nothing_from_that_moment(carol: User) -> None:
    client = signed_in(carol)
    settle(client)
    User.objects.filter(pk=carol.pk).update(is_active=False)
    assert not opens(client)
    assert client.get(reverse("accounts:settings")).status_code == 302


def test_another_password_ends_the_other_sessions(carol: User) -> None:
    here, there = signed_in(carol), signed_in(carol)
    settle(here)
    settle(there)
    changed = here.post(
        reverse("account_change_password"),
        {
            "oldpassword": "harbour-night-7",
            "password1": "quiet-lantern-22",
            "password2": "quiet-lantern-22",
        },
    )
    assert changed.status_code == 302
    assert opens(here)
    assert not opens(there)


def test_a_session_that_ran_out_opens_nothing(carol: User) -> None:
    client = signed_in(carol)
    settle(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not opens(client)


def test_a_session_whose_row_names_somebody_else_opens_neither_account(
    carol: User, dana: User
) -> None:
    client = signed_in(carol)
    User.objects.filter(pk=dana.pk).update(password=carol.password)  # so that nothing else differs
    Session.objects.update(user=dana)
    assert client.get(WHO_AM_I).json()["handle"] == "carol"


def test_a_new_secret_key_keeps_everybody_signed_in_while_the_old_one_is_named(
    carol: User, settings: Settings
) -> None:
    client = signed_in(carol)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-nobody-has-seen-before"
    assert opens(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert opens(client)  # Django wrote the session anew under the new one


def test_a_visit_is_noted_once_in_a_while(carol: User) -> None:
    client = signed_in(carol)
    settle(client)
    first = seen(carol)
    settle(client)
    assert seen(carol) == first
    Session.objects.update(seen_at=timezone.now() - SEEN_EVERY)
    settle(client)
    assert seen(carol) > first


def test_of_two_requests_at_once_one_notes_the_visit(carol: User) -> None:
    client = signed_in(carol)
    settle(client)
    Session.objects.update(seen_at=timezone.now() - SEEN_EVERY)
    key = client.session.session_key
    one, other = SessionStore(key), SessionStore(key)
    assert one.person() == other.person() == carol
    assert (one.note_use(), other.note_use()) == (True, False)


def test_saving_a_session_keeps_when_it_was_seen(carol: User) -> None:
    client = signed_in(carol)
    settle(client)
    before = Session.objects.get()
    session = client.session
    session["colour"] = "dark"
    session.save()
    after = Session.objects.get()
    assert (after.seen_at, after.user) == (before.seen_at, carol)
    assert after.session_data != before.session_data
