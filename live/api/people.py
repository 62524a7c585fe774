"""The API of creators' pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from live.api.streams import StreamSerializer
from live.streams.figures import with_figures


class PersonSerializer(serializers.Serializer[Any]):
    """A creator as everybody sees them. An empty picture: their initial, or a drawn scene."""

    handle = serializers.CharField()
    name = serializers.CharField()
    bio = serializers.CharField(source="creator.bio")
    picture = serializers.CharField(source="creator.face")
    cover = serializers.CharField(source="creator.cover_url")
    streams = serializers.SerializerMethodField(help_text="Live now, then scheduled.")

    @extend_schema_field(StreamSerializer(many=True))
    def get_streams(self, creator: User) -> list[dict[str, Any]]:
        """Return what can be watched, and what comes."""
        theirs = creator.streams.for_cards()
        coming = [*theirs.on_air(), *theirs.soon()[:8]]
        return list(StreamSerializer(with_figures(coming), many=True).data)


@extend_schema(responses=PersonSerializer, tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def person(request: Request, handle: str) -> Response:
    """Get a creator's page: name, bio, pictures, and what is live or scheduled."""
    creator = get_object_or_404(User.objects.to_watch().select_related("creator"), handle=handle)
    return Response(PersonSerializer(creator).data)


urlpatterns = [path("people/<slug:handle>/", person, name="api_person")]
