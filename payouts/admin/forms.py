"""The form for the bank's file."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget


class StatementForm(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label=_("camt.053 or pain.002 file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xml,application/xml,text/xml"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Nothing was booked."),
        },
    )
