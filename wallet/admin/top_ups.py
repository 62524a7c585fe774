"""Auto top-ups: what fans agreed to. Staff read them, and may turn one off."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, grouped
from foundation.requests import way_back
from wallet.agreements.turning_off import turn_off
from wallet.models import Purchase, TopUp

COINS = grouped("coins", _("Coins each time"))
BELOW = grouped("below_coins", _("When fewer than"))
STATES = {TopUp.State.ON: "success", TopUp.State.WAITING: "info"}


class OrderInline(ReadOnlyInline):
    """The orders that it placed."""

    model = Purchase
    verbose_name_plural = _("orders")
    fields = ("created_at", "total", "state", "captured_at")
    readonly_fields = fields
    show_change_link = True


@admin.register(TopUp)
class TopUpAdmin(ReadOnlyAdmin):
    """What fans agreed to be charged for by itself, with the sentence that they read."""

    list_display = ("consented_at", "user", "total", "month", COINS, BELOW, "step", "off_reason")
    list_display_links = ("consented_at",)
    list_filter = ("state", "off_reason", "currency")
    list_select_related = ("user",)
    search_fields = ("user__handle", "user__email", "public_id")
    search_help_text = _("Email or handle")
    inlines = (OrderInline,)
    change_form_outer_before_template = "wallet/admin/top_up.html"
    fields = (
        "user",
        "state",
        "consent",
        "consent_version",
        "consented_at",
        "total",
        "month",
        COINS,
        BELOW,
        "bundle",
        "saved_method",
        "card_state",
        "on_at",
        "rests_until",
        "off_at",
        "off_reason",
        "off_note",
        "off_by",
    )

    @display(description=_("State"), label=STATES)
    def step(self, top_up: TopUp) -> tuple[str, str]:
        """The state as a coloured word."""
        return top_up.state, top_up.get_state_display()

    @display(description=_("Card at the provider"))
    def card_state(self, top_up: TopUp) -> str:
        """Where the card stands, and what went wrong with it."""
        saved = top_up.saved_method
        return f"{saved.provider}: {saved.get_state_display()} {saved.needs_attention}".strip()

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the button that turns one off."""
        return [self.button("<int:pk>/stop/", self.stop, "wallet.stop_topup"), *super().get_urls()]

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn one off, and lead back to where the button was pressed."""
        top_up = get_object_or_404(TopUp, pk=pk)
        by = request.user
        turn_off(top_up=top_up, reason=TopUp.Reason.STAFF, by=by)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, top_up, gettext("Turned off"))
        messages.success(request, gettext("Auto top-up is off. The fan is told by email."))
        here = reverse("admin:wallet_topup_change", args=[pk])
        return redirect(way_back(request, request.headers.get("Referer", ""), here))
