"""Streams and follows in the admin: staff can stop streams."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from foundation.admin import StaffAdmin
from foundation.errors import DomainError
from foundation.texts import clean
from live.models import LANGUAGES, Follow, Stream, Topic
from live.streams import services
from live.streams.facts import EmptyTitle


class StreamForm(forms.ModelForm[Stream]):
    """A stream, with the reason for which staff stop it."""

    stop = forms.BooleanField(
        label=_("Stop this stream"),
        required=False,
        help_text=_("It ends at once, with its video. This can't be undone."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_(
            "Required to stop it. The creator reads it in the studio and by email; it is saved in "
            "the audit log."
        ),
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("None")), *Topic.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("None")), *LANGUAGES.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the creator changed while this page was open is not changed back.
        for name in ("title", "topic", "language", "adults_only"):
            self.fields[name].show_hidden_initial = True

    class Meta:
        model = Stream
        fields = ("title", "topic", "language", "adults_only", "scheduled_for")

    def clean_title(self) -> str:
        """Return the title as it is shown, also of a stream that is over."""
        title = clean(self.cleaned_data["title"])
        if not title:
            raise ValidationError(EmptyTitle.message)
        return title

    def clean_scheduled_for(self) -> datetime | None:
        """Return the time; another one of a stream that comes could its creator set as well."""
        at: datetime | None = self.cleaned_data["scheduled_for"]
        if self.instance.state != Stream.State.SOON or at == self.instance.scheduled_for:
            return self.instance.scheduled_for
        if at is None:
            raise ValidationError(_("Choose a start time."))
        try:
            services.refuse_time(at)
        except DomainError as refused:
            raise ValidationError(refused.detail) from refused
        return at

    def clean(self) -> dict[str, Any]:
        """Return the answers; a stream is stopped for a reason."""
        answers = super().clean() or {}
        if answers.get("stop") and not answers.get("reason"):
            self.add_error("reason", services.StopReasonMissing.message)
        return answers


@admin.register(Stream)
class StreamAdmin(StaffAdmin):
    """Streams: staff can change what is said of one, and stop it; creator and times are fixed."""

    form = StreamForm
    list_display = ("title", "creator", "shown_state", "scheduled_for", "started_at", "ended_at")
    list_filter = ("state", "adults_only", "topic", "started_at")
    search_fields = ("title", "creator__handle", "creator__email", "public_id")
    list_select_related = ("creator",)
    date_hierarchy = "started_at"
    readonly_fields = (
        "public_id",
        "poster",
        "still",
        "creator",
        "state",
        "started_at",
        "ended_at",
        "gifts_until",
        "stopped_because",
        "most_viewers",
        "watched_minutes",
    )
    said = ("title", "topic", "language", "adults_only")

    @display(
        description=_("state"),
        ordering="state",
        label={Stream.State.ON_AIR: "danger", Stream.State.SOON: "info"},
    )
    def shown_state(self, stream: Stream) -> tuple[str, str]:
        """The state as a badge."""
        return stream.state, stream.get_state_display()

    def get_fields(self, request: HttpRequest, obj: Stream | None = None) -> tuple[str, ...]:
        """Offer to stop what is not over."""
        over = obj is not None and obj.state == Stream.State.ENDED
        stopping = () if over else ("stop", "reason")
        return (*self.said, *stopping, "scheduled_for", *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Stream, form: Any, change: bool) -> None:
        """Change a stream as its creator would, so that its room hears of it; stop it."""
        if obj.state == Stream.State.ENDED:
            super().save_model(request, obj, form, change)
            return
        moved = obj.state == Stream.State.SOON and "scheduled_for" in form.changed_data
        if moved:
            services.reschedule(
                creator=obj.creator, stream=obj, scheduled_for=form.cleaned_data["scheduled_for"]
            )
        facts = {name: form.cleaned_data[name] for name in self.said if name in form.changed_data}
        services.change(creator=obj.creator, stream=obj, **facts)
        if form.cleaned_data.get("stop"):
            services.stop(stream=obj, reason=form.cleaned_data["reason"])

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]] | str:
        """Return what the log keeps: what was changed, and why the stream was stopped."""
        message: list[dict[str, Any]] = super().construct_change_message(
            request, form, formsets, add
        )
        if form.cleaned_data.get("stop"):
            return f"Stopped: {form.cleaned_data['reason']}"
        return message

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only creators begin streams."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A stream has gifts; it is history."""
        return False


@admin.register(Follow)
class FollowAdmin(StaffAdmin):
    """Followers: each gets an email when the creator goes live."""

    list_display = ("user", "creator", "created_at")
    list_display_links = ("created_at",)
    search_fields = ("user__handle", "creator__handle")
    list_select_related = ("user", "creator")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People follow by themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People unfollow by themselves."""
        return False
