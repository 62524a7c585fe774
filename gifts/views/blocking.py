"""Keeping out whoever sent a gift, from its line."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from gifts.blocking import block_sender, unblock_sender
from gifts.models import SentGift
from live.blocked import answer, wants_block


@require_POST
def block(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Keep out who sent this gift, or let them back in: the button says which."""
    try:
        if wants_block(request):
            made, _new = block_sender(by=request.user, key=key)
            return answer(request, made, blocked=True)
        gone = unblock_sender(by=request.user, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return answer(request, gone, blocked=False)
