"""The API of chat: say something in a room, hide what was said."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from live.api.streams import EventSerializer
from live.chat.messages import LONGEST_MESSAGE, say
from live.models import Event, Stream
from live.moderation import hiding


class SaySerializer(serializers.Serializer[Any]):
    """A chat message."""

    text = serializers.CharField(
        max_length=None, help_text=f"At most {LONGEST_MESSAGE} characters."
    )


@extend_schema(request=SaySerializer, responses={201: EventSerializer}, tags=["streams"])
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def chat(request: Request, public_id: UUID) -> Response:
    """Post a chat message, at most one per second."""
    found = get_object_or_404(Stream, public_id=public_id)
    form = SaySerializer(data=request.data)
    form.is_valid(raise_exception=True)
    said = say(user=person_of(request), stream=found, text=form.validated_data["text"])
    return Response(EventSerializer(said).data, status=status.HTTP_201_CREATED)


@extend_schema(request=None, responses={204: None}, tags=["moderation"])
@scopes(POST=Scope.EARN)
@api_view(["POST"])
def hide_line(request: Request, public_id: UUID, event_id: int) -> Response:
    """Hide a chat message for everyone, as the creator or a moderator."""
    said = Event.objects.filter(kind="chat", stream__public_id=public_id)
    line = get_object_or_404(said.select_related("stream__creator"), pk=event_id)
    hiding.hide_line(by=person_of(request), line=line)
    return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("streams/<uuid:public_id>/chat/", chat, name="api_chat"),
    path("streams/<uuid:public_id>/lines/<int:event_id>/hide/", hide_line, name="api_hide_line"),
]
