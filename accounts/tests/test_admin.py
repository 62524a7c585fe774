"""People in the staff site: which staff may change which people."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Country, Creator, SpendingLimit, User
from conftest import api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay(carol: User) -> User:
    """Staff who look after people, without being superuser."""
    carol.is_staff = True
    carol.save()
    carol.user_permissions.set(
        Permission.objects.filter(content_type__app_label="accounts"),
    )
    return carol


def page_of(model: type, pk: object) -> str:
    return reverse(f"admin:accounts_{model.__name__.lower()}_change", args=[pk])


def no_rows(*prefixes: str) -> dict[str, str]:
    return {
        f"{prefix}-{part}": "0" for prefix in prefixes for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }


def answers(user: User, **changed: str) -> dict[str, str]:
    country = user.country
    return {
        "handle": user.handle,
        "display_name": user.display_name,
        "country": country.code if country else "",
        "date_of_birth": str(user.date_of_birth),
        "is_active": "on",
        **no_rows("emailaddress_set", "authenticator_set", "api_keys", "spending_limits", "moves"),
    } | changed


@pytest.mark.parametrize("right", [True, False])
def test_staff_with_the_right_revoke_a_key_that_leaked(
    client: Client, fay: User, alice: User, right: bool
) -> None:
    text = api_key(alice)
    key = alice.api_keys.get()
    if not right:
        fay.user_permissions.remove(Permission.objects.get(codename="delete_apikey"))
    client.force_login(fay)
    shown = client.get(page_of(User, alice.pk)).content.decode()
    assert text[-4:] in shown
    assert text not in shown
    row = {"api_keys-0-id": str(key.pk), "api_keys-0-user": str(alice.pk)}
    counts = {"api_keys-TOTAL_FORMS": "1", "api_keys-INITIAL_FORMS": "1"}
    client.post(
        page_of(User, alice.pk), answers(alice, **counts, **row, **{"api_keys-0-DELETE": "on"})
    )
    assert alice.api_keys.exists() is not right


def test_staff_change_a_fan_but_give_no_rights(client: Client, fay: User, alice: User) -> None:
    client.force_login(fay)
    client.post(
        page_of(User, alice.pk),
        answers(alice, display_name="Al", is_staff="on", is_superuser="on", email="x@example.com"),
    )
    alice.refresh_from_db()
    assert alice.display_name == "Al"
    assert (alice.is_staff, alice.is_superuser, alice.email) == (
        False,
        False,
        "alice@example.com",
    )


def test_staff_do_not_touch_staff(client: Client, fay: User, dana: User) -> None:
    client.force_login(fay)
    assert client.post(page_of(User, dana.pk), answers(dana)).status_code == 403
    assert client.post(page_of(User, fay.pk), answers(fay, is_superuser="on")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[dana.pk])
    mine = {"password1": "taken-over-9", "password2": "taken-over-9"}
    assert client.post(password, mine).status_code == 403
    dana.refresh_from_db()
    assert dana.check_password("harbour-night-7")


def test_a_superuser_makes_staff(client: Client, dana: User, alice: User) -> None:
    client.force_login(dana)
    client.post(page_of(User, alice.pk), answers(alice, is_staff="on"))
    alice.refresh_from_db()
    assert alice.is_staff


def test_the_hash_of_a_password_is_not_a_field(client: Client, dana: User, alice: User) -> None:
    client.force_login(dana)
    before = alice.password
    client.post(page_of(User, alice.pk), answers(alice, password="plain"))
    alice.refresh_from_db()
    assert alice.password == before


def test_nobody_deletes_people(client: Client, dana: User, alice: User) -> None:
    client.force_login(dana)
    address = reverse("admin:accounts_user_delete", args=[alice.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_closed_account_is_out_at_once(client: Client, dana: User, alice: User) -> None:
    theirs = Client()
    theirs.force_login(alice)
    client.force_login(dana)
    changed = answers(alice)
    del changed["is_active"]
    client.post(page_of(User, alice.pk), changed)
    assert theirs.get(reverse("accounts:settings")).status_code == 302


def test_trust_changes_with_a_reason_that_is_kept(client: Client, dana: User, bob: User) -> None:
    client.force_login(dana)
    page = client.post(page_of(Creator, bob.pk), {"trust": "flagged", "accepts_gifts": "on"})
    assert "Give a reason" in page.content.decode()
    assert Creator.objects.get(pk=bob.pk).trust == "trusted"

    reason = {"trust": "flagged", "accepts_gifts": "on", "reason": "Two chargebacks this week."}
    client.post(page_of(Creator, bob.pk), reason)
    flagged = Creator.objects.get(pk=bob.pk)
    assert (flagged.trust, flagged.trust_reason) == ("flagged", "Two chargebacks this week.")
    kept = LogEntry.objects.get(object_id=str(bob.pk), content_type__model="creator")
    assert kept.get_change_message() == "trusted → flagged: Two chargebacks this week."


def test_the_age_of_a_country_is_changed_by_staff(client: Client, fay: User) -> None:
    client.force_login(fay)
    germany = Country.objects.get(code="DE")
    client.post(
        page_of(Country, "DE"),
        {
            "name": germany.name,
            "region": germany.region_id,
            "minimum_age": "16",
            "tax_name": "MwSt",
        },
    )
    germany.refresh_from_db()
    assert (germany.minimum_age, germany.tax_name) == (16, "MwSt")


def test_nobody_moves_anothers_limit(client: Client, dana: User, alice: User) -> None:
    limit = SpendingLimit.objects.create(user=alice, span="day", coins=100)
    client.force_login(dana)
    answer = client.post(page_of(SpendingLimit, limit.pk), {"coins": "9999"})
    assert answer.status_code == 403
    limit.refresh_from_db()
    assert limit.coins == 100


def test_staff_move_a_person_at_any_time_and_see_every_move(
    client: Client, fay: User, alice: User
) -> None:
    services.move(user=alice, country=Country.objects.get(code="US"))
    client.force_login(fay)
    moved = client.post(page_of(User, alice.pk), answers(alice, country="FR"))
    assert moved.status_code == 302
    alice.refresh_from_db()
    assert alice.country_id == "FR"
    found = list(alice.moves.values_list("origin", "to", "by__handle"))
    assert found == [("US", "FR", fay.handle), ("DE", "US", None)]
    page = client.get(page_of(User, alice.pk)).content.decode()
    assert "Changes of country" in page or "changes of country" in page
    assert str(fay) in page
