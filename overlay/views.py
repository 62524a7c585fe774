"""The page that OBS opens: no session, only the secret in its address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError
from foundation.incoming import body_of, json_of
from foundation.keyset import LARGEST_KEY
from overlay import secret, services
from overlay.models import Overlay
from overlay.refusals import AddressGone
from overlay.state import mark_seen, state_of

WIDGETS = ("alerts", "goal", "supporters", "ticker")
LAYOUTS = ("auto", "wide", "tall")
# The secret must not leak: no cache, no search engine, no Referer.
QUIET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def quiet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the address of what a view answers to itself."""

    @wraps(view)
    def quietly(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        for name, value in QUIET.items():
            response.headers[name] = value
        return response

    return quietly


@login_not_required
@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@quiet
def page(request: HttpRequest, token: str, widget: str = "all") -> HttpResponse:
    """Show the whole overlay, or one part of it, on nothing."""
    if widget not in (*WIDGETS, "all"):
        raise Http404
    layout = request.GET.get("layout", "auto")
    context = {
        # The studio shows a preview too; what plays there counts as not shown.
        "preview": "preview" in request.GET,
        "token": token,
        "key": secret.digest(token)[:16],  # what the browser keeps its cursor under
        "nonce": str(getattr(request, "csp_nonce", "")),
        "widget": widget,
        "widgets": [widget] if widget in WIDGETS else WIDGETS,
        "layout": layout if layout in LAYOUTS else "auto",
    }
    overlay = Overlay.objects.with_token(token).select_related("creator__country__region").first()
    context["creator"] = overlay.creator if overlay else None
    # Whatever OBS is told, it shows on air: an old address shows the mark and nothing else.
    template = "overlay/page.html" if overlay else "overlay/gone.html"
    status = 200 if overlay else 404
    # Without a request: what other pages draw from the session, this one never asks for.
    return HttpResponse(render_to_string(template, context), status=status)


@login_not_required
@require_GET
@quiet
def state(request: HttpRequest, token: str) -> HttpResponse:
    """Return what the overlay shows now, and the address of its events."""
    overlay = Overlay.objects.with_token(token).select_related("creator").first()
    if overlay is None:
        return _gone()
    if "preview" not in request.GET:
        mark_seen(overlay)
    return JsonResponse(state_of(overlay))


@csrf_exempt  # no cookie is read here: the secret in the address says who speaks
@login_not_required
@require_POST
@quiet
def played(request: HttpRequest, token: str) -> HttpResponse:
    """Keep how far an overlay has played."""
    progress = _progress_in(request)
    if progress is None:
        return JsonResponse({"code": "parse_error"}, status=400)
    try:
        services.note_played(token=token, to=progress["to"], done=progress["done"])
    except AddressGone:
        return _gone()
    return HttpResponse(status=204)


def _progress_in(request: HttpRequest) -> dict[str, Any] | None:
    """Return how far the overlay says that it has played; None for any other body."""
    try:
        said = json_of(body_of(request))
        to, done = said["to"], said["done"]
    except (DomainError, KeyError, TypeError):
        return None
    whole = [to, *done] if isinstance(done, list) else [None]
    if not all(type(pk) is int and 0 <= pk <= LARGEST_KEY for pk in whole):
        return None
    return {"to": to, "done": done[: services.MOST_PLAYED_BEYOND]}


def _gone() -> HttpResponse:
    gone = AddressGone()
    return JsonResponse({"code": gone.code, "detail": gone.detail}, status=404)
