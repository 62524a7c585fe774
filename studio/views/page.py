"""A creator's own page, as its owner sets it up: profile picture, cover, picture of the streams."""

from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_stubs_ext import StrOrPromise

from accounts.models import Creator, Part, PictureTakedown
from accounts.pictures import services
from accounts.pictures.pace import keep_pace
from accounts.pictures.refusals import PictureMissing
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.incoming import takes_files
from studio.access import creators_only

WORDS = {
    Part.PICTURE: (_lazy("Profile picture"), _lazy("Square, beside your name.")),
    Part.COVER: (_lazy("Cover"), _lazy("Across the top of your page, 3:1.")),
    Part.POSTER: (
        _lazy("Stream picture"),
        _lazy("On the home page and in your room, before and without video. Upright, 3:4."),
    ),
}


class Place(NamedTuple):
    """One of the pictures, as the page shows it."""

    part: Part
    title: StrOrPromise
    hint: StrOrPromise
    src: str
    takedown: PictureTakedown | None
    error: str


@require_GET
@never_cache
@creators_only
def page(request: AuthedRequest) -> HttpResponse:
    """Show the creator's page as others see it, with a form for each picture."""
    return _page(request)


@takes_files
@require_POST
@creators_only
def upload(request: AuthedRequest, part: str) -> HttpResponse:
    """Take another picture."""
    place = _part(part)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise PictureMissing
        keep_pace(request, request.user)
        services.save_picture(creator=request.user, part=place, file=file)
    except DomainError as refused:
        answer = _page(request, refused=(place, refused))
        answer["X-Error-Code"] = refused.code
        return answer
    messages.success(request, _("Saved. Everybody sees it from now on."))
    return redirect(f"{reverse('studio:page')}#{place}")


@require_POST
@creators_only
def remove(request: AuthedRequest, part: str) -> HttpResponse:
    """Remove a picture."""
    place = _part(part)
    services.remove_picture(creator=request.user, part=place)
    messages.success(request, _("Removed. The file is deleted."))
    return redirect(f"{reverse('studio:page')}#{place}")


def _part(name: str) -> Part:
    if name not in Part.values:
        raise Http404
    return Part(name)


def _page(
    request: AuthedRequest, *, refused: tuple[Part, DomainError] | None = None
) -> HttpResponse:
    profile = Creator.objects.select_related("user").get(user=request.user)
    newest: dict[str, PictureTakedown] = {}
    for takedown in profile.takedowns.all():
        newest.setdefault(takedown.part, takedown)
    places = []
    for part, (title, hint) in WORDS.items():
        own = getattr(profile, part)
        error = refused[1].detail if refused and refused[0] == part else ""
        src = f"/media/{own}" if own else ""
        # What was taken down is said until there is another one.
        told = None if own else newest.get(part)
        places.append(Place(part, title, hint, src, told, error))
    context = {
        "creator": profile.user,
        "places": places,
        "most": services.MOST_MB,
        "address": settings.PUBLIC_URL.rstrip("/")
        + reverse("live:person", args=[profile.user.handle]),
    }
    status = refused[1].status if refused else 200
    return render(request, "studio/page.html", context, status=status)
