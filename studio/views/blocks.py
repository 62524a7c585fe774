"""Where a creator keeps somebody out and lets them back in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.creators import require_creator
from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from gifts import blocking
from gifts.models import SentGift
from live.models import Block, Event
from live.moderation import blocks, moderators
from studio.forms.moderation import PersonForm

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def people(request: AuthedRequest) -> HttpResponse:
    """List who is kept out since when, and keep somebody out by their handle."""
    require_creator(request.user)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, _new = blocks.block(creator=request.user, user=form.cleaned_data["handle"])
        except DomainError as refused:
            form.add_error("handle", refused.detail)
        else:
            messages.success(request, sentence(made.name, blocked=True))
            return redirect("studio:blocked")
    people = Paginator(blocks.blocks_of(request.user), PER_PAGE)
    context = {"form": form, "page": people.get_page(request.GET.get("page"))}
    return render(request, "studio/blocked.html", context, status=422 if form.errors else 200)


@require_POST
def block(request: AuthedRequest, handle: str) -> HttpResponse:
    """Keep a person out, or let them back in: the button says which."""
    user = get_object_or_404(User, handle=handle)
    return change(request, user)


@require_POST
def block_speaker(request: AuthedRequest, event_id: int) -> HttpResponse:
    """Keep out who said a line in a room of the creator's, whatever handle they have by now.

    A moderator does it for the creator.
    """
    streams = moderators.streams_moderated_by(request.user)
    heard = Event.objects.filter(kind="chat", stream__in=streams)
    line = get_object_or_404(heard.select_related("stream__creator"), pk=event_id)
    said_by = get_object_or_404(User, public_id=line.payload.get("person"))
    return change(request, said_by, creator=line.stream.creator)


@require_POST
def block_sender(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Keep out who sent this gift, or let them back in: the button says which."""
    try:
        if wants_block(request):
            made, _new = blocking.block_sender(by=request.user, key=key)
            return answer(request, made, blocked=True)
        gone = blocking.unblock_sender(by=request.user, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return answer(request, gone, blocked=False)


def change(request: AuthedRequest, user: User, creator: User | None = None) -> HttpResponse:
    """Block the person by name or let them back in, and answer."""
    creator = creator or request.user
    if wants_block(request):
        made, _new = moderators.block(by=request.user, creator=creator, user=user)
        return answer(request, made, blocked=True)
    theirs = Block.objects.filter(creator=creator, user=user, gift=None)
    moderators.require_may_unblock(by=request.user, blocks_of=theirs, creator=creator)
    blocks.unblock(creator=creator, user=user)
    return answer(request, Block(creator=creator, user=user), blocked=False)


def wants_block(request: HttpRequest) -> bool:
    """Return whether the pressed button keeps out; the other one lets back in."""
    return request.POST.get("block") == "1"


def answer(request: AuthedRequest, entry: Block, *, blocked: bool) -> HttpResponse:
    """Answer a press: the person's line for a script, else back to where the press was."""
    if request.htmx:
        context = {"entry": entry, "blocked": blocked, "pressed": True}
        return render(request, "studio/_blocked_line.html", context)
    messages.success(request, sentence(entry.name, blocked=blocked))
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if ours else reverse("studio:blocked"))


def sentence(name: str, *, blocked: bool) -> str:
    """Return what was done, in one sentence."""
    if not name:
        return _("The sender is blocked.") if blocked else _("The sender is unblocked.")
    said = _("%(name)s is blocked.") if blocked else _("%(name)s is unblocked.")
    return said % {"name": name}
