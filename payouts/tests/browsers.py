"""A browser whose person is signed in."""

from django.test import Client
from django.urls import reverse

from accounts.models import User


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def confirmed(user: User) -> Client:
    """A browser whose person has just typed the password again."""
    client = browser(user)
    client.post(reverse("account_reauthenticate"), {"password": "harbour-night-7"})
    return client
