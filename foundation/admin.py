"""Bases of admin pages: rows that are only read, rules that stand in one row."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django_stubs_ext import StrOrPromise
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display


def link(address: str, words: StrOrPromise) -> str:
    """Return a link that looks like the theme's own."""
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, words
    )


def grouped(field: str, words: StrOrPromise) -> Callable[[Any], str]:
    """Return a column with a count as people write it: 10,000."""

    @display(description=words, ordering=field)
    def shown(row: Any) -> str:
        count = getattr(row, field)
        return "–" if count is None else f"{count:,}"

    column: Callable[[Any], str] = shown
    return column


class OneRowAdmin(ModelAdmin):
    """Rules that stand in one row: the list leads straight to it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let staff make the one row, if it is missing."""
        return not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the one row."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Go straight to the row."""
        row = self.model._default_manager.first()
        if row is None:
            answer: HttpResponse = super().changelist_view(request, extra_context)
            return answer
        opts = self.model._meta
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_change", row.pk)


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the site alone writes: staff read them, superusers too."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse to add a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to change a row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to delete a row."""
        return False


class ReadOnlyInline(TabularInline):
    """Rows beneath another that are only read."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to add a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to change a row."""
        return False
