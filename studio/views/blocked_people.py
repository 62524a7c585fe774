"""Blocking and unblocking people."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.requests import way_back
from gifts import blocking
from gifts.models import SentGift
from live.chat.shown_names import named
from live.models import Block, Event
from live.moderation import blocks, moderators
from studio.access import creators_only
from studio.forms.moderation import PersonForm

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@creators_only
def blocked_people(request: AuthedRequest) -> HttpResponse:
    """List the blocked people with the date of each, and block one by their handle."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, _new = blocks.block(creator=request.user, user=form.cleaned_data["handle"])
        except DomainError as refused:
            form.add_error("handle", refused.detail)
        else:
            messages.success(request, sentence(made, blocked=True))
            return redirect("studio:blocked")
    listed = Paginator(blocks.blocks_of(request.user), PER_PAGE)
    page = listed.get_page(request.GET.get("page"))
    page.object_list = named(page.object_list, creator_id=request.user.pk)
    context = {"form": form, "page": page}
    return render(
        request, "studio/blocked_people.html", context, status=422 if form.errors else 200
    )


@require_POST
def block(request: AuthedRequest, handle: str) -> HttpResponse:
    """Block a person or unblock them: the button says which."""
    user = get_object_or_404(User, handle=handle)
    return change(request, user)


@require_POST
def block_author(request: AuthedRequest, event_id: int) -> HttpResponse:
    """Block the author of a chat message, whatever handle they have by now.

    A moderator does it for the creator.
    """
    streams = moderators.streams_moderated_by(request.user)
    lines = Event.objects.filter(kind="chat", stream__in=streams)
    line = get_object_or_404(lines.select_related("stream__creator"), pk=event_id)
    author = get_object_or_404(User, public_id=line.payload.get("person"))
    return change(request, author, creator=line.stream.creator)


@require_POST
def block_sender(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Block the sender of this gift or unblock them: the button says which."""
    try:
        if wants_block(request):
            made, _new = blocking.block_sender(by=request.user, key=key)
            return answer(request, made, blocked=True)
        gone = blocking.unblock_sender(by=request.user, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return answer(request, gone, blocked=False)


def change(request: AuthedRequest, user: User, creator: User | None = None) -> HttpResponse:
    """Block or unblock the person by name, and answer."""
    creator = creator or request.user
    if wants_block(request):
        made, _new = moderators.block(by=request.user, creator=creator, user=user)
        return answer(request, made, blocked=True)
    theirs = Block.objects.filter(creator=creator, user=user, gift=None)
    moderators.require_may_unblock(by=request.user, blocks_of=theirs, creator=creator)
    blocks.unblock(creator=creator, user=user)
    return answer(request, Block(creator=creator, user=user), blocked=False)


def wants_block(request: HttpRequest) -> bool:
    """Return whether the pressed button blocks; the other one unblocks."""
    return request.POST.get("block") == "1"


def answer(request: AuthedRequest, entry: Block, *, blocked: bool) -> HttpResponse:
    """Answer a press: the person's line for a script, else back to where the press was."""
    if request.htmx:
        named([entry], creator_id=entry.creator_id)
        context = {"entry": entry, "blocked": blocked, "pressed": True}
        return render(request, "studio/_blocked_line.html", context)
    messages.success(request, sentence(entry, blocked=blocked))
    return redirect(way_back(request, request.POST.get("next", ""), reverse("studio:blocked")))


def sentence(entry: Block, *, blocked: bool) -> str:
    """Return what was done, in one sentence."""
    if not entry.named:
        return _("The sender is blocked.") if blocked else _("The sender is unblocked.")
    (shown,) = named([entry], creator_id=entry.creator_id)
    said = _("%(name)s is blocked.") if blocked else _("%(name)s is unblocked.")
    return said % {"name": shown.name or _("Anonymous")}
