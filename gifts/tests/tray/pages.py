"""The tray's page, for its tests."""

from django.test import Client
from django.urls import reverse

from live.models import Stream

HTMX = {"HX-Request": "true"}


def tray(client: Client, stream: Stream) -> str:
    """Return the tray as the room fetches it."""
    url = reverse("gifts:tray", args=[stream.public_id])
    return client.get(url, headers=HTMX).content.decode()
