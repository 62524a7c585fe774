"""The live app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "live"
