"""The API of gifts: sending, taking back, thanking, earnings. As the pages do."""

from functools import cache
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import creator_of, person_of
from gifts.api.catalogue import catalogue
from gifts.earnings import statement, sums
from gifts.models import LONGEST_MESSAGE, SentGift
from gifts.sending import services
from gifts.sending.refusals import StreamEnded
from gifts.tray.tiles import coins_of
from live.models import Stream
from wallet.api import AmountSerializer

MOST_LINES = 200


class SendSerializer(serializers.Serializer[Any]):
    """A gift to send. The client creates `key`; the same key never sends twice."""

    gift = serializers.SlugField(max_length=40)
    key = serializers.UUIDField()
    quantity = serializers.IntegerField(default=1)
    message = serializers.CharField(
        max_length=LONGEST_MESSAGE,
        default="",
        allow_blank=True,
        help_text="As long as the gift's `message_length`.",
    )
    combo = serializers.UUIDField(default=None, allow_null=True)
    anonymous = serializers.BooleanField(default=False)
    confirmed = serializers.BooleanField(
        default=False, help_text="The sender saw the price of a large gift and said yes."
    )


class SentSerializer(serializers.Serializer[Any]):
    """A gift that was sent."""

    key = serializers.UUIDField(source="public_id")
    gift = serializers.CharField(source="gift.slug")
    quantity = serializers.IntegerField()
    coins = serializers.IntegerField()
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    undo_until = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    thanked_at = serializers.DateTimeField(allow_null=True)


class SendAnswerSerializer(serializers.Serializer[Any]):
    """The gift, whether this key was already used, and the remaining balance."""

    sent = SentSerializer()
    already = serializers.BooleanField()
    balance = serializers.IntegerField()


@cache
def send_serializers() -> tuple[SendSerializer, SendAnswerSerializer]:
    """Return what reads a send and what writes its answer.

    They are kept: a serializer copies its fields when it is made, which costs more than its use.
    """
    return SendSerializer(), SendAnswerSerializer()


class UndoAnswerSerializer(serializers.Serializer[Any]):
    """The gift that was undone, and the fan's new balance."""

    sent = SentSerializer()
    balance = serializers.IntegerField()


class SumsSerializer(serializers.Serializer[Any]):
    """The totals of a set of gifts."""

    gifts = serializers.IntegerField()
    coins = serializers.IntegerField()
    diamonds = serializers.IntegerField()
    usd = AmountSerializer()


class WaitingSerializer(serializers.Serializer[Any]):
    """Diamonds that become available on a given day."""

    day = serializers.DateField()
    diamonds = serializers.IntegerField()
    usd = AmountSerializer()


class SummarySerializer(serializers.Serializer[Any]):
    """What a creator has available, on hold, and earned."""

    available = serializers.IntegerField()
    available_usd = AmountSerializer()
    held = serializers.IntegerField()
    held_usd = AmountSerializer()
    today = SumsSerializer()
    month = SumsSerializer()
    calendar = WaitingSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    """A gift of the statement: its price is tax, the platform's part and the creator's net."""

    key = serializers.UUIDField(source="sent.public_id")
    at = serializers.DateTimeField(source="sent.created_at")
    gift = serializers.CharField(source="sent.gift.slug")
    quantity = serializers.IntegerField(source="sent.quantity")
    sender = serializers.CharField()
    coins = serializers.IntegerField(source="sent.coins")
    diamonds = serializers.IntegerField()
    price = AmountSerializer()
    tax = AmountSerializer()
    platform = AmountSerializer(allow_null=True)
    net = AmountSerializer()
    state = serializers.ChoiceField(choices=["held", "released", "undone"])
    release_at = serializers.DateTimeField(source="sent.release_at")


class StatementSerializer(serializers.Serializer[Any]):
    """A page of the statement. Pass `next` as `before` to go on; null at the end."""

    lines = LineSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


@extend_schema(tags=["gifts"], request=SendSerializer, responses={201: SendAnswerSerializer})
@api_view(["POST"])
def send(request: Request, stream_id: UUID) -> Response:
    """Send a gift to the creator of a stream."""
    reads, writes = send_serializers()
    wanted = reads.run_validation(request.data)
    try:
        sent = services.send_gift(fan=person_of(request), stream=stream_id, **wanted)
    except StreamEnded:
        get_object_or_404(Stream, public_id=stream_id)  # it may never have been
        raise
    answer = {"sent": sent.gift, "already": sent.already, "balance": sent.balance}
    # A key that was answered before is answered again: 200, because nothing was made now.
    return Response(writes.to_representation(answer), status=200 if sent.already else 201)


@extend_schema(tags=["gifts"], request=None, responses=UndoAnswerSerializer)
@api_view(["POST"])
def undo(request: Request, key: UUID) -> Response:
    """Undo a gift within its undo window."""
    fan = person_of(request)
    try:
        gift = services.undo_gift(fan=fan, key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return Response(UndoAnswerSerializer({"sent": gift, "balance": coins_of(fan)}).data)


@extend_schema(tags=["gifts"], request=None, responses=SentSerializer)
@api_view(["POST"])
def thank(request: Request, key: UUID) -> Response:
    """Thank for a gift; the room sees it once."""
    try:
        gift = services.thank(creator=person_of(request), key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return Response(SentSerializer(gift).data)


@extend_schema(tags=["earnings"], responses=SummarySerializer)
@api_view(["GET"])
def summary(request: Request) -> Response:
    """Summarize what a creator has available, on hold, and earned."""
    return Response(SummarySerializer(sums.summary(creator_of(request))).data)


@extend_schema(
    tags=["earnings"],
    parameters=[
        OpenApiParameter("before", int, description="The `next` value of the previous page."),
        OpenApiParameter("limit", int, description="Lines per page, up to 200."),
    ],
    responses=StatementSerializer,
)
@api_view(["GET"])
def statement_lines(request: Request) -> Response:
    """List every gift with its price breakdown, newest first."""
    asked = StatementQuery(data=request.query_params)
    asked.is_valid(raise_exception=True)
    lines, following = statement.page_of(
        creator_of(request),
        before=asked.validated_data["before"],
        size=asked.validated_data["limit"],
    )
    return Response(StatementSerializer({"lines": lines, "next": following}).data)


class StatementQuery(serializers.Serializer[Any]):
    """Which page of the statement."""

    before = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    limit = serializers.IntegerField(default=50, min_value=1, max_value=MOST_LINES)


urlpatterns = [
    path("gifts/", catalogue, name="api_gifts"),
    path("streams/<uuid:stream_id>/gifts/", send, name="api_send"),
    path("gifts/<uuid:key>/undo/", undo, name="api_undo"),
    path("gifts/<uuid:key>/thank/", thank, name="api_thank"),
    path("earnings/", summary, name="api_earnings"),
    path("earnings/statement/", statement_lines, name="api_statement"),
]
