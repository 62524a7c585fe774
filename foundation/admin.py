"""Bases of admin pages: people as links, rows that are only read, rules that stand in one row."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django_stubs_ext import StrOrPromise
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from foundation.errors import DomainError
from foundation.figures import figure, read_by
from foundation.requests import way_back

Action = Callable[..., HttpResponse]


def link(address: str, words: StrOrPromise) -> str:
    """Return a link that looks like the theme's own."""
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, words
    )


def folded(words: StrOrPromise, text: str) -> str:
    """Return a text for machines that opens when it is asked for."""
    return format_html(
        '<details class="folded"><summary>{}</summary><pre>{}</pre></details>', words, text
    )


def grouped(field: str, words: StrOrPromise) -> Callable[[Any], str]:
    """Return a column with a count as people write it: 10,000."""

    @display(description=words, ordering=field)
    def shown(row: Any) -> str:
        count = getattr(row, field)
        return "–" if count is None else figure(count)

    shown.__name__ = field
    column: Callable[[Any], str] = shown
    return column


def person_page(pk: int) -> str:
    """Return the address of a person's page."""
    meta = get_user_model()._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])


def _person(field: str, words: StrOrPromise) -> Callable[[Any], str]:
    """Return a column that leads to the page of the person whom it names."""

    @display(description=words, ordering=field)
    def shown(row: Any) -> str:
        named = getattr(row, field)
        return link(person_page(named.pk), str(named)) if named else "–"

    shown.__name__ = field
    column: Callable[[Any], str] = shown
    return column


class StaffAdmin(ModelAdmin):
    """The base of every list of staff: who is named in it is a way to that person's page."""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns, with people as links for those who may look at people."""
        columns: Sequence[Any] = super().get_list_display(request)
        meta = get_user_model()._meta
        if not request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
            return list(columns)
        # A first column without a word about links is the way to the row itself.
        own = columns[:1] if self.list_display_links == () else ()
        return [*own, *(self._leading(column) for column in columns[len(own) :])]

    # The log keeps a row's title for all its readers: in the site's own figures.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log that a row was added."""
        with read_by(""):
            return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log that a row was changed."""
        with read_by(""):
            return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log that rows were deleted."""
        with read_by(""):
            return super().log_deletions(request, queryset)

    def _leading(self, column: Any) -> Any:
        try:
            field = self.opts.get_field(column) if isinstance(column, str) else None
        except FieldDoesNotExist:
            field = None
        if field is None or field.related_model is not get_user_model():
            return column
        return _person(field.name, field.verbose_name)

    def button(self, route: str, action: Action, permission: str) -> URLPattern:
        """Return the address of a button: a POST by a person with the permission; refusals
        come back as a message.
        """

        @require_POST
        def pressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return action(request, *args, **kwargs)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
                return redirect(
                    way_back(request, request.headers.get("Referer", ""), reverse("admin:index"))
                )

        pressed.permission = permission  # type: ignore[attr-defined]  # the site asks for it
        name = f"{self.opts.app_label}_{self.opts.model_name}_{action.__name__}"
        address: URLPattern = path(route, self.admin_site.admin_view(pressed), name=name)
        return address


class OneRowAdmin(StaffAdmin):
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


class ReadOnlyAdmin(StaffAdmin):
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
