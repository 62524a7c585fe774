"""What disputes and refunds did to creators' gifts. All of it is only read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, grouped, link
from gifts.models import Clawback, ClawbackGift

STATES = {
    Clawback.State.FROZEN: "warning",
    Clawback.State.RETURNED: "success",
    Clawback.State.TAKEN: "danger",
}


class GiftInline(ReadOnlyInline):
    """The gifts, each with the part that goes back."""

    model = ClawbackGift
    fields = ("gift", grouped("coins", _("coins")), grouped("diamonds", _("diamonds")), "released")
    readonly_fields = fields


@admin.register(Clawback)
class ClawbackAdmin(ReadOnlyAdmin):
    """Each dispute's or refund's part for each creator."""

    list_display = (
        "created_at",
        "creator",
        "of",
        "step",
        grouped("held_diamonds", _("diamonds on hold")),
        grouped("released_diamonds", _("released diamonds")),
        grouped("owed_diamonds", _("diamonds owed")),
    )
    list_display_links = ("created_at",)
    list_filter = ("state", "created_at")
    list_select_related = ("creator", "dispute__purchase__user", "refund__purchase__user")
    search_fields = (
        "creator__handle",
        "creator__email",
        "dispute__provider_reference",
        "refund__public_id",
    )
    search_help_text = _("Creator, dispute or refund")
    fields = (
        ("creator", "of"),
        ("state", "decided_at"),
        (grouped("held_coins", _("coins of gifts on hold")),
         grouped("held_diamonds", _("diamonds on hold"))),
        (grouped("released_coins", _("coins of released gifts")),
         grouped("released_diamonds", _("released diamonds"))),
        grouped("owed_diamonds", _("diamonds owed")),
    )  # fmt: skip
    readonly_fields = ("of",)
    inlines = (GiftInline,)

    @display(description=_("State"), label=STATES)
    def step(self, clawback: Clawback) -> tuple[str, str]:
        """The state as a coloured word."""
        return clawback.state, clawback.get_state_display()

    @display(description=_("because of"))
    def of(self, clawback: Clawback) -> str:
        """The way to the dispute, or to the refund."""
        kind = "dispute" if clawback.dispute_id else "refund"
        cause = clawback.dispute or clawback.refund
        address = reverse(f"admin:wallet_{kind}_change", args=[cause.pk if cause else 0])
        return link(address, str(cause))

    def lookup_allowed(self, lookup: str, value: str, request: object = None) -> bool:
        """Let the page of a dispute or refund lead to its own rows."""
        own = ("dispute__id__exact", "refund__id__exact")
        return lookup in own or super().lookup_allowed(lookup, value, request)
