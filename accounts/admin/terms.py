"""The terms, as staff see them: a new version is announced, one that has begun stays."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import Terms
from foundation.admin import StaffAdmin, link


class TermsForm(forms.ModelForm[Terms]):
    """A version that begins now or later."""

    class Meta:
        model = Terms
        fields = ("version", "valid_from", "text")

    def clean(self) -> dict[str, Any]:
        """Refuse the past; a form that was opened with *now* filled in still means now."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, now = cleaned.get("valid_from"), timezone.now()
        if begins and begins < now - timedelta(hours=1):
            self.add_error(
                "valid_from", _("Terms can't be changed in the past. Choose a later day.")
            )
        elif begins and begins < now:
            cleaned["valid_from"] = now
        return cleaned


@admin.register(Terms)
class TermsAdmin(StaffAdmin):
    """Versions of the terms. The database keeps those that have begun as they are."""

    form = TermsForm
    list_display = ("version", "valid_from", "standing", "page")
    readonly_fields = ("sha256", "page")

    def get_fields(self, request: HttpRequest, obj: Terms | None = None) -> tuple[str, ...]:
        """Return the fields; the fingerprint once there is a text."""
        return (*TermsForm.Meta.fields, *(self.readonly_fields if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        """Refuse for a version that has begun."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.valid_from > timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        """Refuse for a version that has begun, and for many at once."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and obj is not None and obj.valid_from > timezone.now()

    @display(description=_("Now"), label={"now": "success", "later": "info", "past": "default"})
    def standing(self, terms: Terms) -> tuple[str, Any]:
        """Whether the version is the one in force."""
        if terms.valid_from > timezone.now():
            return "later", _("scheduled")
        in_force = terms == Terms.objects.current()
        return ("now", _("in force")) if in_force else ("past", _("past"))

    @display(description=_("Page"))
    def page(self, terms: Terms) -> str:
        """The way to the page that everybody can read."""
        return link(reverse("terms_version", args=[terms.version]), _("Read"))
