"""The ledger app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """Registers the app under its plain name, and writes the rules of posting after `migrate`."""

    name = "ledger"

    def ready(self) -> None:
        """Let `migrate` end with the rules in their table."""
        from ledger.rules import install  # the models are loaded only now

        post_migrate.connect(install, sender=self, dispatch_uid="ledger.rules")
