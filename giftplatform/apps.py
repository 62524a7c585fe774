"""The giftplatform app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "giftplatform"
