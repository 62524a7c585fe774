"""The project's own app: its commands, its static files, its form messages."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator
from django.db.backends.signals import connection_created
from django.forms import fields, models
from django.utils.translation import gettext_lazy as _

from giftplatform.postgresql.embedded import bound_transactions


class SiteConfig(AppConfig):
    """Sets the messages of forms and the time limits of connections, once Django is set up."""

    name = "giftplatform"

    def ready(self) -> None:
        """Replace the messages of Django's forms by the site's own."""
        connection_created.connect(bound_transactions)
        fields.Field.default_error_messages["required"] = _("This field is required.")
        fields.IntegerField.default_error_messages["invalid"] = _("Enter a whole number.")
        fields.DateField.default_error_messages["invalid"] = _("Enter a date, like 1990-05-17.")
        choose = _("Choose an option from the list.")
        fields.ChoiceField.default_error_messages["invalid_choice"] = choose
        models.ModelChoiceField.default_error_messages["invalid_choice"] = choose
        moment = _("Enter a date and time, like 2026-05-17 20:00.")
        fields.DateTimeField.default_error_messages["invalid"] = moment
        MinValueValidator.message = _("At least %(limit_value)s.")
        MaxValueValidator.message = _("At most %(limit_value)s.")
        EmailValidator.message = _("Enter an email address, like ana@example.org.")


class StaticConfig(StaticFilesConfig):
    """Collects the static files, without those of packages that no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "swagger-ui-standalone*",
        "oauth2-redirect*",
    ]
