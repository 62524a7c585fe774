"""The form of a new key to the API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope

LIVES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year"))]


class ApiKeyForm(forms.Form):
    """What a key is for, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        help_text=_("What will use this key, like “Stream deck” or “Bookkeeping”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing that the key may do."),
            "invalid_choice": _("Choose what the key may do from the list."),
        },
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=LIVES,
        initial="90",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose how long the key is valid from the list.")},
        help_text=_("A key that ends by itself can't be forgotten."),
    )
