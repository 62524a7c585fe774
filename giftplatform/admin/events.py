"""The events of rooms in the admin: a sentence each, and what the room was sent behind it."""

import json

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, folded
from foundation.keyset import KeysetAdmin
from giftplatform.staff import events
from live.models import Event


@admin.register(Event)
class EventAdmin(KeysetAdmin, ReadOnlyAdmin):
    """The events of rooms. History is read, not written."""

    list_display = ("created_at", "sentence", "stream")
    list_display_links = ("created_at",)
    fields = ("sentence", "stream", "kind", "created_at", "moment", "sent")
    search_fields = ("=stream__public_id",)
    search_help_text = _("Stream ID")
    list_select_related = ("stream__creator",)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Event | None:
        """Return an event whose title says what happened."""
        event: Event | None = super().get_object(request, object_id, from_field)
        if event is not None:
            event.title = events.sentence(event)
        return event

    @display(description=_("What happened"))
    def sentence(self, event: Event) -> str:
        """The event in a sentence."""
        return events.sentence(event)

    @display(description=_("Sent to the room"))
    def sent(self, event: Event) -> str:
        """The event as browsers got it, folded away."""
        return folded(_("Show as JSON"), json.dumps(event.payload, indent=2, ensure_ascii=False))
