"""The API of the gift catalogue: what can be sent, for how much, by whom."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from gifts.models import Gift
from gifts.tray.tiles import tiles_for
from live.models import Stream
from wallet.api.amounts import AmountSerializer


class TileSerializer(serializers.Serializer[Any]):
    """A gift in the catalogue with its prices for the reader."""

    slug = serializers.CharField(source="gift.slug")
    name = serializers.CharField(source="gift.name")
    alt = serializers.CharField(source="gift.alt")
    kind = serializers.ChoiceField(source="gift.kind", choices=Gift.Kind.choices)
    duration_ms = serializers.IntegerField(source="gift.duration_ms")
    combo = serializers.BooleanField(source="gift.combo")
    art = serializers.CharField(
        source="gift.art",
        help_text="Picture: path under the static address; with a / in front, on this site.",
    )
    motion = serializers.CharField(
        source="gift.motion",
        help_text="Animation that staff uploaded: Lottie, WebM or APNG; or nothing.",
    )
    coins = serializers.IntegerField()
    price = AmountSerializer(help_text="What these coins cost the reader, tax included.")
    creator_gets = AmountSerializer(help_text="What reaches the creator.")
    needs_confirmation = serializers.BooleanField(
        help_text="Send it with `confirmed`. The reader's own threshold is in this."
    )
    needs_holding = serializers.BooleanField(help_text="The tray wants the button held.")
    needs_second_yes = serializers.BooleanField(help_text="And a second press after it.")
    message_length = serializers.IntegerField(help_text="Characters that its message can have.")
    available_from = serializers.DateTimeField(source="gift.available_from", allow_null=True)
    available_until = serializers.DateTimeField(source="gift.retired_at", allow_null=True)
    countries = serializers.ListField(
        child=serializers.CharField(),
        source="gift.countries",
        help_text="Only for people who live here; empty is everywhere.",
    )
    from_level = serializers.IntegerField(
        source="gift.from_level", help_text="Supporter level from which it opens; 0 is everybody."
    )
    club_only = serializers.BooleanField(source="gift.club_only")
    locked = serializers.CharField(
        help_text="Why the reader cannot send it now and what opens it; or nothing."
    )


class CatalogueQuery(serializers.Serializer[Any]):
    """The stream for which gifts are listed."""

    stream = serializers.UUIDField(default=None, allow_null=True)


@extend_schema(
    tags=["gifts"],
    parameters=[
        OpenApiParameter(
            "stream", UUID, description="Also lock gifts that are only for this creator's club."
        )
    ],
    responses=TileSerializer(many=True),
)
@api_view(["GET"])
@permission_classes([AllowAny])
def catalogue(request: Request) -> Response:
    """List the gifts on offer, with coins, the reader's money, what a creator gets, and locks."""
    asked = CatalogueQuery(data=request.query_params)
    asked.is_valid(raise_exception=True)
    room = asked.validated_data["stream"]
    creator = (
        get_object_or_404(Stream.objects.for_cards(), public_id=room).creator if room else None
    )
    tiles = tiles_for(request.user, Gift.objects.on_offer(), creator=creator)
    return Response(TileSerializer(tiles, many=True).data)
