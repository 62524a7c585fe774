"""The forms for going live, and for changing what is said of a stream."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from live.models import LANGUAGES, Stream, Topic
from live.streams.facts import Facts


def posters(creator: User) -> list[tuple[str, str]]:
    """Return the pictures of a stream before its video: the creator's own, or an earlier one's."""
    earlier = Stream.objects.filter(creator=creator).exclude(poster="")
    paths = earlier.order_by("poster").values_list("poster", flat=True).distinct()
    names = [(path, Path(path).stem.replace("-", " ").capitalize()) for path in paths]
    return [("", str(_("Yours"))), *names]


class StreamForm(forms.Form):
    """What is said of a stream before it is watched."""

    title = forms.CharField(
        label=_("Title"),
        max_length=80,
        help_text=_("Describe your stream in a few words."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("None")), *Topic.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("None")), *LANGUAGES.items()]
    )
    adults_only = forms.BooleanField(
        label=_("For adults only (18+)"),
        required=False,
        help_text=_("Only people who are 18 or older can watch, chat and send gifts."),
    )
    poster = forms.ChoiceField(label=_("Picture"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, creator: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["poster"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = posters(creator)

    @property
    def facts(self) -> Facts:
        """The facts that were typed, once the form is valid."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "topic": data["topic"],
            "language": data["language"],
            "adults_only": data["adults_only"],
            "poster": data["poster"],
        }


class ScheduledForm(StreamForm):
    """A stream that comes, with its time: typed in the zone of the person's device, else in UTC."""

    scheduled_for = forms.DateTimeField(
        label=_("Start time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def needs_time(self) -> bool:
        """Whether there is no stream without a time."""
        return True

    def clean(self) -> dict[str, object]:
        """Return the answers, the time in its zone."""
        data: dict[str, object] = super().clean() or {}
        at = data.get("scheduled_for")
        if self.needs_time and not at and "scheduled_for" not in self.errors:
            self.add_error("scheduled_for", _("Choose a start time."))
        if isinstance(at, datetime) and data.get("zone") in available_timezones():
            data["scheduled_for"] = at.replace(tzinfo=ZoneInfo(str(data["zone"])))
        return data


class GoLiveForm(ScheduledForm):
    """A stream: now, or announced for later."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("Now")), ("later", _("Later"))],
        initial="now",
        widget=forms.RadioSelect,
    )

    @property
    def needs_time(self) -> bool:
        """Only what comes later has a time."""
        return self.cleaned_data.get("when") == "later"
