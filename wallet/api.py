"""The API of the wallet: balance, history, packs, purchases, rates. As the pages do."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.requests import person_of
from foundation.money import exact
from foundation.requests import number
from wallet.coins import history
from wallet.coins.balance import coin_balance
from wallet.models import Bundle, Purchase, RateCard
from wallet.prices import pricing
from wallet.prices.quotes import UnknownCurrency
from wallet.purchases import buying

MOST_ENTRIES = 100
MOST_ORDERS = 100


class AmountSerializer(serializers.Serializer[Any]):
    """An amount of money: a decimal in a string, with its currency's digits or more."""

    amount = serializers.SerializerMethodField()
    currency = serializers.CharField(source="currency.code")

    def get_amount(self, money: Money) -> str:
        """Return the decimal, exactly, never a float."""
        return exact(money)


class WalletSerializer(serializers.Serializer[Any]):
    """The fan's balance. Bonus coins are spent first; held coins wait for a refund or a dispute."""

    coins = serializers.IntegerField()
    bonus_coins = serializers.IntegerField()
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


class OfferSerializer(serializers.Serializer[Any]):
    """A pack and where its price goes: tax, fee, platform and creator add up to the total."""

    bundle = serializers.IntegerField(source="bundle.pk")
    coins = serializers.IntegerField()
    total = AmountSerializer()
    net = AmountSerializer()
    tax = AmountSerializer()
    tax_name = serializers.CharField()
    tax_rate_bp = serializers.IntegerField(help_text="Hundredths of a percent.")
    per_coin = AmountSerializer()
    fee = AmountSerializer(help_text="What the payment service is expected to take.")
    platform = AmountSerializer()
    creator_gets = AmountSerializer()


class PurchaseSerializer(serializers.ModelSerializer[Purchase]):
    """An order of coins. The coins are in the wallet once `captured_at` is set."""

    total = AmountSerializer()
    net = AmountSerializer()
    tax = AmountSerializer()
    pay_url = serializers.SerializerMethodField(
        help_text="Where the fan pays, while the order waits."
    )

    class Meta:
        model = Purchase
        fields = (
            "public_id",
            "key",
            "state",
            "coins",
            "total",
            "net",
            "tax",
            "tax_name",
            "tax_rate_bp",
            "method",
            "created_at",
            "captured_at",
            "pay_url",
        )

    def get_pay_url(self, purchase: Purchase) -> str | None:
        """Return the pay page's address as the provider gave it, where it was just opened."""
        url = self.context.get("pay_url")
        return str(self.context["request"].build_absolute_uri(url)) if url else None


class BuySerializer(serializers.Serializer[Any]):
    """An order to place: a pack or a number of coins. The same `key` places it once."""

    key = serializers.UUIDField(help_text="Made by the client, one for each press.")
    method = serializers.CharField(max_length=24)
    bundle = serializers.IntegerField(required=False)
    coins = serializers.IntegerField(required=False)
    currency = serializers.CharField(
        max_length=3, required=False, help_text="If given, it must be the currency of your region."
    )
    total_minor = serializers.IntegerField(
        required=False, help_text="If given, the order is refused when the price has changed."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a pack or an amount, not both."""
        if ("bundle" in attrs) == ("coins" in attrs):
            raise serializers.ValidationError(
                {"coins": [str(_("Send either a bundle or a number of coins, not both."))]}
            )
        return attrs


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


@extend_schema(responses=WalletSerializer, tags=["wallet"])
@api_view(["GET"])
def wallet(request: Request) -> Response:
    """Get the fan's balance."""
    fan = person_of(request)
    coins = coin_balance(fan)
    worth = pricing.coins_in_fan_money(coins["coins"], fan)
    return Response(WalletSerializer({**coins, "worth": worth}).data)


@extend_schema(
    parameters=[OpenApiParameter("before", str), OpenApiParameter("limit", int)],
    responses=HistorySerializer,
    tags=["wallet"],
)
@api_view(["GET"])
def wallet_history(request: Request) -> Response:
    """List the wallet history, newest first."""
    before = request.query_params.get("before", "")
    limit = min(number(request.query_params.get("limit", "")) or history.PER_PAGE, MOST_ENTRIES)
    return Response(
        HistorySerializer(history.page(person_of(request), before=before, limit=limit)).data
    )


@extend_schema(responses=OfferSerializer(many=True), tags=["wallet"])
@api_view(["GET"])
def bundles(request: Request) -> Response:
    """List the packs in the fan's region with their prices."""
    offers = pricing.price_list(pricing.country_of(person_of(request)))
    return Response(OfferSerializer(offers, many=True).data)


@extend_schema(
    methods=["GET"],
    description="List your most recent orders.",
    responses=PurchaseSerializer(many=True),
    tags=["wallet"],
)
@extend_schema(
    methods=["POST"],
    description="Place an order. Repeating the same key never places a second order.",
    request=BuySerializer,
    responses={201: PurchaseSerializer},
    tags=["wallet"],
)
@api_view(["GET", "POST"])
def orders(request: Request) -> Response:
    """List the fan's most recent orders, or place one."""
    fan = person_of(request)
    if request.method == "GET":
        newest = fan.purchases.order_by("-id")[:MOST_ORDERS]
        return Response(PurchaseSerializer(newest, many=True, context={"request": request}).data)
    form = BuySerializer(data=request.data)
    form.is_valid(raise_exception=True)
    purchase = place(fan, form.validated_data)
    url = buying.start(purchase).url if purchase.is_open else None
    answer = PurchaseSerializer(purchase, context={"request": request, "pay_url": url})
    return Response(answer.data, status=status.HTTP_201_CREATED)


def place(fan: User, wish: dict[str, Any]) -> Purchase:
    """Place the order a client asked for. Raises what the services raise."""
    currency = wish.get("currency")
    if currency is not None and currency != fan.region.currency:
        raise UnknownCurrency(currency=currency)
    bundle = None
    if "bundle" in wish:
        bundle = Bundle.objects.select_related("region").filter(pk=wish["bundle"]).first()
        if bundle is None:
            raise buying.BundleGone
    return buying.buy(
        user=fan,
        key=wish["key"],
        method=wish["method"],
        bundle=bundle,
        coins=wish.get("coins"),
        expected_total_minor=wish.get("total_minor"),
    )


@extend_schema(responses=PurchaseSerializer, tags=["wallet"])
@api_view(["GET"])
def order(request: Request, public_id: UUID) -> Response:
    """Get the status of one of the fan's orders."""
    purchase = get_object_or_404(person_of(request).purchases, public_id=public_id)
    return Response(PurchaseSerializer(purchase, context={"request": request}).data)


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
    return Response(RatesSerializer(facts).data)


urlpatterns = [
    path("wallet/", wallet, name="api_wallet"),
    path("wallet/history/", wallet_history, name="api_wallet_history"),
    path("bundles/", bundles, name="api_bundles"),
    path("purchases/", orders, name="api_purchases"),
    path("purchases/<uuid:public_id>/", order, name="api_purchase"),
    path("rates/", rates, name="api_rates"),
]
