"""Promotions and bonus coins: made with their sentence seen, stopped, and read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, grouped
from foundation.errors import WrongState
from foundation.figures import figure
from foundation.requests import number
from wallet.models import BonusLot, BonusStep, Promotion
from wallet.promotions.wording import sentence


class PromotionForm(forms.ModelForm[Promotion]):
    """A new promotion."""

    class Meta:
        model = Promotion
        fields = (
            "name",
            "first_purchase",
            "region",
            "bundle",
            "percent",
            "coins",
            "bonus_days",
            "starts_at",
            "ends_at",
            "budget_coins",
            "per_fan_coins",
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a pack of another region."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        bundle, region = cleaned.get("bundle"), cleaned.get("region")
        if bundle and region and bundle.region_id != region.pk:
            self.add_error("bundle", _("This pack is sold in another region. Choose one of it."))
        return cleaned


@admin.register(Promotion)
class PromotionAdmin(StaffAdmin):
    """Promotions. What one gives stays as it was announced; staff can stop it."""

    form = PromotionForm
    list_display = ("name", "gives", "starts_at", "ends_at", "used", "running")
    list_filter = ("first_purchase", "region", "starts_at")
    search_fields = ("name",)
    search_help_text = _("Name")
    list_select_related = ("region", "bundle")
    date_hierarchy = "starts_at"
    change_form_outer_before_template = "wallet/admin/promotion.html"
    fields = PromotionForm.Meta.fields

    def get_fields(self, request: HttpRequest, obj: Promotion | None = None) -> Any:
        """Show a promotion that exists with what became of it."""
        return (*self.fields, "used", "stopped_at", "created_by") if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: fans saw it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: orders name it."""
        return False

    @display(description=_("Gives"))
    def gives(self, promotion: Promotion) -> str:
        """The bonus in a few words."""
        if promotion.percent is not None:
            return f"{promotion.percent}%"
        return gettext("%(coins)s coins") % {"coins": figure(promotion.coins or 0)}

    @display(description=_("Granted of the budget"))
    def used(self, promotion: Promotion) -> str:
        """What was granted, and what may be."""
        return f"{figure(promotion.granted_coins)} / {figure(promotion.budget_coins)}"

    @display(description=_("Running"), boolean=True)
    def running(self, promotion: Promotion) -> bool:
        """Whether it holds now."""
        return promotion.is_running

    def get_urls(self) -> list[URLPattern]:
        """Add the button that stops it."""
        stop = self.button("<int:pk>/stop/", self.stop, "wallet.change_promotion")
        return [stop, *super().get_urls()]

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a promotion now. Orders that were promised its bonus keep the promise."""
        promotion = get_object_or_404(Promotion, pk=pk)
        stopped = Promotion.objects.filter(pk=pk, stopped_at=None).update(stopped_at=timezone.now())
        if not stopped:
            raise WrongState
        self.log_change(request, promotion, gettext("Stopped: %(what)s") % {"what": promotion})
        messages.success(request, gettext("Stopped. Orders that were promised its bonus keep it."))
        return redirect("admin:wallet_promotion_change", pk)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a good form in a sentence first; save it when it comes back confirmed."""
        if request.method == "POST" and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid() and "_confirmed" not in request.POST:
                return self._preview(request, form)
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        answer: HttpResponse = super().add_view(
            request, form_url, one_button | (extra_context or {})
        )
        return answer

    def _preview(self, request: HttpRequest, form: Any) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": gettext("Preview"),
            "opts": self.opts,
            "sentence": sentence(form.instance),
            "posted": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "wallet/admin/promotion_preview.html", context)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:  # Django's own signature
        """Keep who made it."""
        obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a promotion with its sentence and its button."""
        promotion = Promotion.objects.filter(pk=number(object_id) or 0).first()
        facts = {
            "sentence": sentence(promotion) if promotion else "",
            "may_stop": promotion is not None
            and promotion.stopped_at is None
            and request.user.has_perm("wallet.change_promotion"),
        }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, facts | (extra_context or {})
        )
        return answer


class StepInline(ReadOnlyInline):
    """What became of the coins, step by step."""

    model = BonusStep
    fields = ("kind", grouped("coins", _("coins")), "created_at")
    readonly_fields = fields


@admin.register(BonusLot)
class BonusLotAdmin(ReadOnlyAdmin):
    """Bonus coins that fans got, and what became of them."""

    list_display = (
        "created_at",
        "user",
        grouped("coins", _("Coins")),
        "expires_at",
        grouped("expired_coins", _("Expired")),
        grouped("void_coins", _("Void")),
        "needs_attention",
    )
    list_display_links = ("created_at",)
    list_select_related = ("user",)
    search_fields = ("public_id", "user__email", "user__handle", "purchase__public_id")
    search_help_text = _("Bonus, order, email or handle")
    date_hierarchy = "created_at"
    inlines = (StepInline,)
    fields = (
        "user",
        "coins",
        ("expired_coins", "void_coins"),
        ("created_at", "expires_at"),
        "purchase",
        "redemption",
        "mailed_at",
        "needs_attention",
        "public_id",
    )
    readonly_fields = ("public_id",)
