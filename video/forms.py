"""The form of a clip."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from video.models.clips import LONGEST_TITLE


class ClipForm(forms.Form):
    """A title and a length; `at` is where in a replay it begins, and empty for what is live."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seconds = forms.TypedChoiceField(
        label=_("Length"),
        choices=[(15, _("15 s")), (30, _("30 s")), (60, _("60 s"))],
        coerce=int,
        initial=30,
        widget=forms.RadioSelect,
    )
    at = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_at(self) -> Any:
        """A place that is empty is that of what is live."""
        return self.cleaned_data.get("at")
