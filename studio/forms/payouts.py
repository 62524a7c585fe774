"""The forms for payouts and bank accounts. The services decide."""

import uuid
from typing import Any

import pycountry
from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from payouts.methods.address import LINE_LENGTH, POSTCODE_LENGTH, TOWN_LENGTH, Address
from payouts.methods.fitness import (
    HOLDER_LENGTH,
    holder_at_bank,
    name_fault,
    outside_eea,
)
from payouts.methods.iban import bank_of, reached
from payouts.refusals import AddressMissing, BicMissing


def is_abroad(iban: str) -> bool:
    """Return whether an IBAN, perhaps half typed, is of a bank outside the EEA."""
    country = "".join(iban.split())[:2].upper()
    return reached(country) and outside_eea(country)


def countries() -> list[tuple[str, StrOrPromise]]:
    """Return the countries by name, and before them the bank's own."""
    named = sorted((country.name, country.alpha_2) for country in pycountry.countries)
    return [("", _("The bank's country")), *((code, name) for name, code in named)]


class PayoutForm(forms.Form):
    """The diamonds to pay out. The key makes one payout of any number of presses."""

    diamonds = forms.IntegerField(
        label=_("Diamonds to pay out"),
        min_value=1,
        error_messages={
            "required": _("Enter an amount of diamonds."),
            "invalid": _("Enter a whole number of diamonds."),
            "min_value": _("Enter a whole number of diamonds."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class KeyForm(forms.Form):
    """The key of a press."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class MethodForm(forms.Form):
    """A bank account. BIC and address are asked for where the bank needs them."""

    holder = forms.CharField(
        label=_("Name on the account"),
        max_length=HOLDER_LENGTH,
        help_text=_("As shown by your bank."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name on the account.")},
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        help_text=_("Stored encrypted. We only show the last four characters."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter an IBAN.")},
    )
    bic = forms.CharField(
        label=_("BIC"),
        max_length=20,
        required=False,
        help_text=_("8 or 11 characters, next to the IBAN at your bank."),
        error_messages={"required": BicMissing.message},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    line = forms.CharField(
        label=_("Street and number"),
        max_length=LINE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=POSTCODE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    town = forms.CharField(
        label=_("Town"),
        max_length=TOWN_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={"required": AddressMissing.message},
    )
    country = forms.ChoiceField(
        label=_("Country you live in"),
        required=False,
        choices=countries,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        iban = str(self["iban"].value() or "")
        self.abroad = is_abroad(iban)
        self.fields["town"].required = self.abroad
        self.fields["bic"].required = self.abroad and not bank_of(iban)

    @property
    def extra(self) -> list[forms.BoundField]:
        """The fields that only some banks need, once one of them does or has a fault."""
        if self.abroad:
            return [self[name] for name in ("bic", "line", "postcode", "town", "country")]
        return [self["bic"]] if self["bic"].errors or self["bic"].value() else []

    @property
    def at_bank(self) -> str:
        """The name as the bank will get it, where that differs from what was typed."""
        written = holder_at_bank(self._typed_name)
        return written if written != self._typed_name else ""

    @property
    def name_fault(self) -> str:
        """Why no bank reads the name typed so far; empty if it can, or if the field says so."""
        if not self._typed_name or self["holder"].errors:
            return ""
        return name_fault(self._typed_name)

    @property
    def _typed_name(self) -> str:
        return " ".join(str(self["holder"].value() or "")[:HOLDER_LENGTH].split())

    def details(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        typed = dict(self.cleaned_data)
        names = ("line", "postcode", "town", "country")
        address = Address(**{name: typed.pop(name) for name in names})
        return {**typed, "address": None if address == Address() else address}
