"""The API of earnings: totals and the statement."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import creator_of
from gifts.earnings import statement, sums
from wallet.api.amounts import AmountSerializer
from wallet.prices.diamonds import CreatorsMoney

MOST_LINES = 200


class SumsSerializer(serializers.Serializer[Any]):
    """The totals of a group of gifts."""

    gifts = serializers.IntegerField()
    coins = serializers.IntegerField()
    diamonds = serializers.IntegerField()
    earned = AmountSerializer(help_text="In your currency, each gift at the rate of its moment.")


class WaitingSerializer(serializers.Serializer[Any]):
    """Diamonds that become available on a given day."""

    day = serializers.DateField()
    diamonds = serializers.IntegerField()
    worth = AmountSerializer()


class RateSerializer(serializers.Serializer[Any]):
    """The exchange rate in force: so much of your currency for one US dollar."""

    currency = serializers.CharField()
    per_usd = serializers.DecimalField(max_digits=18, decimal_places=8)
    since = serializers.DateTimeField()


class SummarySerializer(serializers.Serializer[Any]):
    """A creator's diamonds: available, on hold, earned today and this month."""

    available = serializers.IntegerField(source="available.diamonds")
    available_worth = AmountSerializer(
        source="available.amount",
        help_text="What a payout of them would pay now, in your currency.",
    )
    held = serializers.IntegerField(source="held.diamonds")
    held_worth = AmountSerializer(source="held.amount")
    rate = RateSerializer()
    hold_reason = serializers.CharField(
        allow_null=True, help_text="Why gifts are on hold for longer; null if they aren't."
    )
    today = SumsSerializer(source="today.sums")
    month = SumsSerializer()
    calendar = WaitingSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    """A gift of the statement: its price is tax, the platform's part and the creator's net.

    All of it in the creator's currency at the rate of the gift's moment. An anonymous gift has the
    site's value of its coins, before tax.
    """

    key = serializers.UUIDField(source="sent.public_id")
    at = serializers.DateTimeField(source="sent.created_at")
    stream = serializers.UUIDField(source="sent.stream.public_id")
    as_guest = serializers.BooleanField(
        source="sent.to_guest", help_text="Whether you got it as a guest of somebody's stream."
    )
    moment = serializers.DateTimeField(
        source="sent.moment", allow_null=True, help_text="Of a gift on the stream's replay."
    )
    gift = serializers.CharField(source="sent.gift.slug")
    quantity = serializers.IntegerField(source="sent.quantity")
    sender = serializers.CharField()
    coins = serializers.IntegerField()
    diamonds = serializers.IntegerField()
    price = AmountSerializer()
    tax = AmountSerializer(allow_null=True, help_text="Null for an anonymous gift.")
    platform = AmountSerializer()
    net = AmountSerializer()
    fan_price = AmountSerializer(
        allow_null=True, help_text="In the fan's currency. Null for an anonymous gift."
    )
    fan_tax = AmountSerializer(allow_null=True)
    state = serializers.ChoiceField(choices=["held", "released", "undone", "frozen", "taken"])
    release_at = serializers.DateTimeField(source="sent.release_at")


class StatementSerializer(serializers.Serializer[Any]):
    """A page of the statement. Pass `next` as `before` to go on; null at the end."""

    lines = LineSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


@extend_schema(tags=["earnings"], responses=SummarySerializer)
@scopes(GET=Scope.READ)
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
@scopes(GET=Scope.READ)
@api_view(["GET"])
def statement_lines(request: Request) -> Response:
    """List every gift with its price breakdown, newest first."""
    asked = StatementQuery(data=request.query_params)
    asked.is_valid(raise_exception=True)
    creator = creator_of(request)
    lines, following = statement.page_of(
        creator,
        CreatorsMoney(creator),
        before=asked.validated_data["before"],
        size=asked.validated_data["limit"],
    )
    return Response(StatementSerializer({"lines": lines, "next": following}).data)


class StatementQuery(serializers.Serializer[Any]):
    """The page of the statement."""

    before = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    limit = serializers.IntegerField(default=50, min_value=1, max_value=MOST_LINES)
