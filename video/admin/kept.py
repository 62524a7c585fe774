"""What is kept of streams: replays and clips. Staff take them down for a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.admin import ReadOnlyAdmin
from video.clips import services as making
from video.models import Clip, Replay
from video.replays import services


def _length(seconds: float) -> str:
    """Return a length in words: with colons it would read as a time of day here."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if seconds else "–"


@admin.register(Replay)
class ReplayAdmin(ReadOnlyAdmin):
    """What is kept of streams. Staff take one down for a reason, which its creator reads."""

    list_display = ("stream", "creator", "shown_state", "lasts", "keep_until", "reason")
    list_filter = ("state", "stopped", "keep_until")
    search_fields = ("stream__title", "stream__creator__handle", "stream__public_id")
    list_select_related = ("stream__creator",)
    fields = (
        "stream", "creator", "state", "stopped", "lasts", "created_at", "keep_until", "reason",
        "taken_down_by",
    )  # fmt: skip
    actions = ("take_down",)

    @display(description=_("creator"), ordering="stream__creator")
    def creator(self, replay: Replay) -> User:
        """Whose it is."""
        return replay.stream.creator

    @display(
        description=_("state"),
        ordering="state",
        label={Replay.State.READY: "success", Replay.State.REMOVED: "danger"},
    )
    def shown_state(self, replay: Replay) -> tuple[str, str]:
        """The state as a badge."""
        return replay.state, replay.get_state_display()

    @display(description=_("length"), ordering="seconds")
    def lasts(self, replay: Replay) -> str:
        """How long it lasts."""
        return _length(replay.seconds)

    def has_take_down_permission(self, request: HttpRequest) -> bool:
        """Taking a replay down needs the permission to change it."""
        return request.user.has_perm("video.change_replay")

    @admin.action(description=_("Take selected replays down"), permissions=["take_down"])
    def take_down(self, request: HttpRequest, replays: QuerySet[Replay]) -> HttpResponse | None:
        """Ask for the reason, then delete the video of these replays."""
        chosen = list(replays.exclude(state=Replay.State.REMOVED).select_related("stream__creator"))
        return _take_down(self, request, chosen, services.take_down)


def _take_down(
    page: ReadOnlyAdmin, request: HttpRequest, chosen: list[Any], act: Callable[..., None]
) -> HttpResponse | None:
    """Ask for the reason, and with it take these down."""
    reason = request.POST.get("reason", "")
    if not reason.strip():
        return _ask(page, request, chosen)
    assert isinstance(request.user, User)  # noqa: S101  # staff are people
    for one in chosen:
        act(one, by=request.user, reason=reason)
        page.log_change(request, one, f"Taken down: {reason}")
    messages.success(request, _("Taken down. The files are gone within minutes."))
    return None


def _ask(page: Any, request: HttpRequest, chosen: list[Any]) -> HttpResponse:
    """Return the page that asks why these are taken down."""
    context = {
        **page.admin_site.each_context(request),
        "title": _("Take down"),
        "chosen": chosen,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "opts": page.model._meta,
    }
    return render(request, "video/admin/take_down.html", context)


@admin.register(Clip)
class ClipAdmin(ReadOnlyAdmin):
    """Clips that people made. Staff take one down for a reason, which the creator reads."""

    list_display = ("title", "stream", "by", "shown_state", "lasts", "created_at", "reason")
    list_filter = ("state", "created_at")
    search_fields = ("title", "by__handle", "stream__creator__handle", "public_id")
    list_select_related = ("stream", "by")
    fields = (
        "title", "public_id", "stream", "by", "state", "began", "lasts", "size", "created_at",
        "reason", "taken_down_by",
    )  # fmt: skip
    actions = ("take_down",)

    @display(
        description=_("state"),
        ordering="state",
        label={Clip.State.READY: "success", Clip.State.REMOVED: "danger"},
    )
    def shown_state(self, clip: Clip) -> tuple[str, str]:
        """The state as a badge."""
        return clip.state, clip.get_state_display()

    @display(description=_("length"), ordering="seconds")
    def lasts(self, clip: Clip) -> str:
        """How long it lasts."""
        return _length(clip.seconds)

    def has_take_down_permission(self, request: HttpRequest) -> bool:
        """Taking a clip down needs the permission to change it."""
        return request.user.has_perm("video.change_clip")

    @admin.action(description=_("Take selected clips down"), permissions=["take_down"])
    def take_down(self, request: HttpRequest, clips: QuerySet[Clip]) -> HttpResponse | None:
        """Ask for the reason, then delete the video of these clips."""
        chosen = list(clips.exclude(state=Clip.State.REMOVED).select_related("stream__creator"))
        return _take_down(self, request, chosen, making.take_down)
