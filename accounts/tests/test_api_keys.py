"""Keys to the API: several, each with a name, its scopes and an end; shown once, kept as digest."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import api_keys
from accounts.models import ApiKey, Scope, User
from accounts.tests.people import signed_in
from conftest import api_key
from foundation.crypto import digest

pytestmark = pytest.mark.django_db

NEW = "accounts:make_api_key"
WISH = {"name": "Stream deck", "scopes": ["read", "send"], "days": "30"}


def program(key: str) -> Client:
    return Client(headers={"Authorization": f"Token {key}"})


def made(client: Client, **wish: Any) -> str:
    """Ask for a key as the page does, prove who asks, and return what the page shows."""
    answer = client.post(reverse(NEW), WISH | wish)
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    return client.post(answer.headers["Location"], {"password": "harbour-night-7"}).content.decode()


def test_a_key_is_shown_once_and_kept_as_digest(carol: User) -> None:
    client = signed_in(carol)
    page = made(client)
    (text,) = (word for word in page.split('"') if word.startswith(api_keys.PREFIX))
    key = ApiKey.objects.get(user=carol)
    assert key.digest == digest(text.encode())
    assert (key.name, key.scopes, key.ending) == ("Stream deck", ["read", "send"], text[-4:])
    assert key.ends_at - key.created_at == timedelta(days=30)
    row = str(ApiKey.objects.filter(pk=key.pk).values().get())
    assert text not in row
    settings = client.get(reverse("accounts:settings")).content.decode()
    assert text not in settings
    assert "Stream deck" in settings and f"…{text[-4:]}" in settings and "Never used" in settings
    assert program(text).get("/api/v1/me/").status_code == 200


def test_what_is_missing_is_asked_again_and_makes_nothing(carol: User) -> None:
    client = signed_in(carol)
    client.post(reverse("account_reauthenticate"), {"password": "harbour-night-7"})
    for wish, sentence in (
        ({"scopes": []}, "Choose at least one thing"),
        ({"scopes": ["all"]}, "Choose what the key may do from the list"),
        ({"days": "366"}, "Choose how long the key is valid from the list"),
        ({"name": "\u200b\u3164"}, "Give the key a name"),
    ):
        answer = client.post(reverse(NEW), WISH | wish)
        assert answer.status_code == 422, wish
        assert sentence in answer.content.decode(), wish
    assert not ApiKey.objects.exists()


def test_opening_the_page_makes_no_key(carol: User) -> None:
    assert signed_in(carol).get(reverse(NEW), follow=True).status_code == 200
    assert not ApiKey.objects.exists()


def test_several_keys_work_side_by_side_and_end_one_by_one(carol: User, alice: User) -> None:
    first, second, hers = api_key(carol), api_key(carol), api_key(alice)
    client = signed_in(carol)
    oldest = carol.api_keys.last()
    assert oldest is not None
    client.post(reverse("accounts:revoke_api_key", args=[oldest.pk]))
    assert [program(key).get("/api/v1/me/").status_code for key in (first, second)] == [401, 200]
    other = alice.api_keys.get()
    assert client.post(reverse("accounts:revoke_api_key", args=[other.pk])).status_code == 404
    assert program(hers).get("/api/v1/me/").status_code == 200


def test_there_are_twenty_keys_at_most(carol: User) -> None:
    for _ in range(api_keys.MOST_KEYS):
        api_key(carol)
    client = signed_in(carol)
    client.post(reverse("account_reauthenticate"), {"password": "harbour-night-7"})
    answer = client.post(reverse(NEW), WISH)
    assert answer.status_code == 409
    assert "You have 20 API keys. Revoke one" in answer.content.decode()
    assert carol.api_keys.count() == api_keys.MOST_KEYS


def test_a_key_ends_on_its_day(carol: User) -> None:
    key = api_key(carol)
    assert program(key).get("/api/v1/me/").status_code == 200
    began = timezone.now() - timedelta(days=30, seconds=1)
    ApiKey.objects.update(created_at=began, ends_at=began + timedelta(days=30))
    answer = program(key).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert "Ended" in signed_in(carol).get(reverse("accounts:settings")).content.decode()


def test_a_closed_account_has_no_key(carol: User) -> None:
    key = api_key(carol)
    User.objects.filter(pk=carol.pk).update(is_active=False)
    assert program(key).get("/api/v1/me/").status_code == 401


def test_its_use_is_written_once_an_hour(
    carol: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = api_key(carol)
    assert api_keys.find(key)
    used = ApiKey.objects.get().last_used_at
    assert used is not None
    with django_assert_num_queries(1):
        assert api_keys.find(key)
    assert ApiKey.objects.get().last_used_at == used
    ApiKey.objects.update(last_used_at=used - timedelta(hours=1, seconds=1))
    assert api_keys.find(key)
    later = ApiKey.objects.get().last_used_at
    assert later is not None
    assert later >= used


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/api/v1/me/", Scope.READ),
        ("patch", "/api/v1/me/", Scope.SEND),
        ("post", "/api/v1/purchases/", Scope.SEND),
        ("get", "/api/v1/payouts/", Scope.READ),
        ("post", "/api/v1/payouts/", Scope.EARN),
        ("get", "/api/v1/me/overlay/", Scope.EARN),
        ("post", f"/api/v1/streams/{uuid.UUID(int=7)}/gifts/", Scope.SEND),
        ("post", f"/api/v1/streams/{uuid.UUID(int=7)}/chat/", Scope.SEND),
    ],
)
def test_a_key_does_what_it_was_made_for(carol: User, method: str, path: str, scope: Scope) -> None:
    def told(*scopes: Scope) -> tuple[int, str]:
        client = program(api_key(carol, *scopes))
        answer = getattr(client, method)(path, content_type="application/json")
        return answer.status_code, answer.json().get("code", "")

    others = [one for one in Scope if one != scope]
    assert told(*others) == (403, "missing_scope")
    assert told(scope)[1] != "missing_scope"


def test_a_refusal_names_the_scope(carol: User) -> None:
    answer = program(api_key(carol, Scope.EARN)).get("/api/v1/wallet/").json()
    sentence = 'This API key doesn\'t have the scope "read". Create one that has it.'
    assert answer["detail"] == sentence


def test_a_method_that_does_not_exist_is_told_as_such(carol: User) -> None:
    client = program(api_key(carol, Scope.READ))
    assert client.put("/api/v1/wallet/").status_code == 405


def test_a_session_needs_no_scope(carol: User) -> None:
    assert signed_in(carol).get("/api/v1/wallet/").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["all"]},
        {"digest": "gift_in-plain-text"},
        {"name": ""},
        {"ends_at": timezone.now() + timedelta(days=366)},
        {"ends_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_database_keeps_no_other_key(carol: User, changes: dict[str, Any]) -> None:
    api_key(carol)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.update(**changes)


def views() -> list[tuple[str, Any]]:
    """Every operation of the API with its view."""
    found = []
    waiting: list[tuple[str, Any]] = [("", get_resolver())]
    while waiting:
        start, place = waiting.pop()
        for one in place.url_patterns:
            path = start + str(one.pattern)
            if hasattr(one, "url_patterns"):
                waiting.append((path, one))
            elif path.startswith("api/v1/"):
                found.append((path, one.callback.cls))
    return found


def test_every_operation_says_which_scope_it_needs() -> None:
    assert len(views()) > 30
    for path, view in views():
        methods = {name.upper() for name in view.http_method_names} - {"OPTIONS"}
        names = {permission.__name__ for permission in view.permission_classes}
        if names == {"AllowAny"}:
            assert methods == {"GET"}, path
            assert not hasattr(view, "scopes"), path
            continue
        assert names == {"IsAuthenticated", "HasScope"}, path
        assert set(view.scopes) == methods, path
        changing = {view.scopes[method] for method in methods - {"GET"}}
        assert Scope.READ not in changing, path
