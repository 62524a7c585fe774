"""Browsers of people who are signed in."""

import time
from typing import Any

from django.test import Client


def signed_in(user: Any) -> Client:
    """Return the browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def just_signed_in(client: Client) -> Client:
    """Return the browser, whose person is not asked for the password again."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "reauthenticated": True, "at": time.time()}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
