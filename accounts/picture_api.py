"""The API of a creator's own pictures."""

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Creator, Part, Scope, User
from accounts.pictures import services
from accounts.pictures.pace import keep_pace
from accounts.pictures.refusals import PictureMissing
from accounts.requests import creator_of
from foundation.parsers import BoundedParser


class PicturesSerializer(serializers.Serializer[Any]):
    """A creator's own pictures. Empty: the initial, or a drawn scene, stands there."""

    picture = serializers.CharField(source="face", help_text="Beside your name.")
    cover = serializers.CharField(source="cover_url", help_text="Across your page.")
    poster = serializers.CharField(
        source="poster_url", help_text="Your streams, before and without video."
    )


class UploadSerializer(serializers.Serializer[Any]):
    """A picture: JPEG, PNG or WebP, up to 5 MB, 40 million pixels."""

    file = serializers.FileField()


@extend_schema(tags=["me"], responses=PicturesSerializer)
@scopes(GET=Scope.READ)
@api_view(["GET"])
def pictures(request: Request) -> Response:
    """Get the addresses of your own pictures."""
    return Response(_shown(creator_of(request)))


@extend_schema(
    methods=["PUT"],
    description="Set your `picture`, `cover` or `poster`. The one before is deleted.",
    request={"multipart/form-data": UploadSerializer},
    responses=PicturesSerializer,
)
@extend_schema(
    methods=["DELETE"],
    description="Remove your `picture`, `cover` or `poster`. Repeating this changes nothing.",
    responses=PicturesSerializer,
)
@extend_schema(tags=["me"])
@scopes(PUT=Scope.SEND, DELETE=Scope.SEND)
@api_view(["PUT", "DELETE"])
@parser_classes([MultiPartParser, BoundedParser])
def one(request: Request, part: str) -> Response:
    """Set or remove one of your pictures."""
    creator = creator_of(request)
    if part not in Part.values:
        raise Http404
    if request.method == "DELETE":
        services.remove_picture(creator=creator, part=Part(part))
        return Response(_shown(creator))
    file = request.FILES.get("file")
    if file is None:
        raise PictureMissing
    keep_pace(request._request, creator)
    services.save_picture(creator=creator, part=Part(part), file=file)
    return Response(_shown(creator))


def _shown(creator: User) -> Any:
    return PicturesSerializer(Creator.objects.get(user=creator)).data


urlpatterns = [
    path("me/pictures/", pictures, name="api_pictures"),
    path("me/pictures/<slug:part>/", one, name="api_picture"),
]
