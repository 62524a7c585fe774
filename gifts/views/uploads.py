"""Uploaded files: they never change, and do nothing even when opened by themselves."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gifts.stage.uploads import FOLDER, TYPES

NAME = re.compile(r"[0-9a-f]{40}\.(\w+)")
RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
# No script runs, nothing is fetched, and it has no origin.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@login_not_required
@require_safe
def upload(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """Send a picture or animation; a part of it to a player that asks for one."""
    known = NAME.fullmatch(name)
    if known is None or known[1] not in TYPES:
        raise Http404
    try:
        file = default_storage.open(f"{FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    size, kind = file.size, TYPES[known[1]]
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    answer: HttpResponse | FileResponse
    if asked and int(asked[1]) < size:
        first = int(asked[1])
        last = min(int(asked[2] or size - 1), size - 1)
        file.seek(first)
        answer = HttpResponse(file.read(max(0, last - first + 1)), content_type=kind, status=206)
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
        file.close()
    else:
        answer = FileResponse(file, content_type=kind)
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Disposition"] = "inline"
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
