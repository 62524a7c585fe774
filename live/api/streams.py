"""The API of streams: which are live, one of them, its events."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from foundation.requests import number
from live.feed.tokens import LIFETIME_SECONDS, events_url
from live.models import Event, Stream
from live.streams import services
from live.streams.adults import require_watching
from live.streams.figures import with_figures

PAGE = 500


class StreamSerializer(serializers.ModelSerializer[Stream]):
    """A stream: scheduled, live or ended."""

    creator = serializers.CharField(source="creator.handle", read_only=True)
    creator_name = serializers.CharField(source="creator.name", read_only=True)
    poster = serializers.CharField(
        source="poster_url", read_only=True, help_text="A picture of it; may be empty."
    )
    viewers = serializers.IntegerField(read_only=True, help_text="People watching now.")
    supporters = serializers.IntegerField(
        source="supporters_now", read_only=True, help_text="People who sent a gift in this stream."
    )

    class Meta:
        model = Stream
        fields: ClassVar[list[str]] = [
            "public_id",
            "title",
            "topic",
            "language",
            "adults_only",
            "state",
            "creator",
            "creator_name",
            "poster",
            "scheduled_for",
            "started_at",
            "ended_at",
            "viewers",
            "supporters",
        ]


class EventSerializer(serializers.ModelSerializer[Event]):
    """An event in a room. Keep track of ids: an id may arrive twice."""

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = ["id", "kind", "payload", "created_at"]


class EventsSerializer(serializers.Serializer[Any]):
    """The address of the event stream, and the events so far."""

    url = serializers.CharField(
        help_text="Server-Sent Events. Add `&after=<last id>`; nothing is lost over a cut."
    )
    expires_in_seconds = serializers.IntegerField()
    events = EventSerializer(many=True)


@extend_schema(responses=StreamSerializer(many=True), tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def streams(request: Request) -> Response:
    """List the streams that are live now."""
    on_air = with_figures(Stream.objects.on_air().for_cards())
    return Response(StreamSerializer(on_air, many=True).data)


@extend_schema(responses=StreamSerializer, tags=["streams"])
@api_view(["GET"])
@permission_classes([AllowAny])
def stream(request: Request, public_id: UUID) -> Response:
    """Get one stream."""
    found = get_object_or_404(Stream.objects.for_cards(), public_id=public_id)
    return Response(StreamSerializer(with_figures([found])[0]).data)


@extend_schema(
    parameters=[OpenApiParameter("after", int, description="Only return events after this id.")],
    responses=EventsSerializer,
    tags=["streams"],
)
@api_view(["GET"])
@permission_classes([AllowAny])
def events(request: Request, public_id: UUID) -> Response:
    """Get the event stream URL and up to 500 events after an id, oldest first."""
    found = get_object_or_404(Stream, public_id=public_id)
    require_watching(request.user, found)
    after = number(request.query_params.get("after", "0"))
    if after is None:
        raise serializers.ValidationError(
            {"after": ["This is not an event’s id. Send the last id that you have."]}
        )
    answer = {
        "url": request.build_absolute_uri(events_url(found, "room")),
        "expires_in_seconds": LIFETIME_SECONDS,
        "events": found.events.filter(pk__gt=after).order_by("pk")[:PAGE],
    }
    return Response(EventsSerializer(answer).data)


class RescheduleSerializer(serializers.Serializer[Any]):
    """Another time for a stream that comes."""

    scheduled_for = serializers.DateTimeField()


@extend_schema(
    request=RescheduleSerializer,
    responses=StreamSerializer,
    description="Let your scheduled stream begin at another time. Its room shows it at once.",
    tags=["streams"],
)
@scopes(PUT=Scope.EARN)
@api_view(["PUT"])
def time(request: Request, public_id: UUID) -> Response:
    """Move your scheduled stream to another time."""
    creator = person_of(request)
    mine = get_object_or_404(Stream.objects.for_cards(), public_id=public_id, creator=creator)
    form = RescheduleSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    services.reschedule(creator=creator, stream=mine, **form.validated_data)
    mine.refresh_from_db(fields=["scheduled_for"])
    return Response(StreamSerializer(with_figures([mine])[0]).data)


urlpatterns = [
    path("streams/", streams, name="api_streams"),
    path("streams/<uuid:public_id>/", stream, name="api_stream"),
    path("me/streams/<uuid:public_id>/time/", time, name="api_stream_time"),
    path("streams/<uuid:public_id>/events/", events, name="api_events"),
]
