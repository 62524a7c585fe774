"""Asking to be a guest, from the room, and saying no. The camera's page says yes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from live.guests import asking
from live.guests.doors import door_of
from live.models import Stream


@require_GET
@never_cache
def door(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Return the person's way in as a part of the room."""
    return _door(request, _stream(public_id))


@require_POST
def ask(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Ask to join."""
    stream = _stream(public_id)
    asking.ask(user=request.user, stream=stream)
    return _door(request, stream)


@require_POST
def leave(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Take the question back, say no to the invitation, or get up."""
    stream = _stream(public_id)
    asking.leave(user=request.user, stream=stream)
    return _door(request, stream)


def _stream(public_id: UUID) -> Stream:
    return get_object_or_404(Stream.objects.for_cards(), public_id=public_id)


def _door(request: AuthedRequest, stream: Stream) -> HttpResponse:
    if not request.htmx:
        return redirect("live:room", stream.public_id)
    context = {"stream": stream, "host": stream.creator, "door": door_of(request.user, stream)}
    return render(request, "pages/room/_guest_door.html", context)
