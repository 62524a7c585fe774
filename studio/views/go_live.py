"""Going live and ending a stream."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.chat.words import room_rules_of
from live.models import Stream
from live.streams import services
from live.streams.facts import facts_of
from studio.access import creators_only
from studio.forms.go_live import GoLiveForm, ScheduledForm, StreamForm
from video.pictures import encoder_of, shown_elsewhere, shows_film


@require_http_methods(["GET", "POST"])
@creators_only
def go_live(request: AuthedRequest) -> HttpResponse:
    """Show the creator's streams, and begin or announce another one."""
    mine = Stream.objects.filter(creator=request.user)
    on_air = mine.on_air().first()
    last = mine.order_by("-pk").first()
    # What the last one was about is what the next one most often is about.
    first = {
        "poster": "",
        "when": "later" if on_air else "now",
        "topic": last.topic if last else "",
        "language": last.language if last else "",
        "adults_only": last.adults_only if last else False,
    }
    form = GoLiveForm(request.POST or None, initial=first, creator=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return begin(request, form)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
    context = {
        "form": form,
        "on_air": on_air,
        "encoder": encoder_of(request.user),
        "guests_rule": room_rules_of(request.user),
        "film": shows_film(request.user),
        "elsewhere": shown_elsewhere(on_air) if on_air else None,
        "soon": mine.soon(),
        "stopped": _stopped(mine),
        "past": mine.filter(state=Stream.State.ENDED).order_by("-ended_at")[:5],
    }
    status = 422 if form.errors else 200
    return render(request, "studio/go_live.html", context, status=status)


def _stopped(mine: QuerySet[Stream]) -> Stream | None:
    """Return the creator's last stream, if staff stopped it: the reason stands until the next."""
    last = mine.filter(state=Stream.State.ENDED).order_by("-ended_at").first()
    if last is None or not last.stopped_because:
        return None
    return None if mine.filter(started_at__gt=last.ended_at).exists() else last


def begin(request: AuthedRequest, form: GoLiveForm) -> HttpResponse:
    """Go on air, or announce; go where the creator can see it."""
    data = form.cleaned_data
    if data["when"] == "later":
        services.schedule(creator=request.user, scheduled_for=data["scheduled_for"], **form.facts)
        messages.success(
            request, _("Stream scheduled. Your room is open. Gifts start when you go live.")
        )
        return redirect("studio:go_live")
    services.go_live(creator=request.user, **form.facts)
    messages.success(request, _("You're live."))
    return redirect("studio:console")


@require_http_methods(["GET", "POST"])
@creators_only
def change(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Change what is said of a stream that is live or comes."""
    mine = Stream.objects.exclude(state=Stream.State.ENDED)
    stream = get_object_or_404(mine, public_id=public_id, creator=request.user)
    comes = stream.state == Stream.State.SOON
    first = {**facts_of(stream), "scheduled_for": stream.scheduled_for}
    kind = ScheduledForm if comes else StreamForm
    form = kind(request.POST or None, initial=first, creator=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            save(request.user, stream, form)
            messages.success(request, _("Saved. Your viewers see it now."))
            return redirect("studio:go_live")
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
    status = 422 if form.errors else 200
    return render(
        request, "studio/change_stream.html", {"form": form, "stream": stream}, status=status
    )


@transaction.atomic
def save(creator: User, stream: Stream, form: StreamForm) -> None:
    """Change what is said of the stream, and its time where another one was typed."""
    services.change(creator=creator, stream=stream, **form.facts)
    at = form.cleaned_data.get("scheduled_for")
    before = stream.scheduled_for
    # The field shows no seconds.
    if at and (before is None or at != before.replace(second=0, microsecond=0)):
        services.reschedule(creator=creator, stream=stream, scheduled_for=at)


@require_POST
def start(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Put an announced broadcast on air."""
    stream = get_object_or_404(Stream, public_id=public_id, creator=request.user)
    services.start(creator=request.user, stream=stream)
    messages.success(request, _("You're live."))
    return redirect("studio:console")


@require_POST
def end(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """End a broadcast."""
    stream = get_object_or_404(Stream, public_id=public_id, creator=request.user)
    services.end(creator=request.user, stream=stream)
    messages.success(request, _("Your stream has ended. See your gifts in the studio."))
    return redirect("studio:go_live")
