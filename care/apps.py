"""The care app: cases of guardians, and accounts that close."""

from typing import Any

from django.apps import AppConfig
from django.contrib import messages
from django.utils.translation import gettext as _


class CareConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "care"

    def ready(self) -> None:
        """Keep an account that was to close, when its owner signs in."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_signed_in, dispatch_uid="care.keep_account")


def _signed_in(user: Any, request: Any = None, **more: Any) -> None:
    from care.closing.services import keep

    if keep(user=user) and request is not None:
        words = _("Welcome back. Your account stays open. Refunds you asked for continue.")
        messages.success(request, words, fail_silently=True)
