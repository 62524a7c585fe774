"""The API of care: what closing one's account would mean. It is closed on its page alone, which
asks for the password; and a guardian's case is no matter for programs.
"""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import person_of
from care.closing.offers import offer_of
from wallet.api.amounts import AmountSerializer


class OrderOfferSerializer(serializers.Serializer[Any]):
    """A paid order with coins left, and what closing gives back of it."""

    order = serializers.UUIDField(source="purchase.public_id")
    coins = serializers.IntegerField()
    money = AmountSerializer(help_text="What goes back for them, tax included.")
    why_not = serializers.CharField(help_text="Why nothing goes back; empty where it does.")


class ClosingOfferSerializer(serializers.Serializer[Any]):
    """What closing the account would mean now."""

    orders = OrderOfferSerializer(many=True)
    coins_lost = serializers.IntegerField(help_text="Paid coins that would not go back.")
    bonus_lost = serializers.IntegerField(source="bonus")
    diamonds_lost = serializers.IntegerField(source="diamonds")
    blocks = serializers.ListField(
        child=serializers.CharField(), help_text="What must come to its end first, in sentences."
    )


@extend_schema(
    description="Get what closing your account would mean. It is closed on its page only.",
    responses=ClosingOfferSerializer,
    tags=["me"],
)
@scopes(GET=Scope.READ)
@api_view(["GET"])
def closing(request: Request) -> Response:
    """Tell what would go back, what would be lost, and what is in the way."""
    user = User.objects.select_related("country__region").get(pk=person_of(request).pk)
    return Response(ClosingOfferSerializer(offer_of(user)).data)


urlpatterns = [path("me/closing/", closing, name="api_closing")]
