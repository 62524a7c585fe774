"""The studio's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from gifts.earnings import sums
from gifts.earnings.on_replays import on_replays
from live.models import Stream
from studio.access import creators_only


@require_GET
@creators_only
def home(request: AuthedRequest) -> HttpResponse:
    """Show earnings, diamonds on hold and the latest supporters."""
    summary = sums.summary(request.user)
    taking = Stream.objects.filter(creator=request.user, gifts_until__isnull=False)
    late = on_replays(taking.values_list("pk", flat=True)).values()
    context = {
        "summary": summary,
        "days": summary.days,
        "any_gifts": any(day.sums.gifts for day in summary.days),
        "calendar": summary.calendar[: sums.SHOWN_RELEASES],
        "later": len(summary.calendar[sums.SHOWN_RELEASES :]),
        "supporters": sums.supporters(request.user),
        "to_thank": sum(one.waiting for one in late),
        "on_air": Stream.objects.on_air().filter(creator=request.user).first(),
    }
    return render(request, "studio/home.html", context)
