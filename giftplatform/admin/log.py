"""The log of staff's changes in the admin."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """The log of staff's changes, read-only."""

    list_display = ("at", "who", "what", "kind", "thing", "words")
    list_display_links = ("at",)
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__email", "user__handle")
    search_help_text = _("Object, description, email or handle")
    fields = ("at", "who", "kind", "thing", "words")
    readonly_fields = fields
    date_hierarchy = "action_time"

    @display(description=_("When"), ordering="action_time")
    def at(self, entry: LogEntry) -> datetime:
        """The time of the change."""
        return entry.action_time

    @display(description=_("Who"), ordering="user__handle")
    def who(self, entry: LogEntry) -> str:
        """The member of staff."""
        return str(entry.user)

    @display(description=_("Type"), ordering="content_type")
    def kind(self, entry: LogEntry) -> str:
        """The type of the changed object."""
        return entry.content_type.name if entry.content_type else "–"

    @display(description=_("Object"), ordering="object_repr")
    def thing(self, entry: LogEntry) -> Any:
        """The changed object, as a link while it exists."""
        address = entry.get_admin_url()
        if not address:
            return entry.object_repr
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            address,
            entry.object_repr,
        )

    @display(
        description=_("Action"),
        label={"added": "success", "changed": "info", "removed": "danger"},
    )
    def what(self, entry: LogEntry) -> tuple[str, Any]:
        """The kind of change as a coloured word."""
        kinds = {
            ADDITION: ("added", _("added")),
            CHANGE: ("changed", _("changed")),
            DELETION: ("removed", _("removed")),
        }
        return kinds[entry.action_flag]

    @display(description=_("Details"))
    def words(self, entry: LogEntry) -> str:
        """The change in a sentence."""
        return entry.get_change_message()
