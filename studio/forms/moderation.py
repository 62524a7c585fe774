"""The forms for moderators, blocked people and blocked words."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from live.models import RoomRules


class PersonForm(forms.Form):
    """A person, by handle. The cleaned handle is the user."""

    handle = forms.CharField(
        label=_("Handle"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"placeholder": "@handle", "autocomplete": "off", "autocapitalize": "none"}
        ),
    )

    def clean_handle(self) -> User:
        """Return the person with this handle, typed with or without the @."""
        handle = str(self.cleaned_data["handle"]).strip().removeprefix("@").lower()
        person = User.objects.filter(handle=handle).first()
        if person is None:
            raise forms.ValidationError(
                _("No account found for @%(handle)s. Check how it is written."),
                params={"handle": handle},
            )
        return person


class WordForm(forms.Form):
    """A word to block."""

    word = forms.CharField(
        label=_("Word"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class RulesForm(forms.ModelForm[RoomRules]):
    """A creator's rules for messages and links."""

    class Meta:
        model = RoomRules
        fields = ("gift_messages", "links")
        help_texts: ClassVar[dict[str, StrOrPromise]] = {
            "gift_messages": _("When off, gifts arrive without messages."),
            "links": _("You can always post links yourself."),
        }
