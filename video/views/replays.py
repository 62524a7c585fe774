"""The way from a room that has just ended to its replay."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from live.models import Stream
from live.streams.adults import require_watching
from video.templatetags.video_replays import coming_replay


@login_not_required
@require_GET
@never_cache
def door(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Return the way to a stream's replay as a part of its room, which asks until it is there."""
    stream = get_object_or_404(Stream, public_id=public_id)
    require_watching(request.user, stream)
    context = {"stream": stream, "replay": coming_replay(stream)}
    return render(request, "video/_door.html", context)
