"""The API of replays: one of them, what was sent to it in time, a creator's rules."""

import math
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.creators import require_creator
from accounts.models import Scope, User
from accounts.requests import person_of
from foundation.errors import DomainError
from live.streams.adults import may_watch, require_watching
from video.models import Replay, VideoRules
from video.replays import events, rules, services
from video.replays.timeline import Part, parts_of

LONGEST_S = 7 * 24 * 3_600


class NotAPosition(DomainError):
    """What was asked for is no second of a replay."""

    code = "not_a_position"
    status = 422
    message = _("This is no place in the replay. Send a number of seconds from its beginning.")
    field = "at"


class PartSerializer(serializers.Serializer[Any]):
    """A part of a replay without a cut: its second `at` is the stream's moment `began`."""

    at = serializers.FloatField()
    began = serializers.SerializerMethodField()
    seconds = serializers.FloatField()

    def get_began(self, part: Part) -> datetime:
        """Return the moment of its first picture."""
        return datetime.fromtimestamp(part.began, UTC)


class ReplaySerializer(serializers.Serializer[Any]):
    """The video of a stream that has ended."""

    stream = serializers.UUIDField(source="stream.public_id")
    title = serializers.CharField(source="stream.title")
    seconds = serializers.FloatField(help_text="How long it lasts.")
    started_at = serializers.DateTimeField(source="stream.started_at")
    keep_until = serializers.DateTimeField(help_text="It is deleted then.")
    takes_gifts = serializers.BooleanField(source="stream.takes_gifts_on_replay")
    parts = serializers.SerializerMethodField(
        help_text="Where in the stream its seconds are: a gift on it is sent to a moment."
    )
    url = serializers.SerializerMethodField(
        help_text="The HLS playlist; empty to whom the stream is not for."
    )

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, replay: Replay) -> list[dict[str, Any]]:
        """Return the parts without a cut, in their order."""
        return list(PartSerializer(parts_of(replay), many=True).data)

    def get_url(self, replay: Replay) -> str:
        """Return the playlist's whole address; none to whom the stream is not for."""
        request = self.context["request"]
        allowed = may_watch(request.user, replay.stream)
        return str(request.build_absolute_uri(replay.address)) if allowed else ""


class MomentSerializer(serializers.Serializer[Any]):
    """A gift, a message, a thanks or a caption, at its second of the replay."""

    at = serializers.FloatField()
    id = serializers.IntegerField(source="event.pk")
    kind = serializers.CharField(source="event.kind")
    payload = serializers.DictField(source="event.payload")


class WindowSerializer(serializers.Serializer[Any]):
    """What was sent from a second on. Ask again with `until`."""

    events = MomentSerializer(source="moments", many=True)
    until = serializers.FloatField(help_text="All that was sent before this second is here.")


class VideoRulesSerializer(serializers.Serializer[Any]):
    """A creator's rules for their video."""

    keep_replays = serializers.BooleanField(help_text="Whether streams to come are kept.")
    clips_by = serializers.ChoiceField(
        VideoRules.Clippers.choices, required=False, help_text="Who makes clips beside you."
    )
    gifts_on_replays = serializers.BooleanField(
        required=False, help_text="Whether your replays take gifts."
    )


@extend_schema(responses=ReplaySerializer, tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def replay(request: Request, public_id: UUID) -> Response:
    """Get the replay of a stream."""
    found = get_object_or_404(
        Replay.objects.ready().select_related("stream"), stream__public_id=public_id
    )
    require_watching(request.user, found.stream)
    return Response(ReplaySerializer(found, context={"request": request}).data)


@extend_schema(request=None, responses={204: None}, tags=["streams"])
@scopes(DELETE=Scope.EARN)
@api_view(["DELETE"])
def own_replay(request: Request, public_id: UUID) -> Response:
    """Delete the replay of one of your streams for good."""
    mine = Replay.objects.of(person_of(request).pk)
    services.delete(replay=get_object_or_404(mine, stream__public_id=public_id))
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(
    parameters=[OpenApiParameter("at", float, description="From this second of the replay on.")],
    responses=WindowSerializer,
    tags=["streams"],
)
@api_view(["GET"])
@permission_classes([AllowAny])
def replay_events(request: Request, public_id: UUID) -> Response:
    """Get what was sent to a stream in half a minute of its replay, in time."""
    ready = Replay.objects.ready().select_related("stream")
    found = get_object_or_404(ready, stream__public_id=public_id)
    require_watching(request.user, found.stream)
    window = events.window(found, _position(request.query_params.get("at", "0")))
    answer = Response(WindowSerializer(window).data)
    kept = "private" if found.stream.adults_only else "public"
    answer["Cache-Control"] = f"{kept}, max-age=5"
    return answer


def _position(text: str) -> float:
    """Return the second that was typed into an address. Raises `NotAPosition`."""
    try:
        second = float(text) if len(text) < 20 else math.nan
    except ValueError:
        second = math.nan
    if not 0 <= second <= LONGEST_S:
        raise NotAPosition
    return second


@extend_schema(responses=ReplaySerializer(many=True), tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def replays(request: Request, handle: str) -> Response:
    """List the newest replays of a creator."""
    creator = get_object_or_404(User.objects.to_watch(), handle=handle)
    found = Replay.objects.ready().of(creator.pk)[:50]
    return Response(ReplaySerializer(found, many=True, context={"request": request}).data)


@extend_schema(methods=["GET"], responses=VideoRulesSerializer, tags=["streams"])
@extend_schema(
    methods=["PUT"],
    request=VideoRulesSerializer,
    responses=VideoRulesSerializer,
    tags=["streams"],
)
@scopes(GET=Scope.READ, PUT=Scope.EARN)
@api_view(["GET", "PUT"])
def video_rules(request: Request) -> Response:
    """Get or set the rules for your video."""
    creator = require_creator(person_of(request))
    if request.method == "PUT":
        form = VideoRulesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rules.set_rules(creator=creator, **form.validated_data)
    return Response(VideoRulesSerializer(rules.rules_of(creator)).data)


urlpatterns = [
    path("streams/<uuid:public_id>/replay/", replay, name="api_replay"),
    path("streams/<uuid:public_id>/replay/events/", replay_events, name="api_replay_events"),
    path("people/<slug:handle>/replays/", replays, name="api_replays"),
    path("me/replays/<uuid:public_id>/", own_replay, name="api_own_replay"),
    path("me/video/", video_rules, name="api_video_rules"),
]
