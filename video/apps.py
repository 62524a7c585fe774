"""The video app."""

from django.apps import AppConfig


class VideoConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "video"
