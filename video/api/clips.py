"""The API of clips: make one, get one, delete one, list a creator's."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import person_of
from live.models import Stream
from live.streams.adults import may_watch, require_watching
from video.clips import rights, services
from video.models import Clip


class NewClipSerializer(serializers.Serializer[Any]):
    """A clip to make."""

    title = serializers.CharField(max_length=None)
    seconds = serializers.FloatField(help_text="5 to 60.")
    at = serializers.FloatField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Where in the replay it begins. Without it: the last seconds of what is live.",
    )


class ClipSerializer(serializers.Serializer[Any]):
    """Up to a minute of a stream."""

    public_id = serializers.UUIDField()
    stream = serializers.UUIDField(source="stream.public_id")
    title = serializers.CharField()
    state = serializers.CharField(help_text="`waiting`, `ready`, or `failed`.")
    seconds = serializers.FloatField()
    began = serializers.DateTimeField(help_text="When what it shows began.")
    by = serializers.SerializerMethodField(help_text="The handle of who made it; may be empty.")
    url = serializers.SerializerMethodField(help_text="The HLS playlist, once it is ready.")
    poster = serializers.SerializerMethodField(help_text="Its picture; may be empty.")

    def get_by(self, clip: Clip) -> str:
        """Return who made it, unless the account is closed."""
        return clip.by.handle if clip.by and clip.by.is_active else ""

    def get_url(self, clip: Clip) -> str:
        """Return the playlist's whole address."""
        ready = clip.state == Clip.State.READY and self._allowed(clip)
        return self._whole(clip.address) if ready else ""

    def get_poster(self, clip: Clip) -> str:
        """Return the picture's whole address."""
        shown = clip.poster_url and self._allowed(clip)
        return self._whole(clip.poster_url) if shown else ""

    def _allowed(self, clip: Clip) -> bool:
        return may_watch(self.context["request"].user, clip.stream)

    def _whole(self, address: str) -> str:
        return str(self.context["request"].build_absolute_uri(address))


@extend_schema(
    request=NewClipSerializer,
    responses={201: ClipSerializer},
    description="Make a clip. Its files are there within seconds: get it until it is `ready`.",
    tags=["streams"],
)
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def make(request: Request, public_id: UUID) -> Response:
    """Make a clip of a stream that is live, or of its replay."""
    stream = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    form = NewClipSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    made = services.make(by=person_of(request), stream=stream, **form.validated_data)
    answer = ClipSerializer(made, context={"request": request})
    return Response(answer.data, status=status.HTTP_201_CREATED)


@extend_schema(responses=ClipSerializer, tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def clip(request: Request, public_id: UUID) -> Response:
    """Get a clip."""
    known = Clip.objects.exclude(state=Clip.State.REMOVED).select_related("stream", "by")
    found = get_object_or_404(known, public_id=public_id)
    require_watching(request.user, found.stream)
    return Response(ClipSerializer(found, context={"request": request}).data)


@extend_schema(request=None, responses={204: None}, tags=["streams"])
@scopes(DELETE=Scope.SEND)
@api_view(["DELETE"])
def own_clip(request: Request, public_id: UUID) -> Response:
    """Delete a clip that you made, or one of your streams, for good."""
    found = get_object_or_404(Clip.objects.select_related("stream"), public_id=public_id)
    if not rights.may_delete(person_of(request), found):
        raise Http404
    services.delete(clip=found)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(responses=ClipSerializer(many=True), tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def clips(request: Request, handle: str) -> Response:
    """List the newest clips of a creator's streams."""
    creator = get_object_or_404(User.objects.to_watch(), handle=handle)
    found = Clip.objects.ready().of(creator.pk)[:50]
    return Response(ClipSerializer(found, many=True, context={"request": request}).data)


urlpatterns = [
    path("streams/<uuid:public_id>/clips/", make, name="api_make_clip"),
    path("clips/<uuid:public_id>/", clip, name="api_clip"),
    path("me/clips/<uuid:public_id>/", own_clip, name="api_own_clip"),
    path("people/<slug:handle>/clips/", clips, name="api_clips"),
]
