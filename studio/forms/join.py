"""The form for becoming a creator."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CreatorForm(forms.Form):
    """The form for becoming a creator."""

    bio = forms.CharField(
        label=_("Bio"),
        max_length=160,
        required=False,
        help_text=_("One line under your name."),
    )
    agreed = forms.BooleanField(
        label=_("I am old enough, and I have read how gifts become money."),
        error_messages={"required": _("Check this box to continue.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bio"].widget.attrs["placeholder"] = _("Late-night songs and tea")
