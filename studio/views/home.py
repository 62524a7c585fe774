"""The studio's first page, and becoming a creator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from accounts.services import become_creator
from foundation.errors import DomainError
from gifts.earnings import sums
from live.models import Stream
from studio.access import creators_only
from studio.forms.join import CreatorForm


@require_POST
def join(request: AuthedRequest) -> HttpResponse:
    """Become a creator."""
    form = CreatorForm(request.POST)
    if not form.is_valid():
        return render(request, "studio/join.html", {"form": form}, status=422)
    try:
        become_creator(user=request.user, bio=form.cleaned_data["bio"])
    except DomainError as error:
        form.add_error(None, error.detail)
        return render(request, "studio/join.html", {"form": form}, status=error.status)
    messages.success(request, _("Welcome to your studio. You're a creator now."))
    return redirect("studio:home")


@require_GET
@creators_only
def home(request: AuthedRequest) -> HttpResponse:
    """Show earnings, diamonds on hold and the latest supporters."""
    summary = sums.summary(request.user)
    context = {
        "summary": summary,
        "days": summary.days,
        "any_gifts": any(day.sums.gifts for day in summary.days),
        "calendar": summary.calendar,
        "supporters": sums.supporters(request.user),
        "on_air": Stream.objects.on_air().filter(creator=request.user).first(),
    }
    return render(request, "studio/home.html", context)
