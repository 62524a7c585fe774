"""Groups of staff in the admin: those that come with the site to read, others to make."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.decorators import display

from foundation.admin import StaffAdmin
from giftplatform.staff.groups import BY_NAME

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, StaffAdmin):
    """Groups of staff and their permissions. Superusers alone touch them: else a right to
    change groups is every right. Those that come with the site stay as they are declared.
    """

    list_display = ("name", "purpose", "people")
    fields = ("name", "permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Return groups with the number of their people."""
        found: QuerySet[Group] = super().get_queryset(request)
        return found.annotate(count=Count("user"))

    @display(description=_("Purpose"))
    def purpose(self, group: Group) -> StrOrPromise:
        """The job of its people, in a sentence."""
        known = BY_NAME.get(group.name)
        return known.sentence if known else _("Made by a superuser of this site.")

    @display(description=_("People"), ordering="count")
    def people(self, group: Any) -> int:
        """The number of its people."""
        return int(group.count)

    @display(description=_("Rights"))
    def rights(self, group: Group) -> str:
        """Each right in words."""
        names = group.permissions.order_by("content_type__app_label", "name")
        return format_html_join("", "<div>{}</div>", ((one.name,) for one in names))

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """Show what a group that comes with the site is for, and what it may."""
        return ("name", "purpose", "rights") if _comes_with_the_site(obj) else self.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Group | None = None
    ) -> tuple[str, ...]:
        """Return what is shown, never chosen."""
        return ("purpose", "rights") if _comes_with_the_site(obj) else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers make groups."""
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Let superusers give and take the rights of a group that they made."""
        return request.user.is_superuser and not _comes_with_the_site(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Let superusers take a group away that they made."""
        return request.user.is_superuser and not _comes_with_the_site(obj)


def _comes_with_the_site(group: Group | None) -> bool:
    return group is not None and group.name in BY_NAME
