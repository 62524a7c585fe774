"""Providers' webhooks: verify the sender, keep the message, answer 200."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.incoming import InputTooLong, body_of
from foundation.jobs import nudge
from wallet import tasks
from wallet.providers import registry
from wallet.providers.base import BadSignature, ProviderOff
from wallet.purchases import inbox


@csrf_exempt  # the signature proves the sender; a provider has no session
@login_not_required
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Put a provider's notice into the inbox, once however often it comes."""
    try:
        speaker = registry.named(provider)
    except ProviderOff:
        raise Http404 from None
    try:
        body = body_of(request)
        notice = speaker.verify(request.headers, body)
    except InputTooLong:
        return HttpResponse(status=413)
    except BadSignature:
        return HttpResponse(status=400)
    inbox.keep(speaker.name, [(notice, body)])
    nudge(tasks.sweep)
    return HttpResponse(status=200)
