"""The guests of a stream, as its creator and its moderators see and decide about them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from live.chat.shown_names import shown_names
from live.chat.words import room_rules_of
from live.guests import hosting, rules
from live.models import SEATS, Event, Guest, Stream
from live.moderation import moderators
from studio.access import creators_only
from studio.forms.moderation import PersonForm


def guests_of(stream: Stream) -> dict[str, Any]:
    """Return what the console's part shows: who is on, who asks, who was invited."""
    found = list(stream.guests.open().select_related("user__creator").order_by("seat", "pk"))
    people = {guest.user.handle: guest.user.name for guest in found}
    names = shown_names(creator_id=stream.creator_id, people=people)
    for guest in found:
        guest.name = names[guest.user.handle]
    on = [guest for guest in found if guest.state == Guest.State.JOINED]
    return {
        "on": on,
        "asking": [guest for guest in found if guest.state == Guest.State.ASKED],
        "invited": [guest for guest in found if guest.state == Guest.State.INVITED],
        "seats": SEATS,
        "rules": room_rules_of(stream.creator),
    }


@require_GET
@never_cache
def guests(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Return the part of the console, for the creator and for moderators."""
    return _answer(request, _moderated(request, public_id))


@require_POST
def invite(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Invite a person by their handle."""
    stream = get_object_or_404(Stream, public_id=public_id, creator=request.user)
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise hosting.NoSuchPerson
    hosting.invite(creator=request.user, stream=stream, user=form.cleaned_data["handle"])
    return _answer(request, stream)


@require_POST
def invite_author(request: AuthedRequest, event_id: int) -> HttpResponse:
    """Invite whoever wrote a chat message, whatever handle they have by now."""
    lines = Event.objects.filter(kind="chat", stream__creator=request.user)
    line = get_object_or_404(lines.select_related("stream__creator"), pk=event_id)
    author = get_object_or_404(User, public_id=line.payload.get("person"))
    hosting.invite(creator=request.user, stream=line.stream, user=author)
    return _answer(request, line.stream)


@require_POST
@creators_only
def rule(request: AuthedRequest) -> HttpResponse:
    """Decide who may become a guest."""
    rules.change_rule(creator=request.user, guests=request.POST.get("guests", ""))
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("studio:go_live")


@require_POST
def decide(request: AuthedRequest, public_id: UUID, guest_id: UUID, what: str) -> HttpResponse:
    """Let in, refuse, remove, mute or unmute a guest: the address says which."""
    stream = _moderated(request, public_id)
    guest = get_object_or_404(stream.guests.select_related("user"), public_id=guest_id)
    if what in {"admit", "refuse"}:  # whom the creator lets in is theirs alone to say
        decided = hosting.admit if what == "admit" else hosting.refuse
        decided(creator=require_own(request, stream), stream=stream, guest=guest)
    elif what == "remove":
        hosting.remove(by=request.user, stream=stream, guest=guest)
    elif what in {"mute", "unmute"}:
        hosting.mute(by=request.user, stream=stream, guest=guest, muted=what == "mute")
    else:
        raise Http404
    return _answer(request, stream)


def require_own(request: AuthedRequest, stream: Stream) -> User:
    """Return the creator whose stream it is; for anybody else there is no such page."""
    if stream.creator_id != request.user.pk:
        raise Http404
    return request.user


def _moderated(request: AuthedRequest, public_id: UUID) -> Stream:
    moderated = moderators.streams_moderated_by(request.user).select_related("creator")
    return get_object_or_404(moderated, public_id=public_id)


def _answer(request: AuthedRequest, stream: Stream) -> HttpResponse:
    """Answer a press: the part for a script, else the console."""
    if not request.htmx:
        return redirect("studio:moderate", stream.public_id)
    moderating = stream.creator_id != request.user.pk
    context = {"stream": stream, "moderating": moderating, "guests": guests_of(stream)}
    return render(request, "studio/_console_guests.html", context)
