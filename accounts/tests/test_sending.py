"""A person's gift settings: from how many coins to ask, and where to show the name."""

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import MOST_COINS, User

pytestmark = pytest.mark.django_db

SENDING = "accounts:sending"
BY_SCRIPT = {"HX-Request": "true"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ways_of(user: User) -> tuple[int | None, bool]:
    user.refresh_from_db()
    return user.confirm_from_coins, user.private_supporter


def test_the_settings_keep_both(carol: User) -> None:
    client = client_of(carol)
    answer = client.post(reverse(SENDING), {"confirm_from_coins": "120", "private_supporter": "1"})
    assert answer.status_code == 302
    assert ways_of(carol) == (120, True)
    assert [str(m) for m in get_messages(answer.wsgi_request)]
    page = client.get(reverse("accounts:settings")).content.decode()
    assert 'value="120"' in page
    assert "We always ask from 500 coins." in page


def test_an_empty_number_is_as_the_site_asks(carol: User) -> None:
    client = client_of(carol)
    client.post(reverse(SENDING), {"confirm_from_coins": "120"})
    client.post(reverse(SENDING), {"confirm_from_coins": ""})
    assert ways_of(carol) == (None, False)


def test_a_script_changes_one_and_leaves_the_other(carol: User) -> None:
    client = client_of(carol)
    for wish in ({"confirm_from_coins": "300"}, {"private_supporter": "1"}):
        assert client.post(reverse(SENDING), wish, headers=BY_SCRIPT).status_code == 204
    assert ways_of(carol) == (300, True)
    client.post(reverse(SENDING), {"private_supporter": "0"}, headers=BY_SCRIPT)
    assert ways_of(carol) == (300, False)


@pytest.mark.parametrize("typed", ["0", "-5", "1000001", "many", "2.5"])
def test_a_number_that_cannot_be_is_said_and_changes_nothing(carol: User, typed: str) -> None:
    client = client_of(carol)
    page = client.post(reverse(SENDING), {"confirm_from_coins": typed, "private_supporter": "1"})
    assert page.status_code == 422
    assert f'value="{typed}"' in page.content.decode()
    told = client.post(reverse(SENDING), {"confirm_from_coins": typed}, headers=BY_SCRIPT)
    assert (told.status_code, told["X-Error-Code"]) == (422, "check_input")
    assert told.content.decode().endswith(".")
    assert ways_of(carol) == (None, False)


def test_nobody_changes_it_without_signing_in(client: Client) -> None:
    answer = client.post(reverse(SENDING), {"private_supporter": "1"})
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


@pytest.mark.parametrize("coins", [0, MOST_COINS + 1])
def test_the_database_refuses_what_no_form_lets_through(carol: User, coins: int) -> None:
    with pytest.raises(IntegrityError, match="own_confirmation"), transaction.atomic():
        User.objects.filter(pk=carol.pk).update(confirm_from_coins=coins)
