"""Django's rules for passwords, in this site's words: each refusal says what to do next."""

from typing import Any

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext, ngettext


class LongEnough(rules.MinimumLengthValidator):
    """A password has at least 8 characters."""

    def get_error_message(self) -> str:
        """Return how long it must be."""
        return ngettext(
            "Use at least %d character. A short sentence is easy to remember.",
            "Use at least %d characters. A short sentence is easy to remember.",
            self.min_length,
        ) % (self.min_length,)


class NotCommon(rules.CommonPasswordValidator):
    """A password is none of the 20,000 that are tried first."""

    def get_error_message(self) -> str:
        """Return what to choose instead."""
        return gettext("Many people use this password. Choose one that only you would think of.")


class NotOnlyDigits(rules.NumericPasswordValidator):
    """A password is more than a number."""

    def get_error_message(self) -> str:
        """Return what to add."""
        return gettext("This password is only digits. Add letters or words.")


class NotAboutYou(rules.UserAttributeSimilarityValidator):
    """A password does not repeat the email, the handle or the name."""

    DEFAULT_USER_ATTRIBUTES = ("email", "handle", "display_name")

    def __init__(self, **options: Any) -> None:
        super().__init__(self.DEFAULT_USER_ATTRIBUTES, **options)

    def get_error_message(self) -> str:
        """Return what to leave out."""
        return gettext("This password is too close to your email or name. Choose another.")
