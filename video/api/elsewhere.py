"""The API of video from elsewhere: what a creator's room shows, show it, take it away."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.creators import require_creator
from accounts.models import Scope
from accounts.requests import person_of
from video.elsewhere import services
from video.elsewhere.addresses import LONGEST
from video.models import Elsewhere


class ShowElsewhereSerializer(serializers.Serializer[Any]):
    """A video to show."""

    address = serializers.CharField(
        max_length=LONGEST, help_text="Of a playlist (.m3u8), of a page to watch, or an embed code."
    )
    title = serializers.CharField(
        max_length=80, required=False, default="", help_text="Of the stream that begins with it."
    )


class ElsewhereSerializer(serializers.Serializer[Any]):
    """A video from elsewhere, as a room shows it."""

    stream = serializers.UUIDField(source="stream.public_id")
    kind = serializers.CharField(
        help_text="`hls` is a playlist; `youtube`, `twitch`, `vimeo`, `owncast`, `peertube` a page "
        "for a frame."
    )
    url = serializers.CharField(source="address")
    shown_at = serializers.DateTimeField()


@extend_schema(
    methods=["GET"],
    responses={200: ElsewhereSerializer, 204: None},
    description="Get the video from elsewhere in your room; 204: there is none.",
    tags=["streams"],
)
@extend_schema(
    methods=["PUT"],
    request=ShowElsewhereSerializer,
    responses=ElsewhereSerializer,
    description="Show video from elsewhere in your room, which goes on air with it.",
    tags=["streams"],
)
@extend_schema(
    methods=["DELETE"],
    request=None,
    responses={204: None},
    description="Show nothing from elsewhere any more. Your stream goes on.",
    tags=["streams"],
)
@scopes(GET=Scope.READ, PUT=Scope.EARN, DELETE=Scope.EARN)
@api_view(["GET", "PUT", "DELETE"])
def elsewhere(request: Request) -> Response:
    """Get, show or take away the video from elsewhere in your room."""
    creator = require_creator(person_of(request))
    if request.method == "PUT":
        form = ShowElsewhereSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        shown = services.show(creator=creator, **form.validated_data)
        return Response(ElsewhereSerializer(shown).data)
    if request.method == "DELETE":
        services.take_away(creator=creator)
        return Response(status=204)
    found = Elsewhere.objects.shown().filter(stream__creator=creator).select_related("stream")
    mine = found.first()
    return Response(ElsewhereSerializer(mine).data) if mine else Response(status=204)


urlpatterns = [path("me/elsewhere/", elsewhere, name="api_elsewhere")]
