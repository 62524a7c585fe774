"""The forms for payouts and bank accounts. The services decide."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from payouts.methods.bank_accounts import HOLDER_LENGTH


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
    """A bank account."""

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
