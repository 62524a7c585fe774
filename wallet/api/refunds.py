"""The API of refunds: what of an order goes back, and asking for it."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from foundation.jobs import nudge
from wallet import tasks
from wallet.api.amounts import AmountSerializer
from wallet.models import Refund
from wallet.refunds import requests
from wallet.refunds.unused import returnable


class RefundSerializer(serializers.ModelSerializer[Refund]):
    """Coins of an order that go back for their money."""

    total = AmountSerializer()

    class Meta:
        model = Refund
        fields = ("public_id", "key", "state", "coins", "total", "reason", "created_at", "done_at")


class ReturnableSerializer(serializers.Serializer[Any]):
    """What of an order can go back now, and what went."""

    coins = serializers.IntegerField(help_text="Coins that can be returned now.")
    money = AmountSerializer(help_text="What they would bring, tax included.")
    until = serializers.DateTimeField(help_text="The end of the withdrawal period.")
    unused = serializers.IntegerField()
    spent = serializers.IntegerField()
    by_staff = serializers.IntegerField(
        help_text="Unused coins of a prepaid card: staff give them back if the fan asks in time."
    )
    refunds = serializers.SerializerMethodField()

    @extend_schema_field(RefundSerializer(many=True))
    def get_refunds(self, offer: Any) -> Any:
        """Return the order's refunds, oldest first."""
        return RefundSerializer(offer.purchase.refunds.order_by("pk"), many=True).data


class ReturnSerializer(serializers.Serializer[Any]):
    """Coins to return. The same `key` returns them once; without `coins`, all unused ones."""

    key = serializers.UUIDField(help_text="Made by the client, one for each press.")
    coins = serializers.IntegerField(required=False, min_value=1)


@extend_schema(
    methods=["GET"],
    description="Get what of a paid order can be returned, and its refunds.",
    responses=ReturnableSerializer,
    tags=["wallet"],
)
@extend_schema(
    methods=["POST"],
    description="Return unused coins of an order. Repeating the same key returns them once.",
    request=ReturnSerializer,
    responses={201: RefundSerializer},
    tags=["wallet"],
)
@scopes(GET=Scope.READ, POST=Scope.SEND)
@api_view(["GET", "POST"])
def refunds(request: Request, public_id: UUID) -> Response:
    """Tell what of one of the fan's orders can go back, or return it."""
    purchase = get_object_or_404(person_of(request).purchases, public_id=public_id)
    if request.method == "GET":
        return Response(ReturnableSerializer(returnable(purchase)).data)
    form = ReturnSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    wish = form.validated_data
    refund = requests.withdraw(purchase=purchase, key=wish["key"], coins=wish.get("coins"))
    nudge(tasks.sweep)
    return Response(RefundSerializer(refund).data, status=status.HTTP_201_CREATED)
