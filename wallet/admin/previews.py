"""Look before you save: a dated row is shown with its effect first, and saved by a second press."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.admin import StaffAdmin
from foundation.errors import DomainError
from foundation.figures import figure
from wallet.prices.impact import Effect, refuse_losses


class ForwardForm(forms.ModelForm[Any]):
    """A row that begins now or later. What pays out more than it brings is refused."""

    effects: Callable[[Any], list[Effect]]

    def clean(self) -> dict[str, Any]:
        """Refuse the past, and losses."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins = cleaned.get("valid_from")
        if begins is None:
            return cleaned
        now = timezone.now()
        # The form was opened a while ago with *now* filled in: that still means now.
        if begins < now - timedelta(hours=1):
            self.add_error(
                "valid_from",
                _("Prices and rates can't be changed in the past. Choose a later start."),
            )
        if begins < now:
            cleaned["valid_from"] = now
        return cleaned

    def full_clean(self) -> None:
        """Refuse losses once the row itself is in order."""
        super().full_clean()
        if not self.is_bound or self.errors:
            return
        try:
            refuse_losses(type(self).effects(self.instance))
        except DomainError as refusal:
            self.add_error(None, refusal.detail)


class ForwardAdmin(StaffAdmin):
    """Rows that are added, never changed: what is in force stays as it was for everybody."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: an announced row stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: history stays."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the effect of a good form first; save it when it comes back confirmed."""
        if request.method == "POST" and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid() and "_confirmed" not in request.POST:
                return self.preview(request, form)
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = one_button | (extra_context or {})
        answer: HttpResponse = super().add_view(request, form_url, context)
        return answer

    def preview(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Return the page that shows what a row would do."""
        effects = sorted(type(form).effects(form.instance), key=lambda e: not e.below_worth)
        if any(effect.below_worth for effect in effects):
            messages.warning(
                request, _("Some packs earn less than their coins are worth. See the table.")
            )
        context = self.admin_site.each_context(request) | {
            "title": _("Impact preview"),
            "opts": self.model._meta,
            "instance": form.instance,
            "posted": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
            "table": table(effects),
        }
        return TemplateResponse(request, "wallet/admin/preview.html", context)


def table(effects: list[Effect]) -> dict[str, Any]:
    """Return the effects as the theme's table reads them."""
    return {
        "headers": [
            _("Pack"),
            _("Country"),
            _("Price, now → then"),
            _("Tax, now → then"),
            _("Payment"),
            _("Creators, now → then"),
            _("Share, now → then"),
            _("Platform, now → then"),
            _("Compared to coin value"),
        ],
        "rows": [_row(effect) for effect in effects],
    }


def _row(effect: Effect) -> list[Any]:
    before, after = effect.before, effect.after

    def change(read: Callable[[Any], Any]) -> str:
        now, then = read(before) if before else "–", read(after)
        return str(then) if now == then else f"{now} → {then}"

    short = after.margin_minor
    return [
        figure(after.coins),
        after.country.name,
        change(lambda offer: offer.total),
        change(lambda offer: offer.tax),
        after.fee,
        change(lambda offer: offer.creator_gets),
        change(lambda offer: f"{figure(offer.creator_percent)}%"),
        change(lambda offer: offer.platform),
        _("covered") if short >= 0 else f"{after.margin} ({_('short')})",
    ]
