"""Blocks, moderators and hidden messages in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.admin import ModelAdmin
from unfold.decorators import display

from live.models import Block, Hidden, Moderator


@admin.register(Block)
class BlockAdmin(ModelAdmin):
    """Whom creators keep out. Staff may let somebody back in, never keep somebody out."""

    list_display = ("user", "creator", "shown_how", "by", "created_at")
    list_filter = (("gift", admin.EmptyFieldListFilter), "created_at")
    fields = ("creator", "user", "by", "gift", "gift_at", "created_at")
    search_fields = ("user__handle", "user__email", "creator__handle", "=gift")
    list_select_related = ("user", "creator", "by")
    ordering = ("-id",)

    @display(description=_("how"), label={"hidden": "warning", "named": "info"})
    def shown_how(self, block: Block) -> tuple[str, StrOrPromise]:
        """Whether the creator knows who it is."""
        if block.gift:
            return "hidden", _("by an anonymous gift")
        return "named", _("by name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Creators decide about their rooms."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A block is there or it is not."""
        return False


@admin.register(Moderator)
class ModeratorAdmin(ModelAdmin):
    """Who moderates for whom. Staff may take somebody off, never put somebody on."""

    list_display = ("user", "creator", "created_at")
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
class HiddenAdmin(ModelAdmin):
    """What was taken away from rooms, and by whom. History is read, not written."""

    list_display = ("id", "stream", "words", "by", "event_id", "gift", "created_at")
    search_fields = ("=stream__public_id", "by__handle", "=gift")
    list_select_related = ("stream", "by")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Moderators hide words, in the room."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites what was done."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is hidden stays hidden."""
        return False
