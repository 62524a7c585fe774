"""Making a clip, its page, and the way to take it away again."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.models import Stream
from live.streams.adults import may_watch, require_watching
from live.views import for_adults
from video.clips import rights, services
from video.forms import ClipForm
from video.models import Clip


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Ask for a title and a length, and make the clip."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    rights.require_clipper(request.user, stream)
    form = ClipForm(request.POST or None, initial={"at": request.GET.get("at", "")[:12]})
    if request.method == "POST" and form.is_valid():
        try:
            clip = services.make(by=request.user, stream=stream, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
        else:
            return redirect("video:clip", clip.public_id)
    context = {"form": form, "stream": stream}
    return render(request, "video/clip_new.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def clip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a clip to everybody; to the one who made it also while it is made."""
    context = _page(request, public_id)
    if not may_watch(request.user, context["stream"]):
        return for_adults(request, context["stream"])
    return render(request, "video/clip.html", context)


@login_not_required
@require_GET
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Return how the making of a clip goes, as a part of its page; the page once it is done."""
    context = _page(request, public_id)
    require_watching(request.user, context["stream"])
    if context["clip"].state == Clip.State.WAITING:
        return render(request, "video/_clip_waiting.html", context)
    address = reverse("video:clip", args=[public_id])
    return HttpResponse(status=204, headers={"HX-Redirect": address})


@require_POST
def delete(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Delete a clip, as the one who made it or whose stream it shows."""
    clip = get_object_or_404(Clip.objects.select_related("stream__creator"), public_id=public_id)
    if not rights.may_delete(request.user, clip):
        raise Http404
    services.delete(clip=clip)
    messages.success(request, _("Clip deleted. Its files are gone within minutes."))
    return redirect("live:person", clip.stream.creator.handle)


def _page(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    found = Clip.objects.known().select_related("stream__creator__creator", "by")
    clip = get_object_or_404(found, public_id=public_id)
    mine = isinstance(request.user, User) and rights.may_delete(request.user, clip)
    if clip.state != Clip.State.READY and not mine:
        raise Http404
    site = settings.PUBLIC_URL.rstrip("/")
    return {
        "clip": clip,
        "stream": clip.stream,
        "host": clip.stream.creator,
        "mine": mine,
        "site": site,
        "address": site + reverse("video:clip", args=[clip.public_id]),
        "poster": request.build_absolute_uri(clip.poster_url) if clip.poster_url else "",
    }
