"""What comes in and from whom, never keys."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin
from video.models import Broadcast, StreamKey


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    """The video that came in. Ending its stream, under *Streams*, ends it too."""

    list_display = (
        "connected_at", "creator", "guest", "stream", "source", "shown_state", "size", "trouble",
        "ended_at",
    )  # fmt: skip
    list_filter = ("state", "trouble", "connected_at")
    search_fields = ("creator__handle", "creator__email")
    list_select_related = ("creator", "stream", "guest__user", "guest__stream")
    fields = (
        "creator", "guest", "stream", "source", "state", "size", "trouble", "connected_at",
        "live_at", "gap_at", "ended_at", "seen_at",
    )  # fmt: skip

    @display(
        description=_("state"),
        ordering="state",
        label={Broadcast.State.LIVE: "danger", Broadcast.State.GAP: "warning"},
    )
    def shown_state(self, broadcast: Broadcast) -> tuple[str, str]:
        """The state as a badge."""
        return broadcast.state, broadcast.get_state_display()

    @display(description=_("picture"))
    def size(self, broadcast: Broadcast) -> str:
        """Its size in pixels."""
        return f"{broadcast.width} × {broadcast.height}" if broadcast.width else "–"


@admin.register(StreamKey)
class StreamKeyAdmin(ReadOnlyAdmin):
    """Who can go live with an encoder. The keys are their creators' secrets."""

    list_display = ("creator", "shown_key", "made_at", "used_at")
    list_display_links = ("shown_key",)
    search_fields = ("creator__handle", "creator__email")
    list_select_related = ("creator",)
    fields = ("creator", "shown_key", "made_at", "used_at")

    @display(description=_("key"))
    def shown_key(self, key: StreamKey) -> str:
        """Enough to tell one key from the next."""
        return f"••••••••{key.ending}"
