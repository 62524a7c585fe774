"""The tray, and what is pressed in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import AuthedRequest
from accounts.services import save_sending
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.requests import PageRequest
from gifts.models import LONGEST_MESSAGE, Gift, GiftPolicy, SentGift
from gifts.sending import services
from gifts.sending.batches import MOST
from gifts.sending.on_replay import shown_on_replay
from gifts.sending.refusals import ConfirmFirst, UndoTooLate
from gifts.sending.undo_window import UndoWindow, open_undo_windows, undo_window_of
from gifts.tray.forms import SendForm, fresh_key
from gifts.tray.receivers import name_of, receivers_of
from gifts.tray.tiles import priced, shelves, tiles_for, why_closed
from gifts.tray.ways import Way, coins_page, limits_page, room_with, way_on
from live.models import RoomRules, Stream
from wallet.coins.balance import coins_of


def tray_context(request: PageRequest, stream: Stream, **more: Any) -> dict[str, Any]:
    """Return the context of the tray for a fan or a visitor."""
    fan = request.user
    policy = GiftPolicy.current()
    asks_from, balance = policy.confirm_from_coins, None
    windows: list[UndoWindow] = []
    if isinstance(fan, User):
        asks_from = min(asks_from, fan.confirm_from_coins or asks_from)
        balance = coins_of(fan)
        windows = open_undo_windows(fan, stream, balance)
    tiles = tiles_for(fan, Gift.objects.on_offer(), policy, creator=stream.creator, balance=balance)
    receivers, _gone = receivers_of(stream, fan)
    return {
        "stream": stream,
        "host": stream.creator,
        "receivers": receivers,
        "closed": why_closed(fan, stream),
        "policy": policy,
        "wordless": RoomRules.objects.filter(
            creator=stream.creator_id, gift_messages=False
        ).exists(),
        "shelves": shelves(tiles),
        "asks_from": asks_from,
        "balance": balance,
        "undo_windows": windows,
        "room_url": room_with(stream.public_id),
        "more_coins": Way(coins_page(stream.public_id), _("Get coins")),
        "own_limits": limits_page(stream.public_id),
        "chosen": request.GET.get("gift", ""),
        "message": request.GET.get("message", "")[:LONGEST_MESSAGE],
        "key": fresh_key(),
        # A page that does not know where its picture is sends to the replay's end.
        "moment": stream.ended_at if stream.takes_gifts_on_replay else None,
        "most_presses": MOST,
        **more,
    }


@login_not_required
@require_GET
def tray(request: PageRequest, stream_id: UUID) -> HttpResponse:
    """Show the gifts that can be sent here: a fragment for the room, a page without scripts."""
    stream = stream_of(stream_id)
    if request.htmx:
        return render(request, "gifts/_tray.html", tray_context(request, stream))
    sent = just_sent(request)
    price = priced(request.user, sent.coins)[0] if sent else None
    context = tray_context(request, stream, sent=sent, sent_price=price)
    return render(request, "gifts/tray.html", context)


@login_not_required
@never_cache
@require_GET
def receivers(request: PageRequest, stream_id: UUID) -> HttpResponse:
    """Return who gets the gifts of a tray as a part of it, which asks again when guests change."""
    stream = stream_of(stream_id)
    found, gone = receivers_of(stream, request.user, request.GET.get("to", ""))
    context = {"stream": stream, "host": stream.creator, "receivers": found, "gone": gone}
    return render(request, "gifts/_receivers.html", context)


def just_sent(request: PageRequest) -> SentGift | None:
    """Return the gift that a plain form sent a moment ago, so that it can be undone."""
    try:
        key = UUID(request.GET.get("sent", ""))
    except ValueError:
        return None
    mine = SentGift.objects.counted().filter(fan_id=request.user.pk, public_id=key)
    return mine.select_related("gift").first()


@login_not_required
@require_POST
def send(request: PageRequest, stream_id: UUID) -> HttpResponse:
    """Send one gift: 201 with the undo button for a script, back to the room for a plain form.

    Sending itself checks the stream; only a refusal reads it to show it.
    """
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("live:room", args=[stream_of(stream_id).public_id]))
    form = SendForm(request.POST)
    if not form.is_valid():
        return refuse(request, stream_id, form.sentence, code="check_input", status=422)
    if form.private not in (None, request.user.private_supporter):
        save_sending(user=request.user, private_supporter=form.private)
    try:
        sent = services.send_gift(fan=request.user, stream=stream_id, **form.cleaned_data)
    except ConfirmFirst as error:
        if request.htmx:
            raise
        return confirm(request, stream_id, form, error)
    except DomainError as error:
        chosen = form.cleaned_data["gift"], form.cleaned_data["message"]
        way = way_on(error, stream_id, *chosen)
        return refuse(
            request, stream_id, error.detail, code=error.code, status=error.status, way=way
        )
    if request.htmx:
        told = shown_on_replay([sent.gift]).get(sent.gift.public_id, "")
        context = {"window": undo_window_of(sent.gift, sent.balance, told)}
        answer = render(request, "gifts/_sent.html", context, status=201)
        answer["HX-Trigger"] = "balance:changed"
        return answer
    return redirect(f"{reverse('gifts:tray', args=[stream_id])}?sent={sent.gift.public_id}")


def stream_of(stream_id: UUID) -> Stream:
    """Return the stream with its creator; an address that leads nowhere is 404."""
    return get_object_or_404(Stream.objects.for_cards(), public_id=stream_id)


def refuse(
    request: PageRequest,
    stream_id: UUID,
    sentence: str,
    *,
    code: str,
    status: int,
    way: Way | None = None,
) -> HttpResponse:
    """Say why nothing was sent: a line for a script, the tray with the line for a plain form."""
    stream = stream_of(stream_id)
    said = {"sentence": sentence, "way": way}
    if request.htmx:
        answer = render(request, "gifts/_refused.html", said, status=status)
    else:
        typed = {"message": request.POST.get("message", ""), "chosen": request.POST.get("gift", "")}
        context = tray_context(request, stream, **typed, **said)
        answer = render(request, "gifts/tray.html", context, status=status)
    answer["X-Error-Code"] = code
    return answer


def confirm(
    request: PageRequest, stream_id: UUID, form: SendForm, error: ConfirmFirst
) -> HttpResponse:
    """Ask once more before a large gift, with the same key; the largest ask twice."""
    stream = stream_of(stream_id)
    gift = get_object_or_404(Gift, slug=form.cleaned_data["gift"])
    coins = int(str(error.facts["coins"]))
    price, gets = priced(request.user, coins)
    context = {
        "stream": stream,
        "host": stream.creator,
        "receiver": name_of(stream, form.cleaned_data["to"]),
        "gift": gift,
        "last": not gift.confirm_twice or request.POST.get("asked") == "1",
        "coins": coins,
        "price": price,
        "gets": gets,
        "data": form.cleaned_data,
        "room_url": reverse("live:room", args=[stream.public_id]),
    }
    answer = render(request, "gifts/confirm.html", context, status=error.status)
    answer["X-Error-Code"] = error.code
    return answer


@require_POST
def undo(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Undo a gift within its window."""
    try:
        gift = services.undo_gift(fan=request.user, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    except UndoTooLate as error:
        if request.htmx:
            raise
        messages.error(request, error.detail)
        stream = Stream.objects.get(gifts__public_id=key)
        return redirect("live:room", stream.public_id)
    balance = coins_of(request.user)
    if request.htmx:
        answer = render(request, "gifts/_undone.html", {"sent": gift, "balance": balance})
        answer["HX-Trigger"] = "balance:changed"
        return answer
    said = _("Gift undone. You have %(coins)s coins.") % {"coins": figure(balance)}
    messages.success(request, said)
    return redirect("live:room", gift.stream.public_id)
