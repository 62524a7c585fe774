"""The studio app: what a creator sees. It has pages and no rows."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "studio"
