"""What creators type in about payouts. What it means is decided by the services."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from payouts.methods import HOLDER_LENGTH


class PayoutForm(forms.Form):
    """How many diamonds to turn into money. The key makes one payout of any number of presses."""

    diamonds = forms.IntegerField(
        label=_("Diamonds to pay out"),
        min_value=1,
        error_messages={
            "required": _("How many diamonds?"),
            "invalid": _("Write a whole number of diamonds."),
            "min_value": _("Write a whole number of diamonds."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class KeyForm(forms.Form):
    """The key of a press."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class MethodForm(forms.Form):
    """A bank account."""

    holder = forms.CharField(
        label=_("Name on the account"),
        max_length=HOLDER_LENGTH,
        help_text=_("As your bank has it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Whose account is it?")},
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        help_text=_("We keep it sealed and show its last four signs only."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Which IBAN?")},
    )
