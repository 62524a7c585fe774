"""Clients of the tests, signed in."""

from django.test import Client
from django.urls import reverse

from accounts.models import User


def signed_in(user: User) -> Client:
    """Sign in as people do: the session then knows how and when."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": "harbour-night-7"})
    assert "_auth_user_id" in client.session
    return client
