"""Accounts that close, as staff see them: read alone; their owners decide."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from care.models import Closing
from foundation.admin import ReadOnlyAdmin, grouped

CLOSING, CLOSED, KEPT = _("closing"), _("closed"), _("kept")
COINS = grouped("coins_given_up", _("coins given up"))
DIAMONDS = grouped("diamonds_given_up", _("diamonds given up"))


@admin.register(Closing)
class ClosingAdmin(ReadOnlyAdmin):
    """Each wish to close an account, and what became of it."""

    list_display = ("asked_at", "user", "step", "closes_at", COINS, DIAMONDS, "needs_attention")
    list_display_links = ("asked_at",)
    list_filter = ("closed_at", ("needs_attention", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__handle", "user__email")
    search_help_text = _("Handle or email")
    fields = (
        "user",
        "step",
        ("asked_at", "closes_at"),
        ("undone_at", "closed_at"),
        ("gives_up", COINS, grouped("bonus_given_up", _("bonus coins that ended")), DIAMONDS),
        "needs_attention",
        ("due_at", "attempts"),
    )
    readonly_fields = ("step",)

    @display(
        description=_("State"),
        label={str(CLOSING): "warning", str(CLOSED): "danger", str(KEPT): "success"},
    )
    def step(self, closing: Closing) -> str:
        """The state in a word."""
        if closing.closed_at:
            return str(CLOSED)
        return str(KEPT if closing.undone_at else CLOSING)
