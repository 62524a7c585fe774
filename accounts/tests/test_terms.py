"""The terms: versions that stay, and which of them an order was placed under."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import Terms, User

pytestmark = pytest.mark.django_db


def version(name: str = "2026-07", *, days: int = 0, text: str = "Be kind.") -> Terms:
    at = timezone.now() + timedelta(days=days)
    made = Terms.objects.create(version=name, valid_from=at, text=text)
    made.refresh_from_db()
    return made


def test_the_fingerprint_is_that_of_the_text_whatever_was_typed() -> None:
    made = version(text="Ünïcode, too.")
    assert made.sha256 == hashlib.sha256("Ünïcode, too.".encode()).hexdigest()
    later = version("later", days=3)
    Terms.objects.filter(pk=later.pk).update(text="Other words.", sha256="0" * 64)
    later.refresh_from_db()
    assert later.sha256 == hashlib.sha256(b"Other words.").hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_terms SET text = text || '!'",
        "UPDATE accounts_terms SET valid_from = now() + interval '1 day'",
        "DELETE FROM accounts_terms",
        "TRUNCATE accounts_terms",
    ],
)
def test_terms_that_have_begun_stay(statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_terms_to_come_can_be_mended_and_withdrawn() -> None:
    coming = version("coming", days=3)
    coming.text = "Better words."
    coming.save()
    coming.delete()
    assert not Terms.objects.filter(version="coming").exists()


def test_the_newest_that_has_begun_is_in_force() -> None:
    first = Terms.objects.current()
    version("coming", days=3)
    assert Terms.objects.current() == first
    assert Terms.objects.current() != version("now") == Terms.objects.current()


def test_every_version_stays_readable_and_says_which_it_is(client: Client) -> None:
    old = Terms.objects.current()
    new = version(text="Hello\nthere.\n\n## Gifts\nThey are <b>yours</b>.")
    page = client.get("/terms/").content.decode()
    assert new.sha256 in page and "Hello<br>there." in page
    assert "<h2>Gifts</h2>" in page and "&lt;b&gt;yours" in page  # text, never markup
    assert f'href="/terms/{old.version}/"' in page
    before = client.get(f"/terms/{old.version}/").content.decode()
    assert old.sha256 in before and "no longer in force" in before
    coming = version("coming", days=3)
    assert "not in force yet" in client.get(f"/terms/{coming.version}/").content.decode()
    assert client.get("/terms/none/").status_code == 404


def test_the_terms_that_come_with_the_site_give_way_to_its_own() -> None:
    from django.core.management import call_command

    call_command("load_economy", verbosity=0)
    assert Terms.objects.count() == 1


def admin_form(**more: str) -> dict[str, str]:
    at = timezone.now() + timedelta(days=2)
    form = {"version": "2027-01", "text": "Be kind."}
    return form | {"valid_from_0": at.strftime("%Y-%m-%d"), "valid_from_1": "12:00:00"} | more


def test_staff_announce_a_version_and_cannot_touch_one_that_began(
    dana: User, client: Client
) -> None:
    client.force_login(dana)
    add: Any = "/admin/accounts/terms/add/"
    past = client.post(add, admin_form(valid_from_0="2025-01-01"))
    assert "Terms can&#x27;t be changed in the past." in past.content.decode()
    assert client.post(add, admin_form()).status_code == 302
    coming = Terms.objects.get(version="2027-01")
    change = f"/admin/accounts/terms/{coming.pk}/change/"
    assert client.post(change, admin_form(text="Be kinder.")).status_code == 302
    first = Terms.objects.current()
    held = f"/admin/accounts/terms/{first.pk}/change/"
    assert client.post(held, admin_form(text="x")).status_code == 403
    assert first.sha256 in re.sub(r"\s", "", client.get(held).content.decode())
    gone = f"/admin/accounts/terms/{first.pk}/delete/"
    assert client.post(gone, {"post": "yes"}).status_code == 403
