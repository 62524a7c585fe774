"""The API of sending: send a gift, undo it, thank for it."""

from functools import cache
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from gifts.models import LONGEST_MESSAGE, SentGift
from gifts.sending import services
from gifts.sending.refusals import StreamEnded
from live.models import Stream
from wallet.coins.balance import coins_of


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
    to = serializers.UUIDField(
        default=None,
        allow_null=True,
        help_text="The guest of the stream who gets it, by public id; null: its creator does.",
    )
    moment = serializers.DateTimeField(
        default=None,
        allow_null=True,
        help_text="For a gift on a replay: the moment of the stream at which it stands.",
    )


class SentSerializer(serializers.Serializer[Any]):
    """A gift that was sent."""

    key = serializers.UUIDField(source="public_id")
    gift = serializers.CharField(source="gift.slug")
    quantity = serializers.IntegerField()
    coins = serializers.IntegerField()
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    moment = serializers.DateTimeField(
        allow_null=True, help_text="Of a gift on a replay; null for one that was sent live."
    )
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


@extend_schema(tags=["gifts"], request=SendSerializer, responses={201: SendAnswerSerializer})
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def send(request: Request, stream_id: UUID) -> Response:
    """Send a gift to the creator of a stream, while it is live or on its replay, or to a guest."""
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
@scopes(POST=Scope.SEND)
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
@scopes(POST=Scope.EARN)
@api_view(["POST"])
def thank(request: Request, key: UUID) -> Response:
    """Thank for a gift; the room sees it once."""
    try:
        gift = services.thank(creator=person_of(request), key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return Response(SentSerializer(gift).data)
