"""The wallet app."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "wallet"
