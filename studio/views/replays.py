"""A creator's replays: which are kept and until when, and whether streams to come are."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from gifts.earnings.on_replays import on_replays
from studio.access import creators_only
from studio.forms.replays import VideoRulesForm
from video.models import Clip, Replay
from video.replays import services
from video.replays.rules import rules_of, set_rules


@require_GET
@creators_only
def replays(request: AuthedRequest) -> HttpResponse:
    """Show what is kept and cut out of the creator's streams, and the rules for both."""
    found = list(Replay.objects.of(request.user.pk).with_sizes()[:100])
    came = on_replays(replay.stream_id for replay in found)
    context = {
        "replays": [(replay, came.get(replay.stream_id)) for replay in found],
        "clips": Clip.objects.of(request.user.pk)[:100],
        "rules": VideoRulesForm(instance=rules_of(request.user)),
        "days": settings.VIDEO_REPLAY_DAYS,
    }
    return render(request, "studio/replays.html", context)


@require_POST
@creators_only
def rules(request: AuthedRequest) -> HttpResponse:
    """Set the rules for streams to come."""
    form = VideoRulesForm(request.POST)
    form.is_valid()  # a box and a choice of the page's: what is neither leaves it as it was
    set_rules(creator=request.user, **form.cleaned_data)
    said = _("Saved. Replays: from your next stream on. Gifts and clips: from now on.")
    messages.success(request, said)
    return redirect("studio:replays")


@require_POST
@creators_only
def delete(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Delete a replay for good."""
    mine = Replay.objects.of(request.user.pk)
    services.delete(replay=get_object_or_404(mine, stream__public_id=public_id))
    messages.success(request, _("Replay deleted. Its files are gone within minutes."))
    return redirect("studio:replays")
