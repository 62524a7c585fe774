"""The staff pages of video: what comes in and from whom, never keys; what is kept of it."""

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
from video.models import Broadcast, Replay, StreamKey
from video.replays import services
from video.templatetags.video_replays import duration


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    """The video that came in. Ending its stream, under *Streams*, ends it too."""

    list_display = (
        "connected_at", "creator", "stream", "source", "shown_state", "size", "trouble", "ended_at",
    )  # fmt: skip
    list_filter = ("state", "trouble", "connected_at")
    search_fields = ("creator__handle", "creator__email")
    list_select_related = ("creator", "stream")
    fields = (
        "creator", "stream", "source", "state", "size", "trouble", "connected_at", "live_at",
        "gap_at", "ended_at", "seen_at",
    )  # fmt: skip

    @display(
        description=_("state"),
        ordering="state",
        label={Broadcast.State.LIVE: "danger", Broadcast.State.GAP: "warning"},
    )
    def shown_state(self, broadcast: Broadcast) -> tuple[str, str]:
        """The state as a badge."""
        return broadcast.state, broadcast.get_state_display()

    @display(description=_("picture"))
    def size(self, broadcast: Broadcast) -> str:
        """Its size in pixels."""
        return f"{broadcast.width} × {broadcast.height}" if broadcast.width else "–"


@admin.register(StreamKey)
class StreamKeyAdmin(ReadOnlyAdmin):
    """Who can go live with an encoder. The keys are their creators' secrets."""

    list_display = ("creator", "shown_key", "made_at", "used_at")
    list_display_links = ("shown_key",)
    search_fields = ("creator__handle", "creator__email")
    list_select_related = ("creator",)
    fields = ("creator", "shown_key", "made_at", "used_at")

    @display(description=_("key"))
    def shown_key(self, key: StreamKey) -> str:
        """Enough to tell one key from the next."""
        return f"••••••••{key.ending}"


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
        return duration(replay.seconds) if replay.seconds else "–"

    def has_take_down_permission(self, request: HttpRequest) -> bool:
        """Taking a replay down needs the permission to change it."""
        return request.user.has_perm("video.change_replay")

    @admin.action(description=_("Take selected replays down"), permissions=["take_down"])
    def take_down(self, request: HttpRequest, replays: QuerySet[Replay]) -> HttpResponse | None:
        """Ask for the reason, then delete the video of these replays."""
        reason = request.POST.get("reason", "")
        chosen = list(replays.exclude(state=Replay.State.REMOVED).select_related("stream__creator"))
        if not reason.strip():
            return _ask(self, request, chosen)
        assert isinstance(request.user, User)  # noqa: S101  # staff are people
        for replay in chosen:
            services.take_down(replay=replay, by=request.user, reason=reason)
            self.log_change(request, replay, f"Taken down: {reason}")
        messages.success(request, _("Taken down. The files are gone within a minute."))
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
