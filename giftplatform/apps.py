"""The site itself: its commands, its pictures, its voice."""

from django.apps import AppConfig
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator
from django.db.backends.signals import connection_created
from django.forms import fields, models
from django.utils.translation import gettext_lazy as _

from giftplatform.postgresql.embedded import bound_transactions


class SiteConfig(AppConfig):
    """Gives every form the site's voice, and every connection its bounds, once Django is set up."""

    name = "giftplatform"

    def ready(self) -> None:
        """Replace the sentences of Django's forms: the person's words, and what to do."""
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
