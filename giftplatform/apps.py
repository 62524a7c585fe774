"""The project's own app: its commands, its static files, its form messages."""

from django.apps import AppConfig, apps
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from giftplatform.form_messages import use_our_form_messages
from giftplatform.postgresql.embedded import bound_transactions


class SiteConfig(AppConfig):
    """Sets messages of forms, the name of an app and the time limits of connections."""

    name = "giftplatform"

    def ready(self) -> None:
        """Replace the messages of Django's forms by the site's own."""
        from giftplatform.runtime import sandbox_guard  # noqa: F401  # registers its check

        connection_created.connect(bound_transactions)
        use_our_form_messages()
        # What staff read in their sidebar over the one list of it.
        apps.get_app_config("auth").verbose_name = _("Groups of staff")


class StaticConfig(StaticFilesConfig):
    """Collects the static files, without those of packages that no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "swagger-ui-standalone*",
        "oauth2-redirect*",
    ]
