"""Providers' webhooks: verify the sender, keep the message, answer 200."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.jobs import nudge
from wallet import tasks
from wallet.models import WebhookEvent
from wallet.providers import registry
from wallet.providers.base import BadSignature, ProviderOff

LARGEST_BODY = 64_000


@csrf_exempt  # the signature proves the sender; a provider has no session
@login_not_required
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Put a provider's notice into the inbox, once however often it comes."""
    try:
        speaker = registry.named(provider)
    except ProviderOff:
        raise Http404 from None
    if len(request.body) > LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        notice = speaker.verify(request.headers, request.body)
    except BadSignature:
        return HttpResponse(status=400)
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(
                provider=speaker.name,
                event_id=notice.event_id,
                reference=notice.reference,
                body=request.body,
            )
        ],
        ignore_conflicts=True,
    )
    nudge(tasks.sweep)
    return HttpResponse(status=200)
