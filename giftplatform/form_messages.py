"""What forms say about an answer that they cannot take, in the site's words: what to do."""

from typing import Any

from django.contrib.postgres.forms import SimpleArrayField
from django.core import validators
from django.db.models.fields import Field as ModelField
from django.forms import fields, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_stubs_ext import StrOrPromise

FILL_IN = _("Fill this in.")
CHOOSE = _("Choose an option from the list.")
RELOAD = _("This page is out of date. Reload it and try again.")
ANOTHER_FILE = _("This file can't be read. Choose another one.")
NO_FILE = _("No file arrived. Choose one and send it again.")
WHOLE = _("Enter a whole number.")
NUMBER = _("Enter a number, like 2.5.")
DATE = _("Enter a date, like 1990-05-17.")
TIME = _("Enter a time, like 20:00.")
WEB_ADDRESS = _("Enter a web address, like https://example.org.")
ANOTHER = _("This is taken. Choose another one.")

# By the kind of field. Django's own kinds inherit from each other as these do.
FIELDS: dict[type[fields.Field], dict[str, StrOrPromise]] = {
    fields.Field: {"required": FILL_IN},
    fields.IntegerField: {"invalid": WHOLE},
    fields.FloatField: {"invalid": NUMBER},
    fields.DecimalField: {"invalid": NUMBER},
    fields.DateField: {"invalid": DATE},
    fields.TimeField: {"invalid": TIME},
    fields.DateTimeField: {"invalid": _("Enter a date and time, like 2026-05-17 20:00.")},
    fields.SplitDateTimeField: {
        "invalid_date": DATE,
        "invalid_time": TIME,
    },
    fields.DurationField: {
        "invalid": _("Enter days and time, like 3 12:00:00."),
        "overflow": _("Enter {min_days} to {max_days} days."),
    },
    fields.FileField: {
        "invalid": NO_FILE,
        "missing": NO_FILE,
        "empty": _("This file is empty. Choose another one."),
        "max_length": ngettext_lazy(
            "Choose a file with a name of up to %(max)d character. This one has %(length)d.",
            "Choose a file with a name of up to %(max)d characters. This one has %(length)d.",
            "max",
        ),
        "contradiction": _("Choose a file or clear the field, not both."),
    },
    fields.ImageField: {"invalid_image": ANOTHER_FILE},
    fields.URLField: {"invalid": WEB_ADDRESS},
    fields.ChoiceField: {"invalid_choice": CHOOSE},
    fields.MultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    fields.MultiValueField: {"invalid": FILL_IN, "incomplete": _("Fill in the whole of it.")},
    # Nobody types these: a page carries them.
    fields.UUIDField: {"invalid": RELOAD},
    fields.JSONField: {"invalid": RELOAD},
    models.ModelChoiceField: {"invalid_choice": CHOOSE},
    models.ModelMultipleChoiceField: {
        "invalid_choice": CHOOSE,
        "invalid_list": CHOOSE,
        "invalid_pk_value": CHOOSE,
    },
    SimpleArrayField: {"item_invalid": _("Check number %(nth)s:")},
    models.InlineForeignKeyField: {"invalid_choice": RELOAD},
}
VALIDATORS: dict[type[Any], StrOrPromise] = {
    validators.RegexValidator: _("This can't be used. Enter something else."),
    validators.DomainNameValidator: _("Enter a domain, like example.org."),
    validators.URLValidator: WEB_ADDRESS,
    validators.EmailValidator: _("Enter an email address, like ana@example.org."),
    validators.BaseValidator: _("Enter %(limit_value)s."),
    validators.MinValueValidator: _("Enter %(limit_value)s or more."),
    validators.MaxValueValidator: _("Enter %(limit_value)s or less."),
    validators.StepValueValidator: _("Enter a multiple of %(limit_value)s."),
    validators.MinLengthValidator: ngettext_lazy(
        "Enter at least %(limit_value)d character. This has %(show_value)d.",
        "Enter at least %(limit_value)d characters. This has %(show_value)d.",
        "limit_value",
    ),
    validators.MaxLengthValidator: ngettext_lazy(
        "Shorten this to %(limit_value)d character. It has %(show_value)d.",
        "Shorten this to %(limit_value)d characters. It has %(show_value)d.",
        "limit_value",
    ),
    validators.FileExtensionValidator: _(
        "Choose a file of one of these kinds: %(allowed_extensions)s."
    ),
    validators.ProhibitNullCharactersValidator: _(
        "This contains characters that can't be stored. Remove them and try again."
    ),
}
DIGITS: dict[str, StrOrPromise] = {
    "invalid": NUMBER,
    "max_digits": ngettext_lazy(
        "Enter at most %(max)s digit.", "Enter at most %(max)s digits.", "max"
    ),
    "max_decimal_places": ngettext_lazy(
        "Enter at most %(max)s digit after the point.",
        "Enter at most %(max)s digits after the point.",
        "max",
    ),
    "max_whole_digits": ngettext_lazy(
        "Enter at most %(max)s digit before the point.",
        "Enter at most %(max)s digits before the point.",
        "max",
    ),
}


def use_our_form_messages() -> None:
    """Give every form field, validator and model field our messages."""
    for field, messages in FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    for validator, message in VALIDATORS.items():
        validator.message = message
    validators.DecimalValidator.messages = DIGITS  # type: ignore[assignment]  # promises are text
    # Of numbers and slugs in an address or a hidden field: of what a person types, forms say more.
    for made, message in (
        (validators.validate_slug, _("Use only letters a-z, digits, - and _.")),
        (validators.validate_unicode_slug, _("Use only letters, digits, - and _.")),
        (validators.validate_integer, WHOLE),
    ):
        made.message = message  # type: ignore[union-attr]  # each is a RegexValidator
    ModelField.default_error_messages = {
        **ModelField.default_error_messages,
        "null": FILL_IN,
        "blank": FILL_IN,
        "unique": ANOTHER,
        "unique_for_date": ANOTHER,
        "invalid_choice": CHOOSE,
    }
