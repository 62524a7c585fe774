"""What staff may only read, whoever they are."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django_stubs_ext import StrOrPromise
from unfold.admin import ModelAdmin, TabularInline


def link(address: str, words: StrOrPromise) -> str:
    """Return a link that looks like the theme's own."""
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, words
    )


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the site writes and nobody edits: superusers neither."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class ReadOnlyInline(TabularInline):
    """Rows beneath another that nobody edits."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False
