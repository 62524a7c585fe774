"""The controls of alerts, on the console and on the overlay's page; forms without scripts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from foundation.requests import number
from overlay import services
from overlay.alert_queue import queue_of
from overlay.refusals import ReplayCount

WAYS_BACK = {"console": "studio:console", "overlay": "studio:overlay"}


@require_GET
@never_cache
def queue(request: AuthedRequest) -> HttpResponse:
    """Show the waiting alerts and the controls."""
    return _queue(request)


@require_POST
def pause(request: AuthedRequest) -> HttpResponse:
    """Pause the alerts."""
    services.alerts_pause(creator=request.user)
    return _answer(request, _("Alerts paused."))


@require_POST
def resume(request: AuthedRequest) -> HttpResponse:
    """Resume the alerts."""
    services.alerts_resume(creator=request.user)
    return _answer(request, _("Alerts resumed."))


@require_POST
def skip(request: AuthedRequest) -> HttpResponse:
    """Skip the alert that plays, or one that waits."""
    services.alerts_skip(creator=request.user, gift=services.key_of(request.POST.get("gift", "")))
    return _answer(request, _("Alert skipped."))


@require_POST
def replay(request: AuthedRequest) -> HttpResponse:
    """Show the last ones again."""
    last = number(request.POST.get("last", "1"))
    if last is None:
        raise ReplayCount(most=services.MOST_REPLAYED)
    services.alerts_replay(creator=request.user, last=last)
    return _answer(request, _("Showing again."), "last")


@require_POST
def test(request: AuthedRequest) -> HttpResponse:
    """Play a test gift."""
    services.send_test(creator=request.user, gift=request.POST.get("gift", ""))
    return _answer(request, _("Test gift sent to your overlay."), "gift")


def _answer(request: AuthedRequest, words: str, chosen: str = "") -> HttpResponse:
    """Answer with the queue; a plain form gets its page, with what it had `chosen` still so."""
    if request.htmx:
        return _queue(request)
    messages.success(request, words)
    page = reverse(WAYS_BACK.get(request.POST.get("from", ""), "studio:console"))
    choice = request.POST.get(chosen, "")
    return redirect(f"{page}?{urlencode({chosen: choice})}" if choice else page)


def _queue(request: AuthedRequest) -> HttpResponse:
    came_from = request.POST.get("from") or request.GET.get("from", "")
    context = {
        "queue": queue_of(request.user),
        "from": came_from if came_from in WAYS_BACK else "console",
    }
    return render(request, "studio/overlay/_queue.html", context)
