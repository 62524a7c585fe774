"""The API of batches: many gifts sent, or undone, in one request, each answered."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from foundation.errors import API_SENTENCES, DomainError, problem
from foundation.incoming import is_text
from foundation.parsers import EachParser
from gifts.api.sends import SendSerializer, SentSerializer
from gifts.models import SentGift
from gifts.sending.batches import MOST, MOST_UNDONE, Unreadable, Wanted, send_each, undo_each
from gifts.sending.refusals import StreamEnded
from gifts.sending.send import Sent
from live.models import Stream
from wallet.coins.balance import coins_of


class BatchSerializer(serializers.Serializer[Any]):
    """A batch of up to 50 gifts, in order."""

    sends = SendSerializer(many=True)


class UnreadBatchSerializer(serializers.Serializer[Any]):
    """The same, each still unread: what one of them lacks does not stop the others."""

    sends = serializers.ListField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST
    )


class KeysSerializer(serializers.Serializer[Any]):
    """The keys of up to 200 gifts."""

    keys = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_UNDONE
    )


class OneSentSerializer(serializers.Serializer[Any]):
    """The result of one send."""

    key = serializers.CharField(allow_null=True, help_text="As it came.")
    outcome = serializers.ChoiceField(choices=["done", "already", "refused"])
    sent = SentSerializer(allow_null=True)
    balance = serializers.IntegerField(allow_null=True, help_text="Coins left after it.")
    problem = serializers.DictField(
        allow_null=True, help_text="What a request with this gift alone would be refused with."
    )


class BatchAnswerSerializer(serializers.Serializer[Any]):
    """The result of each send, in order."""

    answers = OneSentSerializer(many=True)


class OneUndoneSerializer(serializers.Serializer[Any]):
    """The result of one undo."""

    key = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=["undone", "refused"])
    sent = SentSerializer(allow_null=True)
    problem = serializers.DictField(allow_null=True)


class UndoBatchAnswerSerializer(serializers.Serializer[Any]):
    """The result of each undo, in order, and the fan's balance."""

    answers = OneUndoneSerializer(many=True)
    balance = serializers.IntegerField()


@extend_schema(tags=["gifts"], request=BatchSerializer, responses=BatchAnswerSerializer)
@scopes(POST=Scope.SEND)
@api_view(["POST"])
@parser_classes([EachParser])
def send_batch(request: Request, stream_id: UUID) -> Response:
    """Send a batch of up to 50 gifts. Each one succeeds or fails on its own."""
    asked = UnreadBatchSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    sends = asked.validated_data["sends"]
    outcomes = send_each(fan=person_of(request), stream=stream_id, wanted=read(sends))
    if any(isinstance(outcome, StreamEnded) for outcome in outcomes):
        get_object_or_404(Stream, public_id=stream_id)  # it may never have been
    answers = [
        {"key": key_of(send), **result_of(outcome)}
        for send, outcome in zip(sends, outcomes, strict=True)
    ]
    return Response(BatchAnswerSerializer({"answers": answers}).data)


@extend_schema(
    operation_id="v1_gifts_undo_batch_create",
    tags=["gifts"],
    request=KeysSerializer,
    responses=UndoBatchAnswerSerializer,
)
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def undo_batch(request: Request) -> Response:
    """Undo up to 200 gifts. Any past its undo window stays sent."""
    asked = KeysSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    keys = asked.validated_data["keys"]
    outcomes = undo_each(fan=person_of(request), keys=keys)
    answers = [
        {"key": key, **result_of(outcome)} for key, outcome in zip(keys, outcomes, strict=True)
    ]
    answer = {"answers": answers, "balance": coins_of(person_of(request))}
    return Response(UndoBatchAnswerSerializer(answer).data)


def read(sends: Sequence[Any]) -> list[Wanted]:
    """Return what each asks for, or what about it needs another look."""
    reader = SendSerializer()
    wanted: list[Wanted] = []
    for send in sends:
        try:
            wanted.append(reader.run_validation(send))
        except serializers.ValidationError as error:
            fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
            wanted.append(Unreadable(str(API_SENTENCES[Unreadable.code]), fields))
    return wanted


def key_of(send: Any) -> str | None:
    """Return the key as the client wrote it, so that it finds its own answer."""
    key = send.get("key") if isinstance(send, dict) else None
    return key if isinstance(key, str) and is_text(key) else None


def result_of(outcome: Sent | SentGift | DomainError) -> dict[str, Any]:
    """Return an outcome as the API reports it."""
    if isinstance(outcome, DomainError):
        refusal = problem(
            code=outcome.code, detail=outcome.detail, status=outcome.status, fields=outcome.fields
        )
        return {"outcome": "refused", "sent": None, "balance": None, "problem": refusal}
    if isinstance(outcome, SentGift):
        return {"outcome": "undone", "sent": outcome, "problem": None}
    return {
        "outcome": "already" if outcome.already else "done",
        "sent": outcome.gift,
        "balance": outcome.balance,
        "problem": None,
    }
