"""Browsers of people who are signed in."""

from typing import Any

from django.test import Client


def signed_in(user: Any) -> Client:
    """Return the browser of this person."""
    client = Client()
    client.force_login(user)
    return client
