"""What rooms show from other servers, and showed."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.admin import ReadOnlyAdmin
from live.models import Stream
from video.models import Elsewhere


@admin.register(Elsewhere)
class ElsewhereAdmin(ReadOnlyAdmin):
    """Video from elsewhere. Stopping its stream, under *Streams*, for a reason stops it too."""

    list_display = ("shown_at", "stream", "creator", "kind", "host", "state", "until")
    list_filter = ("kind", "shown_at")
    search_fields = ("host", "stream__title", "stream__creator__handle", "stream__public_id")
    list_select_related = ("stream__creator",)
    fields = ("stream", "creator", "kind", "host", "shown_address", "state", "shown_at", "until")

    @display(description=_("creator"), ordering="stream__creator")
    def creator(self, shown: Elsewhere) -> User:
        """Whose room it is."""
        return shown.stream.creator

    @display(description=_("address"))
    def shown_address(self, shown: Elsewhere) -> SafeString:
        """Where viewers fetch it."""
        link = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'
        return format_html(link, shown.address, shown.address)

    @display(description=_("state"), label={"live": "danger"})
    def state(self, shown: Elsewhere) -> tuple[str, str]:
        """Whether a room shows it now."""
        live = shown.ended_at is None and shown.stream.state == Stream.State.ON_AIR
        return ("live", str(_("shown"))) if live else ("over", str(_("over")))

    @display(description=_("until"))
    def until(self, shown: Elsewhere) -> object:
        """When it was taken away, or its stream ended."""
        return shown.ended_at or shown.stream.ended_at
