"""The form of a chat message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from live.chat.messages import LONGEST_MESSAGE


class SayForm(forms.Form):
    """A chat message."""

    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.TextInput(
            attrs={"placeholder": _("Say something"), "autocomplete": "off", "enterkeyhint": "send"}
        ),
    )
