"""The API of guests: who is on, becoming one, and what creators and moderators decide."""

from typing import Any, ClassVar
from uuid import UUID

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
from accounts.requests import creator_of, person_of
from live import seats
from live.chat.words import room_rules_of
from live.guests import asking, hosting, rules
from live.models import Guest, RoomRules, Stream
from live.moderation.moderators import require_moderator
from live.streams.adults import require_watching


class GuestSerializer(serializers.ModelSerializer[Guest]):
    """A guest: asks, is invited, is on, or is gone."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    handle = serializers.CharField(source="user.handle", read_only=True)
    stream = serializers.UUIDField(source="stream.public_id", read_only=True)

    class Meta:
        model = Guest
        fields: ClassVar[list[str]] = [
            *("id", "stream", "handle", "state", "seat", "muted", "joined_at", "ended_at")
        ]


class SeatedSerializer(serializers.Serializer[Any]):
    """A guest who is on, as the room shows them."""

    id = serializers.UUIDField()
    seat = serializers.IntegerField()
    name = serializers.CharField(help_text="Empty where the creator's words leave none to show.")
    handle = serializers.CharField()
    person = serializers.UUIDField()
    picture = serializers.CharField(help_text="Beside the name; empty: their initial.")
    muted = serializers.BooleanField()


class MuteSerializer(serializers.Serializer[Any]):
    """Whether a guest is muted."""

    muted = serializers.BooleanField()


class RuleSerializer(serializers.Serializer[Any]):
    """Who may become a guest in my streams."""

    guests = serializers.ChoiceField(choices=RoomRules.Guests.choices)


class MineSerializer(RuleSerializer):
    """The rule, and everybody who asks, is invited or is on in my stream that is live."""

    open = GuestSerializer(many=True)


@extend_schema(
    operation_id="v1_streams_guests_list", responses=SeatedSerializer(many=True), tags=["guests"]
)
@api_view(["GET"])
@permission_classes([AllowAny])
def seated(request: Request, public_id: UUID) -> Response:
    """List the guests who are on, by seat."""
    stream = get_object_or_404(Stream, public_id=public_id)
    require_watching(request.user, stream)
    return Response(SeatedSerializer(seats.shown(stream), many=True).data)


@extend_schema(methods=["GET"], description="Get my way into this stream; 404 where there is none.")
@extend_schema(
    methods=["PUT"],
    description="Ask to join, or accept an invitation. Repeating this changes nothing.",
    request=None,
)
@extend_schema(
    methods=["DELETE"],
    description="Take the question back, say no, or leave. Repeating this changes nothing.",
    responses={204: None},
)
@extend_schema(responses=GuestSerializer, tags=["guests"])
@scopes(GET=Scope.READ, PUT=Scope.SEND, DELETE=Scope.SEND)
@api_view(["GET", "PUT", "DELETE"])
def own(request: Request, public_id: UUID) -> Response:
    """Become a guest, or be none any more."""
    stream = get_object_or_404(Stream.objects.select_related("creator"), public_id=public_id)
    user = person_of(request)
    if request.method == "DELETE":
        asking.leave(user=user, stream=stream)
        return Response(status=status.HTTP_204_NO_CONTENT)
    guest = asking.guest_of(user, stream)
    if request.method == "PUT":
        invited = guest is not None and guest.state == Guest.State.INVITED
        guest = (asking.join if invited else asking.ask)(user=user, stream=stream)
    if guest is None:
        return Response(status=status.HTTP_404_NOT_FOUND)
    return Response(GuestSerializer(guest).data)


@extend_schema(
    methods=["PUT"],
    description="Invite a person, or let in who asks. Repeating this changes nothing.",
    request=None,
)
@extend_schema(
    methods=["PATCH"],
    description="Mute or unmute a guest, as the creator or a moderator.",
    request=MuteSerializer,
)
@extend_schema(
    methods=["DELETE"],
    description="Remove a guest, as the creator or a moderator; as the creator also say no to who "
    "asks, and take an invitation back. Repeating this changes nothing.",
    responses={204: None},
)
@extend_schema(responses=GuestSerializer, tags=["guests"])
@scopes(PUT=Scope.EARN, PATCH=Scope.EARN, DELETE=Scope.EARN)
@api_view(["PUT", "PATCH", "DELETE"])
def one(request: Request, public_id: UUID, handle: str) -> Response:
    """Decide about one person in a stream."""
    by = person_of(request)
    stream = get_object_or_404(Stream.objects.select_related("creator"), public_id=public_id)
    if request.method == "PUT":
        creator = creator_of(request)
        mine = get_object_or_404(Stream, pk=stream.pk, creator=creator)
        user = get_object_or_404(User, handle=handle)
        invited = hosting.invite(creator=creator, stream=mine, user=user)
        return Response(GuestSerializer(invited).data)
    require_moderator(user=by, stream=stream)  # before anybody learns who asks or was invited
    guests = stream.guests.open().select_related("user", "stream")
    guest = get_object_or_404(guests, user__handle=handle)
    if request.method == "PATCH":
        form = MuteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        guest = hosting.mute(by=by, stream=stream, guest=guest, **form.validated_data)
        return Response(GuestSerializer(guest).data)
    hosting.remove(by=by, stream=stream, guest=guest)
    if by.pk == stream.creator_id:
        hosting.refuse(creator=by, stream=stream, guest=guest)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(methods=["GET"], operation_id="v1_me_guests_list")
@extend_schema(methods=["PUT"], operation_id="v1_me_guests_rule", request=RuleSerializer)
@extend_schema(responses=MineSerializer, tags=["guests"])
@scopes(GET=Scope.READ, PUT=Scope.EARN)
@api_view(["GET", "PUT"])
def mine(request: Request) -> Response:
    """Who may become my guest, and who asks, is invited or is on now."""
    creator = creator_of(request)
    if request.method == "PUT":
        form = RuleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rules.change_rule(creator=creator, **form.validated_data)
    found = Guest.objects.open().filter(stream__creator=creator).select_related("user", "stream")
    answer = {"guests": room_rules_of(creator).guests, "open": found.order_by("pk")}
    return Response(MineSerializer(answer).data)


urlpatterns = [
    path("streams/<uuid:public_id>/guests/", seated, name="api_guests"),
    path("streams/<uuid:public_id>/guest/", own, name="api_guest_own"),
    path("streams/<uuid:public_id>/guests/<slug:handle>/", one, name="api_guest"),
    path("me/guests/", mine, name="api_guests_mine"),
]
