"""The API of packs and orders."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.requests import person_of
from wallet.api.amounts import AmountSerializer, OfferSerializer
from wallet.models import Bundle, Purchase
from wallet.prices import pricing
from wallet.prices.quotes import UnknownCurrency
from wallet.purchases import buying

MOST_ORDERS = 100


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
