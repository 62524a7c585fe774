"""Bank accounts, masked, and the site's rules for paying out."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import StaffAdmin
from payouts.admin.base import ActionsAdmin
from payouts.methods import fitness
from payouts.models import PayoutMethod, PayoutPolicy


@admin.register(PayoutMethod)
class PayoutMethodAdmin(ActionsAdmin):
    """Bank accounts, masked: no page shows a whole number."""

    list_display = ("creator", "holder", "iban_masked", "standing", "auto_weekly", "created_at")
    list_display_links = ("holder",)
    list_filter = ("auto_weekly", ("removed_at", admin.EmptyFieldListFilter))
    search_fields = ("creator__handle", "creator__email", "holder", "iban_masked")
    search_help_text = _("Handle, email, account holder or last four characters of the IBAN")
    list_select_related = ("creator",)
    fields = (
        ("creator", "holder", "at_bank"),
        ("iban_masked", "bic", "address"),
        "standing_in_words",
        ("usable_from", "locked_reason"),
        ("auto_weekly", "next_auto_at"),
        ("created_at", "removed_at"),
    )

    readonly_fields = ("standing_in_words", "at_bank", "address")

    @display(description=_("name that the bank gets"))
    def at_bank(self, method: PayoutMethod) -> str:
        """The holder's name in the letters that banks read."""
        return fitness.holder_at_bank(method.holder) or "–"

    @display(description=_("address"))
    def address(self, method: PayoutMethod) -> Any:
        """Whether an address is on file: no page shows it."""
        return _("on file, encrypted") if method.address_encrypted else "–"

    @display(description=_("status"))
    def standing_in_words(self, method: PayoutMethod) -> str:
        """Whether money may go there now, in words."""
        in_use = method.removed_at is None
        return (fitness.unfit(method) if in_use else "") or str(self.standing(method)[1])

    @display(
        description=_("status"),
        label={
            "ready": "success",
            "frozen": "warning",
            "locked": "danger",
            "unfit": "danger",
            "replaced": "default",
        },
    )
    def standing(self, method: PayoutMethod) -> tuple[str, Any]:
        """Whether money may go there now."""
        if method.removed_at:
            return "replaced", _("replaced")
        if method.locked:
            return "locked", _("locked")
        if fitness.unfit(method):
            return "unfit", _("incomplete")
        return ("frozen", _("not yet")) if method.frozen else ("ready", _("ready"))


@admin.register(PayoutPolicy)
class PayoutPolicyAdmin(StaffAdmin):
    """One row of rules."""

    fields = (
        ("min_usd_cents", "max_per_day_usd_cents"),
        ("bank_change_freeze_hours", "in_transit_days"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse a second row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: a site without rules pays by its defaults, unseen."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Go straight to the one row."""
        policy, _created = PayoutPolicy.objects.get_or_create(pk=1)
        return redirect("admin:payouts_payoutpolicy_change", policy.pk)
