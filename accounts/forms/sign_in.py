"""allauth's forms in this site's words, and what we ask of a new person."""

import struct
from datetime import date
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts import handles
from accounts.ages import Wait, require_age, wait_of
from accounts.models import Country
from foundation.errors import DomainError
from foundation.incoming import json_of

# What a library may raise that reads bytes of strangers as if they were in order.
NOT_AN_ANSWER = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError),
    *(ValueError, struct.error),
)
NO_PASSKEY = _("That passkey didn't work. Try again, or use another way.")
NEW_PASSWORD_HELP = _("At least 8 characters. A short sentence is easy to remember.")


class PasswordInput(forms.PasswordInput):
    """A password one can look at before sending it."""

    template_name = "accounts/password_input.html"


class DateInput(forms.DateInput):
    """The browser's own date field, in the one format it understands."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class _OurWords(forms.Form):
    """Labels instead of placeholders; one password one can look at instead of two blind ones."""

    labels: ClassVar[dict[str, Any]] = {}
    helps: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                # Django writes the label for the input's id itself; the attributes are allauth's.
                field.widget = PasswordInput(attrs=field.widget.attrs)
            field.label = self.labels.get(name, _("Email") if name == "email" else field.label)
            field.help_text = self.helps.get(name, "")
            field.error_messages["required"] = forms.Field.default_error_messages["required"]
        self.fields.pop("password2", None)


class AgeForm(forms.Form):
    """A person's country and date of birth: checked before anything else."""

    country = forms.ModelChoiceField(
        Country.objects.select_related("region"),
        label=_("Country"),
        empty_label=_("Where do you live?"),
        help_text=_("Sets your currency, tax and the minimum age for gifts."),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    date_of_birth = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Only you can see this."),
        widget=DateInput(attrs={"autocomplete": "bday"}),
    )

    def clean_date_of_birth(self) -> date:
        """Return the day, if a living person can have been born on it."""
        born: date = self.cleaned_data["date_of_birth"]
        today = timezone.now().date()
        if born > today or born.year < today.year - 120:
            raise forms.ValidationError(_("Nobody alive was born then. Check the year."))
        return born

    @property
    def wait(self) -> Wait | None:
        """The wait before this person can join, if they are too young."""
        answers = self.cleaned_data
        if "country" not in answers or "date_of_birth" not in answers:
            return None
        return wait_of(country=answers["country"], born=answers["date_of_birth"])


def likely_country(accept_language: str) -> Country | None:
    """Return the country that the browser's languages speak of: `de-AT` is Austria."""
    for tag, _quality in parse_accept_lang_header(accept_language):
        region = tag.rpartition("-")[2].upper()
        country = Country.objects.filter(code=region).first() if len(region) == 2 else None
        if country and "-" in tag:
            return country
    return None


class SignupForm(_OurWords, AgeForm, allauth_forms.SignupForm):
    """A new person's answers."""

    field_order = ["email", "password1", "handle", "country", "date_of_birth"]
    labels = {"password1": _("Password"), "handle": _("Handle"), "country": _("Country")}
    helps = {
        "password1": NEW_PASSWORD_HELP,
        "handle": _("Your public name. Keep this one or choose your own."),
        "country": AgeForm.base_fields["country"].help_text,
        "date_of_birth": AgeForm.base_fields["date_of_birth"].help_text,
    }

    handle = forms.CharField(
        max_length=25,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("handle", handles.suggest())
            languages = context.request.META.get("HTTP_ACCEPT_LANGUAGE", "")
            chosen = context.request.GET.get("country", "")
            country = Country.objects.filter(pk=chosen).first() if chosen.isalpha() else None
            self.initial.setdefault("country", country or likely_country(languages))

    def clean_handle(self) -> str:
        """Return the handle as it is kept."""
        return handles.clean(self.cleaned_data["handle"])

    def clean(self) -> dict[str, Any]:
        """Return the answers. Raises `TooYoung`: the page looked before, this locks."""
        answers: dict[str, Any] = super().clean() or {}
        if "country" in answers and "date_of_birth" in answers:
            require_age(country=answers["country"], born=answers["date_of_birth"])
        return answers


class LoginForm(_OurWords, allauth_forms.LoginForm):
    """Email and password."""

    labels = {"login": _("Email"), "remember": _("Keep me signed in here")}


class AddEmailForm(_OurWords, allauth_forms.AddEmailForm):
    """Another address."""

    labels = {"email": _("New email")}


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):
    """From the password of today to a new one."""

    labels = {"oldpassword": _("Current password"), "password1": _("New password")}
    helps = {"password1": NEW_PASSWORD_HELP}


class SetPasswordForm(_OurWords, allauth_forms.SetPasswordForm):
    """A first password for a person without one."""

    helps = {"password1": NEW_PASSWORD_HELP}


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):
    """The address that gets the link."""


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):
    """The new password, after the link."""

    labels = {"password1": _("New password")}
    helps = {"password1": NEW_PASSWORD_HELP}


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):
    """The password once more."""


class CodeForm(_OurWords):
    """A code from the app, or one of the recovery codes."""

    helps = {"code": _("6-digit code from your app, or a recovery code")}


class MfaAuthenticateForm(CodeForm, mfa_forms.AuthenticateForm):
    """The second step of signing in."""


class MfaReauthenticateForm(CodeForm, mfa_forms.ReauthenticateForm):
    """The code once more."""


class ActivateTotpForm(_OurWords, totp_forms.ActivateTOTPForm):
    """The first code, which proves that the app has the secret."""

    labels = {"code": _("6-digit code from your app")}


class PasskeyField(forms.JSONField):
    """A browser's answer for a passkey, measured before it is read, and never shown again."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return the answer's data."""
        if value in self.empty_values:
            return None
        try:
            return json_of(value.encode())
        except DomainError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return nothing: each challenge has an answer of its own."""
        return initial


class _PasskeyAnswer(forms.Form):
    """Takes what is no browser's answer for a wrong one.

    The libraries beneath look into it as if it came from a browser, and fail in many ways.
    """

    credential = PasskeyField(error_messages={"required": NO_PASSKEY, "invalid": NO_PASSKEY})

    def full_clean(self) -> None:
        """Check the answer."""
        try:
            super().full_clean()
        except NOT_AN_ANSWER:
            self.add_error("credential", NO_PASSKEY)


class AuthenticatePasskeyForm(_PasskeyAnswer, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""


class LoginPasskeyForm(_PasskeyAnswer, webauthn_forms.LoginWebAuthnForm):
    """A passkey instead of email and password."""


class ReauthenticatePasskeyForm(_PasskeyAnswer, webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey once more."""


class AddPasskeyForm(_OurWords, _PasskeyAnswer, webauthn_forms.AddWebAuthnForm):
    """A new passkey."""

    labels = {
        "name": _("Name"),
        "passwordless": _("Sign in with this passkey alone, without a password"),
    }
    helps = {
        "name": _("A name to recognize it by: my phone, the blue key."),
        "passwordless": _("You'll confirm with your fingerprint, face or PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("passwordless", True)


class EditPasskeyForm(_OurWords, webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    labels = {"name": _("Name")}
