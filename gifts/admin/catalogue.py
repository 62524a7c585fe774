"""The catalogue and the rules for sending."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from gifts.models import Gift, GiftPolicy, GiftPrice
from wallet.admin.reading import OneRowAdmin


class PriceForm(forms.ModelForm[GiftPrice]):
    """A new price: from now or from a later day, never backdated."""

    class Meta:
        model = GiftPrice
        fields = ("coins", "valid_from")

    def clean(self) -> dict[str, Any]:
        """Refuse a price that would change what was sent already."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since = data.get("valid_from")
        minute_ago = timezone.now() - timedelta(minutes=1)
        if not self.instance.pk and since and since < minute_ago:
            self.add_error("valid_from", _("A price changes only forward."))
        return data


class PriceInline(TabularInline):
    """The price versions: past ones to read, a new one to add."""

    model = GiftPrice
    form = PriceForm
    extra = 0
    can_delete = False
    verbose_name_plural = _("price versions")
    verbose_name = _("price")
    hide_title = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was a price stays one."""
        return False


@admin.register(Gift)
class GiftAdmin(ModelAdmin):
    """The catalogue. A gift that was sent is never deleted: it is retired."""

    list_display = ("picture", "name", "coins", "kind", "seconds", "combo", "offered")
    list_display_links = ("picture", "name")
    list_filter = ("kind", "combo", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "slug")
    ordering = ("position",)
    inlines: ClassVar[list[Any]] = [PriceInline]
    actions = ("retire", "bring_back")
    readonly_fields = ("large_picture", "retired_at")
    fields = (
        "large_picture", "name", "slug", "alt", "art", "kind", "duration_ms", "combo", "position",
        "retired_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gift]:
        """Return the gifts with their prices."""
        gifts: QuerySet[Gift] = super().get_queryset(request)
        return gifts.prefetch_related("prices")

    def get_readonly_fields(self, request: HttpRequest, obj: Gift | None = None) -> tuple[str, ...]:
        """A gift's slug is in events and in scripts: it stays."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sent gifts point at it."""
        return False

    @display(description="")
    def picture(self, gift: Gift) -> SafeString:
        """The art, small."""
        return format_html('<img src="{}" alt="" width="40" height="40">', static(gift.art))

    @display(description=_("As fans see it"))
    def large_picture(self, gift: Gift) -> SafeString | str:
        """The art, as large as it plays."""
        if not gift.art:
            return "–"
        src = static(gift.art)
        return format_html('<img src="{}" alt="{}" width="192" height="192">', src, gift.alt)

    @display(description=_("coins"))
    def coins(self, gift: Gift) -> str:
        """The price in force."""
        try:
            return f"{gift.price.coins:,}"
        except GiftPrice.DoesNotExist:
            return str(_("no price yet"))

    @display(description=_("plays"))
    def seconds(self, gift: Gift) -> str:
        """How long it plays."""
        return f"{gift.duration_ms / 1000:g} s"

    @display(description=_("offered"), boolean=True)
    def offered(self, gift: Gift) -> bool:
        """Whether it can be sent."""
        return gift.retired_at is None

    @admin.action(description=_("Retire: no longer offered"), permissions=["change"])
    def retire(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        """Take gifts off the tray; what was sent stays."""
        chosen = list(gifts.filter(retired_at__isnull=True))
        count = gifts.filter(retired_at__isnull=True).update(retired_at=timezone.now())
        for gift in chosen:
            self.log_change(request, gift, str(_("Retired.")))
        said = ngettext("%(n)s gift is retired.", "%(n)s gifts are retired.", count) % {"n": count}
        messages.success(request, said)

    @admin.action(description=_("Offer again"), permissions=["change"])
    def bring_back(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        """Put retired gifts back on the tray at their price in force."""
        chosen = list(gifts.filter(retired_at__isnull=False))
        count = gifts.filter(retired_at__isnull=False).update(retired_at=None)
        for gift in chosen:
            self.log_change(request, gift, str(_("Offered again.")))
        said = ngettext("%(n)s gift is back.", "%(n)s gifts are back.", count) % {"n": count}
        messages.success(request, said)


@admin.register(GiftPolicy)
class GiftPolicyAdmin(OneRowAdmin):
    """The rules for sending: one row."""

    fieldsets = (
        (_("Before sending"), {"fields": ("confirm_from_coins", "hold_to_send_from_coins")}),
        (_("Taking back"), {"fields": ("undo_small_seconds", "undo_large_seconds")}),
        (_("Combos"), {"fields": ("combo_max_coins", "combo_window_ms", "max_quantity")}),
        (
            _("Hold before payout, in days"),
            {"fields": ("hold_days_new", "hold_days_trusted", "hold_days_flagged")},
        ),
    )
