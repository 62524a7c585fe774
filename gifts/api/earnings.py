"""The API of earnings: totals and the statement."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import creator_of
from gifts.earnings import statement, sums
from wallet.api.amounts import AmountSerializer

MOST_LINES = 200


class SumsSerializer(serializers.Serializer[Any]):
    """The totals of a group of gifts."""

    gifts = serializers.IntegerField()
    coins = serializers.IntegerField()
    diamonds = serializers.IntegerField()
    usd = AmountSerializer()


class WaitingSerializer(serializers.Serializer[Any]):
    """Diamonds that become available on a given day."""

    day = serializers.DateField()
    diamonds = serializers.IntegerField()
    usd = AmountSerializer()


class SummarySerializer(serializers.Serializer[Any]):
    """A creator's diamonds: available, on hold, earned today and this month."""

    available = serializers.IntegerField()
    available_usd = AmountSerializer()
    held = serializers.IntegerField()
    held_usd = AmountSerializer()
    today = SumsSerializer()
    month = SumsSerializer()
    calendar = WaitingSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    """A gift of the statement: its price is tax, the platform's part and the creator's net.

    An anonymous gift has the site's value of its coins, before tax, in the creator's currency.
    """

    key = serializers.UUIDField(source="sent.public_id")
    at = serializers.DateTimeField(source="sent.created_at")
    gift = serializers.CharField(source="sent.gift.slug")
    quantity = serializers.IntegerField(source="sent.quantity")
    sender = serializers.CharField()
    coins = serializers.IntegerField(source="sent.coins")
    diamonds = serializers.IntegerField()
    price = AmountSerializer()
    tax = AmountSerializer(allow_null=True, help_text="Null for an anonymous gift.")
    platform = AmountSerializer(allow_null=True)
    net = AmountSerializer()
    state = serializers.ChoiceField(choices=["held", "released", "undone"])
    release_at = serializers.DateTimeField(source="sent.release_at")


class StatementSerializer(serializers.Serializer[Any]):
    """A page of the statement. Pass `next` as `before` to go on; null at the end."""

    lines = LineSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


@extend_schema(tags=["earnings"], responses=SummarySerializer)
@api_view(["GET"])
def summary(request: Request) -> Response:
    """Summarize what a creator has available, on hold, and earned."""
    return Response(SummarySerializer(sums.summary(creator_of(request))).data)


@extend_schema(
    tags=["earnings"],
    parameters=[
        OpenApiParameter("before", int, description="The `next` value of the previous page."),
        OpenApiParameter("limit", int, description="Lines per page, up to 200."),
    ],
    responses=StatementSerializer,
)
@api_view(["GET"])
def statement_lines(request: Request) -> Response:
    """List every gift with its price breakdown, newest first."""
    asked = StatementQuery(data=request.query_params)
    asked.is_valid(raise_exception=True)
    lines, following = statement.page_of(
        creator_of(request),
        before=asked.validated_data["before"],
        size=asked.validated_data["limit"],
    )
    return Response(StatementSerializer({"lines": lines, "next": following}).data)


class StatementQuery(serializers.Serializer[Any]):
    """The page of the statement."""

    before = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    limit = serializers.IntegerField(default=50, min_value=1, max_value=MOST_LINES)
