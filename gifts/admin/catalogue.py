"""The catalogue and the rules for sending."""

from datetime import timedelta
from typing import Any, ClassVar

from csp.constants import NONCE, SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.admin import TabularInline
from unfold.decorators import display

from foundation.admin import OneRowAdmin, StaffAdmin
from foundation.figures import figure
from gifts.admin.forms import GiftForm
from gifts.models import Gift, GiftPolicy, GiftPrice, Upload
from gifts.sending.eligibility import terms_of
from gifts.stage.preview import preview_of

PLAY = "admin:gifts_gift_play"
# The stage is a page of the site inside a page of the staff site.
PREVIEW = {
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE],
    "frame-ancestors": [SELF],
}


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
            self.add_error(
                "valid_from", _("Prices can't be changed in the past. Choose a later start.")
            )
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
        """Past prices stay as they are."""
        return False


@admin.register(Gift)
class GiftAdmin(StaffAdmin):
    """The catalogue. A gift that was sent is never deleted: it is retired."""

    takes_files = True
    form = GiftForm
    list_display = ("picture", "name", "coins", "kind", "seconds", "combo", "for_whom", "offered")
    list_display_links = ("picture", "name")
    list_filter = (
        "kind",
        "combo",
        "club_only",
        ("available_from", admin.EmptyFieldListFilter),
        ("retired_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "slug")
    ordering = ("position",)
    inlines: ClassVar[list[Any]] = [PriceInline]
    actions = ("retire", "bring_back")
    readonly_fields = ("large_picture", "drawn")
    prepopulated_fields: ClassVar[dict[str, Any]] = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("large_picture", "name", "slug", "alt")}),
        (
            _("Picture and animation"),
            {"fields": ("drawn", "picture_file", "motion_file", "drop_motion")},
        ),
        (
            _("In the room"),
            {"fields": ("kind", "duration_ms", "message_length", "combo", "confirm_twice")},
        ),
        (_("When"), {"fields": ("available_from", "retired_at", "position")}),
        (_("Availability"), {"fields": ("from_level", "club_only", "countries")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gift]:
        """Return the gifts with their prices."""
        gifts: QuerySet[Gift] = super().get_queryset(request)
        return gifts.prefetch_related("prices")

    def get_readonly_fields(self, request: HttpRequest, obj: Gift | None = None) -> tuple[str, ...]:
        """A gift's slug is in events and in scripts: it stays."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Gift | None = None
    ) -> dict[str, Any]:
        """Make the slug of a new gift from its name."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Gift | None:
        """Read a gift after its uploads: what is said to be drawn is shown, too."""
        gift: Gift | None = super().get_object(request, object_id, from_field)
        if gift:
            prefetch_related_objects([gift], "uploads")
            gift.refresh_from_db(fields=["art", "motion"])
        return gift

    def get_urls(self) -> list[URLPattern]:
        """Add the stage on which staff see a gift play."""
        # The outer policy is the one that holds: the stage wants the site's, not the staff site's.
        play = csp_replace(PREVIEW)(self.admin_site.admin_view(self.play))
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:number>/play/", play, name="gifts_gift_play"), *urls]

    @method_decorator(xframe_options_sameorigin)
    def play(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show a stage as large as a room's, and the gift on it."""
        gift = get_object_or_404(Gift, pk=number)
        context = {"gift": gift, "plays": preview_of(gift, 0)}
        return render(request, "gifts/preview.html", context)

    def save_model(self, request: HttpRequest, obj: Gift, form: GiftForm, change: bool) -> None:
        """Save what staff changed; a worker may let the gift show an upload at the same time."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        drops = form.cleaned_data["drop_motion"] and not form.cleaned_data["motion_file"]
        if drops:
            obj.motion = ""
        own = {field.name for field in Gift._meta.concrete_fields}
        fields = [*(own & form.cleaned_data.keys()), *(["motion"] if drops else [])]
        obj.save(update_fields=fields)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the prices and the files, and say what keeps the gift from going on sale."""
        super().save_related(request, form, formsets, change)
        if form.submit_files(form.instance):
            messages.info(request, _("The gift shows the new files as soon as they are drawn."))
        if not form.instance.prices.exists():
            messages.info(request, _("A gift goes on sale as soon as it has a price."))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: sent gifts point at it."""
        return False

    @display(description="")
    def picture(self, gift: Gift) -> SafeString | str:
        """Return the art, small."""
        if not gift.art:
            return "–"
        return format_html('<img src="{}" alt="" width="40" height="40">', gift.art_url)

    @display(description=_("Preview"))
    def large_picture(self, gift: Gift) -> SafeString | str:
        """Return the art in several sizes, and the preview."""
        if not gift.art:
            return "–"
        return render_to_string(
            "gifts/_preview.html", {"gift": gift, "play": reverse(PLAY, args=[gift.pk])}
        )

    @display(description=_("New files"))
    def drawn(self, gift: Gift) -> SafeString | str:
        """Return the newest upload of each part, with how far it has got."""
        newest = {upload.part: upload for upload in reversed(gift.uploads.all())}
        if not newest:
            return "–"
        uploads = [newest[part] for part in Upload.Part if part in newest]
        return render_to_string("gifts/admin/_uploads.html", {"uploads": uploads})

    @display(description=_("coins"))
    def coins(self, gift: Gift) -> str:
        """Return the price in force."""
        try:
            return figure(gift.price.coins)
        except GiftPrice.DoesNotExist:
            return str(_("no price yet"))

    @display(description=_("plays"))
    def seconds(self, gift: Gift) -> str:
        """Return its duration in seconds."""
        return f"{gift.duration_ms / 1000:g} s"

    @display(description=_("offered"), boolean=True)
    def offered(self, gift: Gift) -> bool:
        """Return whether it can be sent."""
        now = timezone.now()
        begun = gift.available_from is None or gift.available_from <= now
        return bool(gift.art) and begun and (gift.retired_at is None or gift.retired_at > now)

    @display(description=_("for whom"))
    def for_whom(self, gift: Gift) -> str:
        """Return its conditions, in a few words."""
        return ", ".join(terms_of(gift)) or str(_("everybody"))

    @admin.action(description=_("Retire selected gifts"), permissions=["change"])
    def retire(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        """Take gifts off the tray; what was sent stays."""
        now = timezone.now()
        on_offer = gifts.exclude(retired_at__lte=now)
        chosen = list(on_offer)
        # One that was to come has no first day any more: the last one would be before it.
        on_offer.filter(available_from__gte=now).update(available_from=None)
        count = gifts.filter(pk__in=[gift.pk for gift in chosen]).update(retired_at=now)
        for gift in chosen:
            self.log_change(request, gift, str(_("Gift retired.")))
        said = ngettext("%(n)s gift is retired.", "%(n)s gifts are retired.", count) % {"n": count}
        messages.success(request, said)

    @admin.action(description=_("Restore selected gifts"), permissions=["change"])
    def bring_back(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        """Put retired gifts back on the tray at their price in force."""
        chosen = list(gifts.filter(retired_at__isnull=False))
        count = gifts.filter(retired_at__isnull=False).update(retired_at=None)
        for gift in chosen:
            self.log_change(request, gift, str(_("Gift restored.")))
        said = ngettext("%(n)s gift is restored.", "%(n)s gifts are restored.", count) % {
            "n": count
        }
        messages.success(request, said)


@admin.register(GiftPolicy)
class GiftPolicyAdmin(OneRowAdmin):
    """The rules for sending: one row."""

    fieldsets = (
        (_("Before sending"), {"fields": ("confirm_from_coins", "hold_to_send_from_coins")}),
        (
            _("Undo"),
            {"fields": ("undo_large_from_coins", "undo_small_seconds", "undo_large_seconds")},
        ),
        (_("Combos"), {"fields": ("combo_max_coins", "combo_window_ms", "max_quantity")}),
        (_("Clubs and levels"), {"fields": ("club_coins", "club_days", "level_coins")}),
        (
            _("Hold before payout, in days"),
            {"fields": ("hold_days_new", "hold_days_trusted", "hold_days_flagged")},
        ),
    )
