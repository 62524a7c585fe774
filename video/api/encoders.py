"""The API of what is live: the picture of a room, a creator's way in for encoders."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.creators import require_creator
from accounts.models import Scope
from accounts.requests import person_of
from live.models import Stream
from live.streams.adults import require_watching
from video import pictures, stream_keys


class OnePictureSerializer(serializers.Serializer[Any]):
    """A picture of a room."""

    state = serializers.CharField(
        help_text="`live`, `gap` (back in a moment), `elsewhere`, or empty."
    )
    url = serializers.CharField(
        help_text="The HLS playlist while it is live; the other server's address."
    )


class GuestPictureSerializer(OnePictureSerializer):
    """The picture of a guest."""

    id = serializers.UUIDField()


class PictureSerializer(OnePictureSerializer):
    """The pictures of a room. The events `picture` and `guest_picture` say when one changes."""

    kind = serializers.CharField(help_text="Of `elsewhere`: `hls`, or whose page a frame shows.")
    guests = GuestPictureSerializer(many=True, help_text="Of those who are on, by seat.")


class EncoderSerializer(serializers.Serializer[Any]):
    """A creator's way in for OBS and other encoders, and how the last broadcast goes."""

    server = serializers.CharField(help_text="The address to type into the encoder.")
    key_ending = serializers.CharField(help_text="The last four letters of the key in force.")
    state = serializers.CharField(help_text="`connecting`, `live`, `gap`, `ended`, or empty.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    trouble = serializers.CharField(help_text="The code of what ended it, if something did.")
    trouble_detail = serializers.CharField(help_text="The same in words, with what to do next.")


class NewStreamKeySerializer(serializers.Serializer[Any]):
    """A new stream key, shown this once."""

    key = serializers.CharField()


@extend_schema(responses=PictureSerializer, tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def picture(request: Request, public_id: UUID) -> Response:
    """Get what the room's player shows."""
    found = get_object_or_404(Stream, public_id=public_id)
    require_watching(request.user, found)
    shown = pictures.picture_of(found)
    url, kind = _whole(request, shown.src), ""
    if shown.elsewhere:
        url, kind = shown.elsewhere.address, shown.elsewhere.kind
    guests = [
        {"id": one["id"], "state": one["state"], "url": _whole(request, one["src"])}
        for one in pictures.guests_of(found)
    ]
    answer = {"state": shown.state, "url": url, "kind": kind, "guests": guests}
    return Response(PictureSerializer(answer).data)


def _whole(request: Request, src: str) -> str:
    return request.build_absolute_uri(src) if src else ""


@extend_schema(responses=EncoderSerializer, tags=["streams"])
@scopes(GET=Scope.READ)
@api_view(["GET"])
def encoder(request: Request) -> Response:
    """Get the address for your encoder, and how your broadcast goes."""
    mine = pictures.encoder_of(require_creator(person_of(request)))
    last = mine.last
    answer = {
        "server": mine.server,
        "key_ending": mine.key.ending if mine.key else "",
        "state": last.state if last else "",
        "width": last.width if last else None,
        "height": last.height if last else None,
        "trouble": last.trouble if last else "",
        "trouble_detail": mine.trouble,
    }
    return Response(EncoderSerializer(answer).data)


@extend_schema(
    request=None,
    responses={201: NewStreamKeySerializer},
    description="Create a stream key. The one before stops working, and its broadcast ends.",
    tags=["streams"],
)
@scopes(POST=Scope.EARN)
@api_view(["POST"])
def stream_key(request: Request) -> Response:
    """Create a stream key."""
    key = stream_keys.rotate(creator=person_of(request))
    answer = Response(NewStreamKeySerializer({"key": key}).data, status=201)
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("streams/<uuid:public_id>/picture/", picture, name="api_picture"),
    path("me/encoder/", encoder, name="api_encoder"),
    path("me/encoder/key/", stream_key, name="api_stream_key"),
]
