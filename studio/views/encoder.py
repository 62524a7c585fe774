"""Going live with OBS or another encoder: the address, the key, and how it goes."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthedRequest
from live.models import Stream
from studio.access import creators_only
from video import camera_tokens, stream_keys
from video.pictures import encoder_of, shows_film


@require_http_methods(["GET", "POST"])
@never_cache
@creators_only
def encoder_key(request: AuthedRequest) -> HttpResponse:
    """Make a new stream key and show it, this once; a page that is reloaded shows none."""
    if request.method == "GET":
        return redirect("studio:go_live")
    key = stream_keys.rotate(creator=request.user)
    context = {"key": key, "encoder": encoder_of(request.user)}
    return render(request, "studio/stream_key.html", context)


@require_GET
@never_cache
@creators_only
def camera(request: AuthedRequest) -> HttpResponse:
    """Show the page that sends what this device's camera sees."""
    context = {
        "token": camera_tokens.token_of(request.user, request.session.session_key or ""),
        "on_air": Stream.objects.on_air().filter(creator=request.user).first(),
        "last": Stream.objects.filter(creator=request.user, started_at__isnull=False).first(),
        "film": shows_film(request.user),
    }
    return render(request, "studio/camera.html", context)


@require_POST
@creators_only
def measure_line(request: AuthedRequest) -> HttpResponse:
    """Take what the camera's page sends to learn how fast its line is. Nothing of it is read."""
    return HttpResponse(status=204)


@require_GET
@never_cache
@creators_only
def encoder_picture(request: AuthedRequest) -> HttpResponse:
    """Return how the creator's video goes, as a part of the page."""
    return render(request, "studio/_encoder_picture.html", {"encoder": encoder_of(request.user)})
