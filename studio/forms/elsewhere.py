"""The form for video from elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from video.elsewhere.addresses import LONGEST


class ElsewhereForm(forms.Form):
    """An address, or an embed code; and a title, where the stream begins with it."""

    address = forms.CharField(
        label=_("Address or embed code"),
        max_length=LONGEST,
        help_text=_("From the address bar, from Share, or from Embed."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=80,
        required=False,
        help_text=_("Of the stream that begins with it. Without one: the last one's."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
