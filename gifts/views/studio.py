"""The creator's studio and the live console."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from accounts.services import become_creator
from giftplatform.errors import DomainError
from gifts import earnings
from gifts.console import Out, newest, rows, spoken
from gifts.forms import CreatorForm
from live.models import Stream
from live.tokens import events_url


def creators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let creators in; invite everybody else to become one."""

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_creator:
            return view(request, *args, **kwargs)
        return render(request, "gifts/join.html", {"form": CreatorForm()})

    return guarded


@require_POST
def join(request: AuthedRequest) -> HttpResponse:
    """Become a creator."""
    form = CreatorForm(request.POST)
    if not form.is_valid():
        return render(request, "gifts/join.html", {"form": form}, status=422)
    try:
        become_creator(user=request.user, bio=form.cleaned_data["bio"])
    except DomainError as error:
        form.add_error(None, error.detail)
        return render(request, "gifts/join.html", {"form": form}, status=error.status)
    messages.success(request, _("You are a creator now. This is your studio."))
    return redirect("gifts:studio")


@require_GET
@creators_only
def studio(request: AuthedRequest) -> HttpResponse:
    """Show what was earned, what waits, and who sent it."""
    summary = earnings.summary(request.user)
    context = {
        "summary": summary,
        "days": summary.days,
        "any_gifts": any(day.sums.gifts for day in summary.days),
        "calendar": summary.calendar,
        "supporters": earnings.supporters(request.user),
        "on_air": Stream.objects.on_air().filter(creator=request.user).first(),
    }
    return render(request, "gifts/studio.html", context)


def stream_of(creator: User) -> Stream | None:
    """Return the stream that is on air, else the creator's last one."""
    mine = Stream.objects.filter(creator=creator)
    on_air = mine.on_air().first()
    return on_air or mine.filter(started_at__isnull=False).order_by("-started_at").first()


@require_GET
@creators_only
def console(request: AuthedRequest) -> HttpResponse:
    """Show gifts as they come, to thank for with one press."""
    stream = stream_of(request.user)
    context: dict[str, Any] = {"stream": stream}
    if stream is not None:
        # The events are read first: what commits meanwhile comes twice, never not at all.
        events = newest(stream)
        out = Out.of(stream)
        context["heard"] = [event.pk for event in events]
        context["spoken"] = spoken(events)
        context["out"] = out
        context["rows"] = rows(stream, out)
        context["sums"] = earnings.of_stream(stream)
        context["micro_usd_per_coin"] = earnings.micro_usd_per_coin()
        context["events_url"] = events_url(stream, "creator") if stream.is_on_air else ""
    return render(request, "gifts/console.html", context)
