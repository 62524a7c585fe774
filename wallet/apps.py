"""The wallet app."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "wallet"

    def ready(self) -> None:
        """Register what `manage.py check` asks of the account for bank transfers."""
        from wallet.providers.bank_transfer import checks  # noqa: F401  # registers itself
