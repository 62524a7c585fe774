"""The home page, the room, and the page of a creator."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.ages import ADULT
from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.chat import messages
from live.chat.forms import SayForm
from live.feed.tokens import events_url
from live.guests.doors import Door, door_of
from live.models import Follow, Moderator, Stream, Topic
from live.moderation import blocks
from live.streams import services
from live.streams.adults import may_watch, require_watching
from live.streams.figures import with_figures
from live.streams.lines import opening


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the live and scheduled streams, and creators to follow."""
    streams = with_figures(Stream.objects.on_air().for_cards())
    live_now = {stream.topic for stream in streams}
    topics = [(value, name) for value, name in Topic.choices if value in live_now]
    topic = request.GET.get("topic", "")
    if topic in live_now and topic:
        streams = [stream for stream in streams if stream.topic == topic]
    else:
        topic = ""  # nobody is live with it: everybody is shown
    context = {
        "topics": topics,
        "topic": topic,
        "streams": sorted(streams, key=lambda s: (s.supporters_now, s.viewers), reverse=True),
        "soon": Stream.objects.soon().for_cards()[:8],
        "creators": User.objects.to_watch()
        .select_related("creator")
        .order_by("display_name", "handle")[:12],
        "followed": _followed(request),
    }
    return render(request, "pages/home.html", context)


@login_not_required
@require_GET
def room(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a room, also to people who are not signed in: the video, the chat, the tray."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    if not may_watch(request.user, stream):
        return for_adults(request, stream)
    return render(request, "pages/room.html", _room(request, stream))


def for_adults(request: HttpRequest, stream: Stream) -> HttpResponse:
    """Return the page that stands where a stream, or a part of it, is not shown to the person."""
    page = {"stream": stream, "host": stream.creator, "age": ADULT}
    return render(request, "pages/room_for_adults.html", page, status=403)


@login_not_required
@require_GET
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a creator's own page: what is on now, what comes, what was. Also before all that."""
    creator = get_object_or_404(User.objects.to_watch().select_related("creator"), handle=handle)
    theirs = creator.streams.all()
    past = theirs.filter(state=Stream.State.ENDED, started_at__isnull=False)
    context = {
        "creator": creator,
        "on_air": next(iter(with_figures(theirs.on_air().for_cards())), None),
        "soon": theirs.soon().for_cards()[:8],
        "past": past.order_by("-ended_at")[:6],
        "followers": Follow.objects.filter(creator=creator).count(),
        "following": creator.pk in _followed(request),
        "mine": request.user.pk == creator.pk,
        "address": settings.PUBLIC_URL.rstrip("/") + reverse("live:person", args=[creator.handle]),
        "site": settings.PUBLIC_URL.rstrip("/"),
    }
    return render(request, "pages/person.html", context)


@require_POST
def say(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Say something in the room: 204 for a script, back to the room for a plain form."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    try:
        messages.say(user=request.user, stream=stream, text=request.POST.get("text", ""))
    except DomainError as refused:
        if request.htmx:
            raise
        form = SayForm(request.POST)
        form.add_error("text", refused.detail)
        return render(
            request, "pages/room.html", _room(request, stream, form), status=refused.status
        )
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "said"})
    return redirect("live:room", public_id)


@login_not_required
@require_GET
def token(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Return a new address for a page whose token is too old."""
    stream = get_object_or_404(Stream, public_id=public_id)
    require_watching(request.user, stream)
    role = "creator" if request.user.pk == stream.creator_id else "room"
    return JsonResponse({"url": events_url(stream, role)}, headers={"Cache-Control": "no-store"})


@require_POST
def follow(request: AuthedRequest, handle: str) -> HttpResponse:
    """Follow a creator, or stop: the button says which."""
    creator = get_object_or_404(User, handle=handle, is_creator=True)
    wanted = request.POST.get("follow") == "1"
    change = services.follow if wanted else services.unfollow
    change(user=request.user, creator=creator)
    if request.htmx:
        return render(request, "live/_follow.html", {"creator": creator, "following": wanted})
    if request.POST.get("page"):
        return redirect("live:person", creator.handle)
    room = Stream.objects.filter(creator=creator, public_id=_uuid(request.POST.get("room"))).first()
    return redirect("live:room", room.public_id) if room else redirect("home")


def _room(request: HttpRequest, stream: Stream, form: SayForm | None = None) -> dict[str, Any]:
    with_figures([stream])
    return {
        "stream": stream,
        "host": stream.creator,
        "room": opening(stream),
        "events_url": events_url(stream, "room"),
        "following": stream.creator_id in _followed(request),
        "mine": request.user.pk == stream.creator_id,
        "moderates": request.user.is_authenticated
        and Moderator.objects.filter(creator=stream.creator_id, user=request.user.pk).exists(),
        "door": _door(request, stream),
        "blocked": request.user.is_authenticated
        and blocks.is_blocked(creator_id=stream.creator_id, user_id=request.user.pk),
        "next": Stream.objects.soon().filter(creator_id=stream.creator_id).first(),
        "others": Stream.objects.on_air().exclude(pk=stream.pk).for_cards()[:3],
        "form": form or SayForm(),
    }


def _door(request: HttpRequest, stream: Stream) -> Door | None:
    """Return the person's way to be a guest; nothing where there is none."""
    if not stream.is_on_air or request.user.pk == stream.creator_id:
        return None
    return door_of(request.user if isinstance(request.user, User) else None, stream)


def _followed(request: HttpRequest) -> set[int]:
    if not isinstance(request.user, User):
        return set()
    return set(Follow.objects.filter(user=request.user).values_list("creator_id", flat=True))


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
