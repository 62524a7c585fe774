"""The gifts app."""

from django.apps import AppConfig


class GiftsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "gifts"
