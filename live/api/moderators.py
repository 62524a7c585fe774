"""The API of a creator's moderators."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import creator_of
from live.chat.shown_names import named
from live.models import Moderator
from live.moderation import moderators


class ModeratorSerializer(serializers.ModelSerializer[Moderator]):
    """A moderator of the creator's rooms."""

    handle = serializers.CharField(source="user.handle", read_only=True)
    display_name = serializers.SerializerMethodField(
        help_text="Null where your blocked words leave no name to show."
    )
    since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Moderator
        fields: ClassVar[list[str]] = ["handle", "display_name", "since"]

    def get_display_name(self, moderator: Moderator) -> str | None:
        """Return the name that the creator sees."""
        return moderator.name or None


class ModeratorsSerializer(serializers.Serializer[Any]):
    """The moderators of the creator's rooms."""

    moderators = ModeratorSerializer(many=True)


@extend_schema(
    operation_id="v1_me_moderators_list", responses=ModeratorsSerializer, tags=["moderation"]
)
@scopes(GET=Scope.READ)
@api_view(["GET"])
def listed(request: Request) -> Response:
    """List your moderators, newest first."""
    creator = creator_of(request)
    mine = named(moderators.moderators_of(creator), creator_id=creator.pk)
    return Response(ModeratorsSerializer({"moderators": mine}).data)


@extend_schema(
    methods=["PUT"],
    description="Add a moderator. Repeating this changes nothing.",
    request=None,
    responses={200: ModeratorSerializer, 201: ModeratorSerializer},
)
@extend_schema(
    methods=["DELETE"],
    description="Remove a moderator. Repeating this changes nothing.",
    responses={204: None},
)
@extend_schema(tags=["moderation"])
@scopes(PUT=Scope.EARN, DELETE=Scope.EARN)
@api_view(["PUT", "DELETE"])
def one(request: Request, handle: str) -> Response:
    """Add or remove a moderator."""
    creator = creator_of(request)
    user = get_object_or_404(User, handle=handle)
    if request.method == "DELETE":
        moderators.dismiss(creator=creator, user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)
    made, new = moderators.appoint(creator=creator, user=user)
    code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    (shown,) = named([made], creator_id=creator.pk)
    return Response(ModeratorSerializer(shown).data, status=code)


urlpatterns = [
    path("me/moderators/", listed, name="api_moderators"),
    path("me/moderators/<slug:handle>/", one, name="api_moderator"),
]
