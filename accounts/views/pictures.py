"""The pictures of creators, as they are served."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from accounts.pictures.services import FOLDER

NAME = re.compile(r"[0-9a-f]{40}\.webp")


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """Send a picture. It never changes, but it may go: nobody keeps it for longer than a day."""
    if NAME.fullmatch(name) is None:
        raise Http404
    try:
        answer = FileResponse(default_storage.open(f"{FOLDER}/{name}"), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    # Other sites show it beside a link that somebody shares.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Content-Disposition"] = "inline"
    answer["Cache-Control"] = "public, max-age=86400, immutable"
    return answer
