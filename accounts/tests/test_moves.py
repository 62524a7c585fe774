"""Moving to another country: once in 90 days."""

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Country, Move, User
from accounts.tests.people import signed_in
from conftest import person
from testing.threads import together


@pytest.mark.django_db
def test_a_person_moves_once_in_90_days(carol: User) -> None:
    client = signed_in(carol)
    client.post(reverse("accounts:country"), {"country": "US"})
    again = timezone.localdate() + services.MOVES_EVERY
    page = client.get(reverse("accounts:country"), {"country": "DE"}).content.decode()
    assert f'again on <time datetime="{again:%Y-%m-%d}' in page
    assert f">{again.day} {again:%B %Y}</time>" in page
    assert "Change country" not in page
    answer = client.post(reverse("accounts:country"), {"country": "DE"})
    assert answer.status_code == 409
    assert "You can change your country again on" in answer.content.decode()
    carol.refresh_from_db()
    assert carol.country_id == "US"
    Move.objects.update(created_at=timezone.now() - services.MOVES_EVERY)
    client.post(reverse("accounts:country"), {"country": "DE"})
    carol.refresh_from_db()
    assert carol.country_id == "DE"


@pytest.mark.django_db
def test_over_the_api_too(carol: User) -> None:
    client = APIClient()
    client.force_authenticate(carol)
    assert client.patch("/api/v1/me/", {"country": "US"}, format="json").status_code == 200
    assert client.patch("/api/v1/me/", {"country": "US"}, format="json").status_code == 200  # stays
    answer = client.patch("/api/v1/me/", {"country": "DE"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "moved_lately")


@pytest.mark.usefixtures("committed")
def test_of_two_moves_at_once_one_holds() -> None:
    carol = person("carol")
    there = list(Country.objects.filter(code__in=["US", "FR"]))

    def go(number: int) -> str:
        try:
            services.move(user=User.objects.get(pk=carol.pk), country=there[number])
        except services.MovedLately:
            return "refused"
        return "moved"

    assert sorted(together(go)) == ["moved", "refused"]
    assert Move.objects.filter(user=carol).count() == 1
