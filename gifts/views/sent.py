"""The names of sent gifts, for the lines of a fan's history."""

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
    """Name the fan's own gifts: a fragment that is swapped into the lines by id."""
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
