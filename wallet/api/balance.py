"""The API of a fan's balance and its history."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from foundation.requests import number
from wallet.api.amounts import AmountSerializer
from wallet.bonus import lots
from wallet.coins import history
from wallet.coins.balance import coin_balance
from wallet.prices import pricing

MOST_ENTRIES = 100


class BonusSerializer(serializers.Serializer[Any]):
    """Bonus coins that end together, and are not spent."""

    coins = serializers.IntegerField()
    until = serializers.DateTimeField(source="expires_at")


class WalletSerializer(serializers.Serializer[Any]):
    """The fan's balance. Bonus coins are spent first; held coins wait for a refund or a dispute."""

    coins = serializers.IntegerField()
    bonus_coins = serializers.IntegerField()
    bonuses = BonusSerializer(many=True, help_text="The bonus coins, those that end first first.")
    coins_held = serializers.IntegerField()
    worth = AmountSerializer(help_text="What the coins cost this fan, tax included.")


class EntrySerializer(serializers.Serializer[Any]):
    """One line of the history, with the balance after it."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.CharField()
    words = serializers.CharField()
    at = serializers.DateTimeField()
    coins = serializers.IntegerField(help_text="What came; negative for what went.")
    balance = serializers.IntegerField()


class HistorySerializer(serializers.Serializer[Any]):
    """A page of the history; `next` is the `before` of the next page."""

    entries = EntrySerializer(many=True)
    next = serializers.CharField(source="before", allow_null=True)


@extend_schema(responses=WalletSerializer, tags=["wallet"])
@scopes(GET=Scope.READ)
@api_view(["GET"])
def wallet(request: Request) -> Response:
    """Get the fan's balance."""
    fan = person_of(request)
    coins = coin_balance(fan)
    worth = pricing.coins_in_fan_money(coins["coins"], fan)
    bonuses = lots.unspent(fan.pk)
    return Response(WalletSerializer({**coins, "bonuses": bonuses, "worth": worth}).data)


@extend_schema(
    parameters=[OpenApiParameter("before", str), OpenApiParameter("limit", int)],
    responses=HistorySerializer,
    tags=["wallet"],
)
@scopes(GET=Scope.READ)
@api_view(["GET"])
def wallet_history(request: Request) -> Response:
    """List the wallet history, newest first."""
    before = request.query_params.get("before", "")
    limit = min(number(request.query_params.get("limit", "")) or history.PER_PAGE, MOST_ENTRIES)
    return Response(
        HistorySerializer(history.page(person_of(request), before=before, limit=limit)).data
    )
