"""The page that a room's frame shows of video from elsewhere: the only one that may ask its server.

The room itself keeps the site's own policy, whatever its creator shows in it.
"""

from uuid import UUID

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from live.models import Stream
from live.streams.adults import require_watching
from video.models import Elsewhere
from video.pictures import shown_elsewhere


@login_not_required
@require_GET
@never_cache
@xframe_options_sameorigin
def elsewhere(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Show what a room shows from elsewhere: by our player, or its server's page in a frame."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    require_watching(request.user, stream)
    shown = shown_elsewhere(stream)
    site = request.get_host().partition(":")[0]
    address = shown.address_in(site) if shown else ""
    context = {"stream": stream, "shown": shown, "address": address}

    def page(request: HttpRequest) -> HttpResponse:
        return render(request, "video/elsewhere.html", context)

    return csp_replace(policy_for(shown))(page)(request)


def policy_for(shown: Elsewhere | None) -> dict[str, list[str]]:
    """Return what this page may fetch beside what is ours: from one server, in one way."""
    policy = {"frame-src": [NONE], "frame-ancestors": [SELF]}
    if shown is None:
        return policy
    origin = f"https://{shown.host}"
    if not shown.is_hls:
        return policy | {"frame-src": [origin]}
    return policy | {"connect-src": [SELF, origin], "media-src": [SELF, "blob:", origin]}
