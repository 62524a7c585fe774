"""Streams and follows in the admin: staff can end streams."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from foundation.admin import StaffAdmin
from live.models import Follow, Stream
from live.streams import services


@admin.register(Stream)
class StreamAdmin(StaffAdmin):
    """Streams: staff can change the title and end a stream; creator and times are fixed."""

    list_display = ("title", "creator", "shown_state", "scheduled_for", "started_at", "ended_at")
    list_filter = ("state", "started_at")
    search_fields = ("title", "creator__handle", "creator__email", "public_id")
    list_select_related = ("creator",)
    date_hierarchy = "started_at"
    readonly_fields = (
        "public_id",
        "poster",
        "creator",
        "state",
        "started_at",
        "ended_at",
    )
    fields = ("title", "scheduled_for", *readonly_fields)
    actions = ("end_streams",)

    @display(
        description=_("state"),
        ordering="state",
        label={Stream.State.ON_AIR: "danger", Stream.State.SOON: "info"},
    )
    def shown_state(self, stream: Stream) -> tuple[str, str]:
        """The state as a badge."""
        return stream.state, stream.get_state_display()

    @admin.action(description=_("End selected streams"), permissions=["change"])
    def end_streams(self, request: HttpRequest, streams: QuerySet[Stream]) -> None:
        """End streams as their creators would, and notify their rooms."""
        running = streams.exclude(state=Stream.State.ENDED).select_related("creator")
        ended = [services.end(creator=stream.creator, stream=stream) for stream in running]
        for stream in ended:
            self.log_change(request, stream, "Ended by staff.")
        said = ngettext("%d stream has ended.", "%d streams have ended.", len(ended))
        messages.success(request, said % len(ended))

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
