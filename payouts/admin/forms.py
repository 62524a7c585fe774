"""The form for the bank's file."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from foundation.money import exact_minor
from payouts import refusals

AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(?:[.][0-9]{1,3})?")


def typed_minor(words: str, currency: str) -> int:
    """Return an amount that a person typed, such as -12.50, in minor units. Raises
    `AmountUnreadable`.
    """
    words = words.strip()
    minor = exact_minor(Decimal(words), currency) if AMOUNT.fullmatch(words) else None
    if not minor:
        raise refusals.AmountUnreadable
    return minor


class StatementForm(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label=_("camt.053, pain.002 or CSV file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xml,.csv"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Nothing was booked. Choose another one."),
        },
    )
