"""Blocks, moderators and hidden messages in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.decorators import display

from foundation.admin import StaffAdmin
from foundation.requests import way_back
from live.models import Block, Hidden, Moderator


@admin.register(Block)
class BlockAdmin(StaffAdmin):
    """Blocked people. Staff may unblock a person and cannot block one."""

    list_display = ("user", "creator", "shown_how", "by", "created_at")
    list_display_links = ("created_at",)
    list_filter = (("gift", admin.EmptyFieldListFilter), "created_at")
    fields = ("creator", "user", "by", "gift", "gift_at", "created_at")
    search_fields = ("user__handle", "user__email", "creator__handle", "=gift")
    list_select_related = ("user", "creator", "by")
    ordering = ("-id",)

    @display(description=_("how"), label={"hidden": "warning", "named": "info"})
    def shown_how(self, block: Block) -> tuple[str, StrOrPromise]:
        """By name, or by an anonymous gift: then the creator does not know the person."""
        if block.gift:
            return "hidden", _("by an anonymous gift")
        return "named", _("by name")

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the button that unblocks a person."""
        lift = self.button("<int:pk>/lift/", self.lift, "live.delete_block")
        return [lift, *super().get_urls()]

    def lift(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Unblock a person, and lead back to where the button was pressed."""
        found = Block.objects.filter(pk=pk)
        block = get_object_or_404(found)
        self.log_deletions(request, found)
        block.delete()
        said = gettext("Unblocked: %(person)s can write and send gifts to %(creator)s again.")
        facts = {"person": block.user.name, "creator": block.creator.name}
        messages.success(request, said % facts)
        here = reverse("admin:live_block_changelist")
        return redirect(way_back(request, request.headers.get("Referer", ""), here))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Creators decide about their rooms."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A block is there or it is not."""
        return False


@admin.register(Moderator)
class ModeratorAdmin(StaffAdmin):
    """The moderators of creators' rooms. Staff may remove a moderator and cannot add one."""

    list_display = ("user", "creator", "created_at")
    list_display_links = ("created_at",)
    search_fields = ("user__handle", "user__email", "creator__handle")
    list_select_related = ("user", "creator")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Creators ask for help themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A moderator is on the list or is not."""
        return False


@admin.register(Hidden)
class HiddenAdmin(StaffAdmin):
    """Hidden messages with their text and who hid them. History is read, not written."""

    list_display = ("id", "stream", "words", "by", "event_id", "gift", "created_at")
    search_fields = ("=stream__public_id", "by__handle", "=gift")
    list_select_related = ("stream", "by")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Moderators hide words, in the room."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The record of a hidden message is final."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A hidden message stays hidden."""
        return False
