"""The forms for alerts and goals."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from gifts.models import Gift
from overlay.goals import LONGEST_TITLE
from overlay.models import MOST_TARGET, AlertSettings, Goal
from overlay.services import VOICES, Changes


def voices() -> list[tuple[str, str]]:
    """Return the languages a voice may have, in their own words."""
    named = [(code, get_language_info(_known(code))["name_local"]) for code in VOICES]
    return sorted(((code, name.capitalize()) for code, name in named), key=lambda one: one[1])


def _known(code: str) -> str:
    return "zh-hans" if code == "zh" else code


class AlertsForm(forms.ModelForm[AlertSettings]):
    """Which gifts are announced, and how."""

    voice_language = forms.ChoiceField(label=_("Voice language"), choices=voices)
    muted = forms.ModelMultipleChoiceField(
        label=_("Gifts with no alert"),
        queryset=Gift.objects.order_by("position"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They still count and appear among the latest gifts."),
    )

    class Meta:
        model = AlertSettings
        fields = (
            "least_coins", "muted", "show_messages", "speak_from_coins", "voice_language", "sound",
            "volume", "show_goal", "show_supporters", "show_ticker", "thank_from_coins",
        )  # fmt: skip
        widgets = {
            "volume": forms.NumberInput(attrs={"type": "range", "min": 0, "max": 100, "step": 5})
        }
        labels = {
            "least_coins": _("Announce gifts from"),
            "show_messages": _("Show messages"),
            "speak_from_coins": _("Read messages aloud from"),
            "sound": _("Play sound"),
            "volume": _("Volume"),
            "show_goal": _("Goal"),
            "show_supporters": _("Supporters of this stream"),
            "show_ticker": _("Latest gifts"),
            "thank_from_coins": _("Thank automatically from"),
        }
        help_texts = {
            "least_coins": _("Coins. Each gift in a combo counts separately."),
            "speak_from_coins": _("Coins. Leave empty for never."),
            "thank_from_coins": _(
                "Coins. Leave empty for never. The room sees your thanks right away."
            ),
        }

    def changes(self) -> Changes:
        """Return the changes for the service."""
        facts = cast("Changes", dict(self.cleaned_data))
        facts["muted"] = [gift.slug for gift in self.cleaned_data["muted"]]
        return facts


class GoalForm(forms.Form):
    """A goal to set."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("A new microphone")}),
    )
    target = forms.IntegerField(label=_("Target"), min_value=1, max_value=MOST_TARGET)
    unit = forms.ChoiceField(label=_("Unit"), choices=Goal.Unit.choices, initial=Goal.Unit.COINS)
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Leave empty for no end date."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Read the end in the zone of the person's device, else in UTC."""
        data: dict[str, Any] = super().clean() or {}
        at = data.get("ends_at")
        if isinstance(at, datetime) and data.get("zone") in available_timezones():
            data["ends_at"] = at.replace(tzinfo=ZoneInfo(str(data["zone"])))
        return data
