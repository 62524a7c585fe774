"""Batches of presses: the script's way to send them, and to undo them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from foundation.incoming import answers_each
from gifts.models import SentGift
from gifts.sending.batches import MOST, MOST_UNDONE, Unreadable, Wanted, send_each, undo_each
from gifts.sending.on_replay import shown_on_replay
from gifts.sending.send import Sent
from gifts.sending.undo_window import undo_window_of
from gifts.tray.forms import SendForm
from gifts.tray.ways import way_on
from gifts.views.tray import stream_of
from wallet.coins.balance import coins_of

HOW_MANY = _("A batch can have 1 to %(most)s gifts.")


@answers_each
@login_not_required
@require_POST
def send(request: HttpRequest, stream_id: UUID) -> HttpResponse:
    """Send up to 50 presses: 200, and in it the answer of each, in their order.

    `presses` says how many there are; their fields are `0-gift`, `0-key`, `1-gift` and so on.
    """
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("live:room", args=[stream_of(stream_id).public_id]))
    many = forms.IntegerField(min_value=1, max_value=MOST)
    try:
        presses = many.clean(request.POST.get("presses"))
    except forms.ValidationError:
        raise Unreadable(HOW_MANY % {"most": MOST}) from None
    wanted = [press(request, place) for place in range(presses)]
    outcomes = send_each(fan=request.user, stream=stream_id, wanted=wanted)
    told = shown_on_replay(outcome.gift for outcome in outcomes if isinstance(outcome, Sent))
    answers = [
        answer_to(
            outcome, stream_id, asked.get("gift", "") if isinstance(asked, dict) else "", told
        )
        for outcome, asked in zip(outcomes, wanted, strict=True)
    ]
    if not all(isinstance(outcome, Sent) for outcome in outcomes):
        stream_of(stream_id)  # it may turn out never to have been
    return render(request, "gifts/_answers.html", {"answers": answers})


def press(request: HttpRequest, place: int) -> Wanted:
    """Return what a press asks for, or what about it needs another look."""
    form = SendForm(request.POST, prefix=str(place))
    return form.cleaned_data if form.is_valid() else Unreadable(form.sentence, form.errors)


def answer_to(
    outcome: Sent | DomainError, stream_id: UUID, gift: str, told: Mapping[UUID, str]
) -> dict[str, Any]:
    """Return what the answer of one press says; `told` has what is shown of it on a replay."""
    if isinstance(outcome, Sent):
        shown = told.get(outcome.gift.public_id, "")
        return {"status": 201, "window": undo_window_of(outcome.gift, outcome.balance, shown)}
    return {
        "status": outcome.status,
        "code": outcome.code,
        "sentence": outcome.detail,
        "way": way_on(outcome, stream_id, gift),
    }


@never_cache
@require_GET
def known(request: AuthedRequest) -> JsonResponse:
    """Say which of these presses (each `key` one, up to 50, or none) arrived, and what is left."""
    keys = keys_of(request.GET.getlist("key"), most=MOST, least=0)
    mine = SentGift.objects.filter(fan_id=request.user.pk, public_id__in=keys)
    arrived = [str(key) for key in mine.values_list("public_id", flat=True)] if keys else []
    return JsonResponse({"sent": arrived, "balance": coins_of(request.user)})


@require_POST
def undo(request: AuthedRequest) -> HttpResponse:
    """Undo up to 200 gifts, each `key` one; say how many coins returned, and what stays sent.

    Raises the first gift's refusal when none came back.
    """
    outcomes = undo_each(fan=request.user, keys=keys_of(request.POST.getlist("key")))
    gone = [outcome for outcome in outcomes if isinstance(outcome, SentGift)]
    stays = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    if not gone:
        raise stays[0]
    context = {
        "coins": sum(gift.coins for gift in gone),
        "undone": [gift.public_id for gift in gone],
        "stays": len(stays),
        "balance": coins_of(request.user),
    }
    return render(request, "gifts/_undone_batch.html", context)


def keys_of(texts: Sequence[str], *, most: int = MOST_UNDONE, least: int = 1) -> list[UUID]:
    """Return the keys. Raises `Unreadable`."""
    try:
        keys = [UUID(text) for text in texts]
    except ValueError:
        keys = []
    if not least <= len(texts) <= most or len(keys) < len(texts):
        raise Unreadable(HOW_MANY % {"most": most})
    return keys
