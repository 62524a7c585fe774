"""Sent gifts: to read, to find by number or person, and to release early."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

import ledger
from accounts.models import User
from foundation.admin import grouped, link
from foundation.figures import figure
from foundation.keyset import KeysetAdmin
from foundation.money import fine
from gifts.earnings.release import release_early
from gifts.models import SentGift


class StateFilter(admin.SimpleListFilter):
    """Filter by the state of a gift's diamonds."""

    title = _("diamonds")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("held", _("on hold")), ("released", _("released")), ("undone", _("taken back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the gifts of the chosen state."""
        states = {
            "held": {"released_at__isnull": True, "undone_at__isnull": True},
            "released": {"released_at__isnull": False},
            "undone": {"undone_at__isnull": False},
        }
        return queryset.filter(**states.get(self.value() or "", {}))


@admin.register(SentGift)
class SentGiftAdmin(KeysetAdmin):
    """Everything that was sent. Read only: a correction is a new posting."""

    list_display = (
        "created_at",
        "what",
        "fan",
        "creator",
        grouped("coins", _("coins")),
        grouped("diamonds", _("diamonds")),
        "state",
        "ledger",
    )
    fields = (
        ("what", "diamonds_are"),
        ("fan", "creator"),
        ("stream", "ledger"),
        (grouped("coins", _("coins")), "bonus_coins"),
        ("paid", "tax"),
        (grouped("diamonds", _("diamonds")), "rate_card"),
        ("message", "anonymous"),
        ("created_at", "moment"),
        "undo_until",
        ("release_at", "released_at"),
        ("undone_at", "thanked_at"),
        "public_id",
    )
    list_filter = (StateFilter, "created_at")
    list_select_related = ("fan", "creator", "gift")
    search_fields = ("public_id",)
    search_help_text = _("Gift ID, or the full handle or email of the sender or creator")
    actions = ("release_now",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SentGift], search_term: str
    ) -> tuple[QuerySet[SentGift], bool]:
        """Return the gift of a number, or those a person sent and received."""
        text = search_term.strip()
        if not text:
            return queryset, False
        try:
            return queryset.filter(public_id=UUID(text)), False
        except ValueError:
            named = User.objects.filter(Q(handle__iexact=text.lstrip("@")) | Q(email__iexact=text))
            person = named.values_list("pk", flat=True).first()
            return queryset.filter(Q(fan=person) | Q(creator=person)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Gifts are sent, not made."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sent gifts are read only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sent gifts stay."""
        return False

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Early release needs the permission to change creators."""
        return request.user.has_perm("accounts.change_creator")

    @display(description=_("gift"))
    def what(self, sent: SentGift) -> str:
        """Return the gift and its quantity."""
        return f"{sent.quantity} × {sent.gift}" if sent.quantity > 1 else str(sent.gift)

    @display(
        description=_("diamonds are"),
        label={"held": "warning", "released": "success", "undone": "danger"},
    )
    def state(self, sent: SentGift) -> tuple[str, Any]:
        """Return the state of its diamonds."""
        if sent.undone_at:
            return "undone", _("taken back")
        return ("released", _("released")) if sent.released_at else ("held", _("on hold"))

    @display(description=_("diamonds are"))
    def diamonds_are(self, sent: SentGift) -> str:
        """Return the state of its diamonds, in words."""
        return str(self.state(sent)[1])

    @display(description=_("the fan paid"))
    def paid(self, sent: SentGift) -> str:
        """Return the price of the gift's coins to the fan."""
        return fine(sent.fan_price_fine, sent.fan_currency).in_full

    @display(description=_("including tax"))
    def tax(self, sent: SentGift) -> str:
        """Return the tax in that price."""
        return fine(sent.fan_tax_fine, sent.fan_currency).in_full

    @display(description=_("posting"))
    def ledger(self, sent: SentGift) -> SafeString | str:
        """Link to its posting."""
        try:
            href = reverse("admin:ledger_posting_change", args=[sent.posting_id])
        except NoReverseMatch:
            return f"#{sent.posting_id}"
        return link(href, f"#{sent.posting_id}")

    @admin.action(
        description=_("Release diamonds on hold for these creators"), permissions=["release"]
    )
    def release_now(self, request: HttpRequest, gifts: QuerySet[SentGift]) -> HttpResponse | None:
        """Ask for the reason, then release all diamonds that these creators have on hold."""
        creators = User.objects.filter(pk__in=gifts.order_by().values("creator_id"))
        reason = request.POST.get("reason", "")
        if not reason.strip():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Release early"),
                "creators": [
                    (creator, ledger.balance("diamonds_held", "DIAMOND", creator.pk))
                    for creator in creators
                ],
                "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
                "opts": self.model._meta,
            }
            return render(request, "gifts/admin/release.html", context)
        assert isinstance(request.user, User)  # noqa: S101  # staff are people
        moved = release_early(creators=creators, by=request.user, reason=reason)
        said = _("Released %(diamonds)s diamonds.") % {"diamonds": figure(moved)}
        messages.success(request, said)
        return None
