"""The API of a creator's blocked words and room rules."""

from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import creator_of
from live.chat import words
from live.models import BlockedWord, RoomRules


class WordSerializer(serializers.ModelSerializer[BlockedWord]):
    """A blocked word. A star at the end matches any ending."""

    id = serializers.IntegerField(read_only=True)
    since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = BlockedWord
        fields: ClassVar[list[str]] = ["id", "word", "since"]


class RulesSerializer(serializers.ModelSerializer[RoomRules]):
    """The rules of the creator's rooms."""

    gift_messages = serializers.BooleanField(help_text="Gifts carry messages.")
    links = serializers.BooleanField(help_text="Others than me may write links.")

    class Meta:
        model = RoomRules
        fields: ClassVar[list[str]] = ["gift_messages", "links"]


@extend_schema(
    methods=["GET"],
    operation_id="v1_me_words_list",
    description="List your blocked words. The site's own list also applies.",
    responses=WordSerializer(many=True),
)
@extend_schema(
    methods=["POST"],
    description="Block a word, or a phrase of up to three words, in your rooms.",
    request=WordSerializer,
    responses={201: WordSerializer},
)
@extend_schema(tags=["words"])
@scopes(GET=Scope.READ, POST=Scope.EARN)
@api_view(["GET", "POST"])
def listed(request: Request) -> Response:
    """List your blocked words, or add one."""
    creator = creator_of(request)
    if request.method == "GET":
        return Response(WordSerializer(creator.blocked_words.all(), many=True).data)
    asked = WordSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    made = words.block_word(creator=creator, word=asked.validated_data["word"])
    return Response(WordSerializer(made).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["words"], responses={204: None})
@scopes(DELETE=Scope.EARN)
@api_view(["DELETE"])
def one(request: Request, number: int) -> Response:
    """Remove a blocked word. Repeating this changes nothing."""
    words.unblock_word(creator=creator_of(request), number=number)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(methods=["GET"], description="Get the rules of your rooms.")
@extend_schema(
    methods=["PUT"],
    description="Set whether gift messages and links are allowed.",
    request=RulesSerializer,
)
@extend_schema(tags=["words"], responses=RulesSerializer)
@scopes(GET=Scope.READ, PUT=Scope.EARN)
@api_view(["GET", "PUT"])
def rules(request: Request) -> Response:
    """Get or set the rules of your rooms."""
    creator = creator_of(request)
    if request.method == "GET":
        return Response(RulesSerializer(words.room_rules_of(creator)).data)
    asked = RulesSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    decided: dict[str, Any] = asked.validated_data
    return Response(RulesSerializer(words.change_rules(creator=creator, **decided)).data)


urlpatterns = [
    path("me/words/", listed, name="api_words"),
    path("me/words/<int:number>/", one, name="api_word"),
    path("me/room/", rules, name="api_room"),
]
