"""What a fan's lines of history tell about the gifts behind them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from gifts.models import SentGift

MOST = 60


@never_cache
@require_GET
def names(request: AuthedRequest) -> HttpResponse:
    """Name the fan's own gifts in the lines that ask: a fragment that finds its places itself."""
    sent, undone = _keys(request, "gift"), _keys(request, "undo")
    mine = (
        SentGift.objects.filter(fan_id=request.user.pk, public_id__in=sent | undone)
        .select_related("gift", "creator")
        .order_by("pk")
    )
    context = {"gifts": mine, "sent": sent, "undone": undone}
    return render(request, "gifts/_names.html", context)


def _keys(request: AuthedRequest, name: str) -> set[UUID]:
    found = set()
    for text in request.GET.getlist(name)[:MOST]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
