"""The overlay app."""

from django.apps import AppConfig


class OverlayConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "overlay"
