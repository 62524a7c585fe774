"""People."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete


class AccountsConfig(AppConfig):
    """Users, regions, ages, limits people set themselves."""

    name = "accounts"

    def ready(self) -> None:
        """Listen for a second step that is taken away, by whatever way."""
        from allauth.mfa.models import Authenticator

        post_delete.connect(end_keys, sender=Authenticator)


def end_keys(instance: Any, **more: Any) -> None:
    """End the keys to the API of a person who lost a second step: another person may have it.

    New recovery codes replace the old ones and are no loss.
    """
    if instance.type != instance.Type.RECOVERY_CODES:
        instance.user.revoke_api_keys()
