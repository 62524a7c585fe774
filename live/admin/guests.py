"""Guests in the admin: who was in which stream, and taking one off."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import User
from foundation.admin import StaffAdmin
from foundation.texts import clean
from live.guests import hosting
from live.models import Guest


class GuestForm(forms.ModelForm[Guest]):
    """A guest, with the reason for which staff take them off."""

    take_off = forms.BooleanField(
        label=_("Take this guest off"),
        required=False,
        help_text=_("Their picture and sound end within a second. The stream goes on."),
    )
    why = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Required to take them off. The guest reads it; it is saved in the audit log."),
    )

    class Meta:
        model = Guest
        fields = ()

    def clean(self) -> dict[str, Any]:
        """Return the answers; a guest is taken off for a reason."""
        answers = super().clean() or {}
        if answers.get("take_off") and not clean(answers.get("why") or ""):
            self.add_error("why", hosting.RemovalReasonMissing.message)
        return answers


@admin.register(Guest)
class GuestAdmin(StaffAdmin):
    """Guests. Staff can take one off; creators and moderators decide all else, in the console."""

    form = GuestForm
    list_display = ("user", "stream", "shown_state", "muted", "created_at", "joined_at", "ended_at")
    list_display_links = ("created_at",)
    list_filter = ("state", "created_at")
    search_fields = ("user__handle", "user__email", "stream__creator__handle", "stream__public_id")
    list_select_related = ("user", "stream")
    ordering = ("-id",)
    readonly_fields = (
        *("public_id", "stream", "user", "name", "state", "seat", "muted"),
        *("created_at", "joined_at", "ended_at", "by", "reason"),
    )

    @display(
        description=_("state"),
        ordering="state",
        label={Guest.State.JOINED: "danger", Guest.State.ASKED: "info"},
    )
    def shown_state(self, guest: Guest) -> tuple[str, str]:
        """The state as a badge."""
        return guest.state, guest.get_state_display()

    def get_fields(self, request: HttpRequest, obj: Guest | None = None) -> tuple[str, ...]:
        """Offer to take off who is not gone."""
        offered = ("take_off", "why") if obj and obj.is_open else ()
        return (*offered, *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Guest, form: Any, change: bool) -> None:
        """Take the guest off; nothing else of one is changed here."""
        if form.cleaned_data.get("take_off") and isinstance(request.user, User):
            why = form.cleaned_data["why"]
            hosting.remove_for_staff(by=request.user, guest=obj, reason=why)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]] | str:
        """Return what the log keeps: why the guest was taken off."""
        if form.cleaned_data.get("take_off"):
            return f"Taken off: {form.cleaned_data['why']}"
        message: list[dict[str, Any]] = super().construct_change_message(
            request, form, formsets, add
        )
        return message

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Guests ask, creators invite."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who was in a stream is history."""
        return False
