"""The ledger app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "ledger"
