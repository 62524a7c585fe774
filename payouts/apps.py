"""The payouts app."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "payouts"
