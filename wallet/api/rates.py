"""The API of the public rate card."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from wallet.api.amounts import OfferSerializer
from wallet.models import RateCard
from wallet.prices import pricing
from wallet.promotions.offers import Promotions


class RateCardSerializer(serializers.ModelSerializer[RateCard]):
    """The worth of a coin and the payout of a diamond, from a given date."""

    class Meta:
        model = RateCard
        fields = (
            "code",
            "valid_from",
            "coin_value_micro_usd",
            "diamonds_per_coin",
            "diamond_payout_micro_usd",
            "creator_share_percent",
        )


class RatesSerializer(serializers.Serializer[Any]):
    """The current rate card, past and scheduled ones, and a country's packs."""

    current = RateCardSerializer()
    cards = RateCardSerializer(many=True)
    country = serializers.CharField()
    bundles = OfferSerializer(many=True)


@extend_schema(
    parameters=[OpenApiParameter("country", str, description="Two-letter country code, like DE.")],
    responses=RatesSerializer,
    tags=["rates"],
)
@api_view(["GET"])
@permission_classes([AllowAny])
def rates(request: Request) -> Response:
    """Get the public rate card and a country's packs."""
    asked = request.query_params.get("country", "")
    country = pricing.country_named(asked) or pricing.default_country()
    facts = {
        "current": RateCard.objects.current(),
        "cards": RateCard.objects.all(),
        "country": country.code,
        "bundles": pricing.price_list(country),
    }
    promotions = Promotions.now(None, country)
    return Response(RatesSerializer(facts, context={"promotions": promotions}).data)
