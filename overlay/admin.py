"""The staff pages of overlays: owners and states, never addresses."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin
from foundation.figures import figure
from overlay import goals
from overlay.models import AlertSettings, Goal, Overlay


class CreatorsOwnAdmin(ReadOnlyAdmin):
    """Rows that creators write and staff look at."""

    list_select_related = ("creator",)
    search_fields: tuple[str, ...] = ("creator__handle", "creator__email")


@admin.register(Overlay)
class OverlayAdmin(CreatorsOwnAdmin):
    """Overlays. The address is its creator's secret: staff see the head of its fingerprint."""

    list_display = ("creator", "fingerprint", "rotated_at", "seen_at", "played_to")
    list_display_links = ("fingerprint",)
    fields = ("creator", "fingerprint", "rotated_at", "seen_at", "played_to")

    @display(description=_("address"))
    def fingerprint(self, overlay: Overlay) -> str:
        """Enough to tell one address from the next, not enough to open it."""
        return f"••••••••  ({overlay.digest[:8]})"


@admin.register(AlertSettings)
class AlertSettingsAdmin(CreatorsOwnAdmin):
    """Which gifts creators announce."""

    list_display = ("creator", "paused", "least_coins", "speak_from_coins", "thank_from_coins")
    list_display_links = ("least_coins",)
    list_filter = ("paused",)


@admin.register(Goal)
class GoalAdmin(CreatorsOwnAdmin):
    """The goals of creators."""

    list_display = ("title", "creator", "counted", "target", "unit", "started_at", "ended_at")
    list_filter = ("unit", "started_at", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "creator__handle", "=public_id")
    fields = (
        "creator", "title", "unit", "counted", "target", "started_at", "ends_at", "ended_at",
        "reached", "public_id",
    )  # fmt: skip

    @display(description=_("progress"))
    def counted(self, goal: Goal) -> str:
        """Added up from the gifts."""
        return figure(goals.counted(goal))
