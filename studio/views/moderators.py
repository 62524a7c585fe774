"""Moderators: appointing and dismissing them, and hiding a line of chat."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.chat.shown_names import named, shown_names
from live.models import Event
from live.moderation import hiding, moderators
from studio.access import creators_only
from studio.forms.moderation import PersonForm


@require_http_methods(["GET", "POST"])
@creators_only
def appointed(request: AuthedRequest) -> HttpResponse:
    """List the moderators of the creator's rooms, and appoint one by their handle."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, _new = moderators.appoint(creator=request.user, user=form.cleaned_data["handle"])
        except DomainError as refused:
            form.add_error("handle", refused.detail)
        else:
            name = shown(made.user, to=request.user)
            messages.success(request, _("%(name)s is now a moderator.") % {"name": name})
            return redirect("studio:moderators")
    found = named(moderators.moderators_of(request.user), creator_id=request.user.pk)
    context = {"form": form, "moderators": found}
    return render(request, "studio/moderators.html", context, status=422 if form.errors else 200)


@require_POST
def dismiss(request: AuthedRequest, handle: str) -> HttpResponse:
    """Dismiss a moderator."""
    user = get_object_or_404(User, handle=handle)
    moderators.dismiss(creator=request.user, user=user)
    name = shown(user, to=request.user)
    messages.success(request, _("%(name)s is no longer a moderator.") % {"name": name})
    return redirect("studio:moderators")


def shown(user: User, *, to: User) -> str:
    """Return the name of a person as it is shown to a creator."""
    names = shown_names(creator_id=to.pk, people={user.handle: user.name})
    return names[user.handle] or _("Anonymous")


@require_POST
def hide_line(request: AuthedRequest, event_id: int) -> HttpResponse:
    """Hide a line of chat from everybody."""
    mine = Event.objects.filter(
        kind="chat", stream__in=moderators.streams_moderated_by(request.user)
    )
    line = get_object_or_404(mine.select_related("stream__creator"), pk=event_id)
    hiding.hide_line(by=request.user, line=line)
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("Message hidden."))
    return redirect("studio:moderate", line.stream.public_id)
