"""The live console: gifts and chat as they come, for the creator and for moderators."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.requests import number
from gifts.earnings import sums
from gifts.models import SentGift
from gifts.sending import services
from live.feed.tokens import events_url
from live.models import Stream
from live.moderation import hiding, moderators
from live.streams.lines import replayed_ids
from studio.access import creators_only
from studio.console_lines import Blocked, Row, chat_lines, gift_rows
from studio.views.guests import guests_of
from wallet.prices.diamonds import CreatorsMoney


def stream_of(creator: User) -> Stream | None:
    """Return the stream that is on air, else the creator's last one."""
    mine = Stream.objects.filter(creator=creator)
    on_air = mine.on_air().first()
    return on_air or mine.filter(started_at__isnull=False).order_by("-started_at").first()


@require_GET
@creators_only
def console(request: AuthedRequest) -> HttpResponse:
    """Show the creator gifts as they come, to thank for with one press."""
    stream = stream_of(request.user)
    if stream is None:
        return render(request, "studio/console.html", {"stream": None})
    return _console(request, stream)


@require_GET
@creators_only
def console_of(request: AuthedRequest, stream_id: UUID) -> HttpResponse:
    """Show the creator the gifts of one of their streams, also those that came on its replay."""
    mine = Stream.objects.filter(creator=request.user, started_at__isnull=False)
    return _console(request, get_object_or_404(mine, public_id=stream_id))


def _console(request: AuthedRequest, stream: Stream) -> HttpResponse:
    context = lines_of(request, stream)
    reader = CreatorsMoney(request.user)
    context["sums"] = sums.of_stream(stream, reader)
    context["earns"] = reader.per_coin
    context["example"] = reader.example
    return render(request, "studio/console.html", context)


@require_GET
def moderate(request: AuthedRequest, stream_id: UUID) -> HttpResponse:
    """Show a moderator the same lines, without money and without thanks.

    A room that the person does not moderate has no such page.
    """
    moderated = moderators.streams_moderated_by(request.user).select_related("creator")
    stream = get_object_or_404(moderated, public_id=stream_id)
    if stream.creator_id == request.user.pk:
        return redirect("studio:console")
    return render(request, "studio/console.html", {**lines_of(request, stream), "moderating": True})


@require_POST
def thank(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Thank for a gift; the room sees it."""
    try:
        gift = services.thank(creator=request.user, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    if request.htmx:
        return HttpResponse(status=204)
    if gift.to_guest:  # whose console shows nothing of it
        messages.success(request, _("Thanked. The room sees it."))
        return redirect("studio:earnings")
    if gift.moment:
        return redirect("studio:console_of", gift.stream.public_id)
    return redirect("studio:console")


@require_POST
def hide_message(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Hide the message of a gift from everybody; the gift stays."""
    sent = SentGift.objects.filter(stream__in=moderators.streams_moderated_by(request.user))
    try:
        gift = sent.select_related("stream__creator").get(public_id=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    hiding.hide_message(by=request.user, stream=gift.stream, gift=key)
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("Message hidden."))
    return redirect("studio:moderate", gift.stream.public_id)


def lines_of(request: AuthedRequest, stream: Stream) -> dict[str, Any]:
    """Return the console's context for a stream, with the address of its events."""
    # The newest event is read first: what commits meanwhile comes twice, never not at all.
    newest = stream.events.order_by("-pk").first()
    blocked = Blocked.of(stream)
    said_before = number(request.GET.get("said_before", ""))
    said, older_chat = chat_lines(stream, said_before or (newest.pk if newest else 0))
    rows, older_gifts = gift_rows(stream, blocked, number(request.GET.get("before", "")))
    return {
        "stream": stream,
        "received_ids": replayed_ids(newest) if newest else [],
        "chat_lines": said,
        "older_chat": older_chat,
        "blocked": blocked,
        "rows": rows,
        "older_gifts": older_gifts,
        "guests": guests_of(stream) if stream.is_on_air else None,
        "menu": menu_of(stream, blocked, request.GET.get("line", "")),
        "events_url": events_url(stream, "creator") if stream.is_on_air else "",
    }


@dataclass(frozen=True)
class Menu:
    """What can be done about one line: the addresses of blocking its author and hiding its words.

    With scripts one menu serves all lines; without them the page is asked for one's.
    """

    name: str
    words: str
    blocked: bool
    block: str
    hide: str


def menu_of(stream: Stream, blocked: Blocked, line: str) -> Menu | None:
    """Return the menu of a gift, by its key, or of a message, by its event."""
    with suppress(ValueError):
        sent = SentGift.objects.counted().filter(stream=stream, public_id=UUID(line)).first()
        return menu_of_gift(gift_rows(stream, blocked, sent.pk)[0][0]) if sent else None
    lines = stream.events.filter(kind="chat", pk=number(line) or 0)
    said = lines.exclude(payload__text="").first()
    if said is None or said.payload["creator"] or not said.payload.get("person"):
        return None
    return Menu(
        name=said.payload["from"] or "",
        words=said.payload["text"],
        blocked=said.payload["handle"] in blocked.handles,
        block=reverse("studio:block_author", args=[said.pk]),
        hide=reverse("studio:hide_line", args=[said.pk]),
    )


def menu_of_gift(row: Row) -> Menu:
    """Return the menu of a gift's line."""
    return Menu(
        name=row.sender,
        words=row.message,
        blocked=bool(row.blocked_by),
        block=reverse("studio:block_sender", args=[row.block_key]),
        hide=reverse("studio:hide_message", args=[row.message_key]) if row.message else "",
    )
