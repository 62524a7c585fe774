"""The page with which a guest is seen and heard in somebody else's stream."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from live.feed.tokens import events_url
from live.guests import asking
from live.models import Guest, Stream
from live.streams.adults import require_watching
from live.streams.lines import replayed_ids
from video import camera_tokens


@require_GET
@never_cache
def camera(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Show the guest the stream, and what they send into it. Without a seat there is the room."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    require_watching(request.user, stream)
    guest = asking.guest_of(request.user, stream) if stream.is_on_air else None
    if guest is None or guest.state != Guest.State.JOINED:
        return redirect("live:room", public_id)
    newest = stream.events.order_by("-pk").first()
    session = request.session.session_key or ""
    context = {
        "stream": stream,
        "host": stream.creator,
        "guest": guest,
        "token": camera_tokens.token_of(request.user, session, guest=guest),
        "received_ids": replayed_ids(newest) if newest else [],
        "events_url": events_url(stream, "room"),
    }
    return render(request, "studio/guest.html", context)


@require_POST
def join(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Accept an invitation, and go on to the camera."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    asking.join(user=request.user, stream=stream)
    return redirect("studio:guest", public_id)


@require_POST
def leave(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Get up, from the page of the camera; the room comes next."""
    stream = get_object_or_404(Stream, public_id=public_id)
    asking.leave(user=request.user, stream=stream)
    messages.success(request, _("You have left the stream. Nobody sees or hears you any more."))
    return redirect("live:room", public_id)


@require_POST
def measure_line(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Take what the page sends to learn how fast its line is. Nothing of it is read."""
    return HttpResponse(status=204)
