"""The API of packs and orders."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.pauses import paused_until, refuse_paused
from accounts.requests import person_of
from accounts.traces import Origin, origin_of
from wallet.api.amounts import AmountSerializer, OfferSerializer
from wallet.models import Bundle, Document, Purchase, PurchaseBonus
from wallet.prices import pricing
from wallet.prices.quotes import UnknownCurrency
from wallet.promotions.offers import Promotions
from wallet.purchases import buying, by_transfer, cancelling

MOST_ORDERS = 100


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A receipt, a credit note or a debit note of an order."""

    number = serializers.CharField(source="label")
    total = AmountSerializer()
    pdf_url = serializers.SerializerMethodField(help_text="The file; it takes the same key.")

    class Meta:
        model = Document
        fields = ("public_id", "kind", "number", "total", "moved_at", "issued_at", "pdf_url")

    def get_pdf_url(self, document: Document) -> str:
        """Return the address of the file."""
        address = reverse("api_document_pdf", args=[document.public_id])
        return str(self.context["request"].build_absolute_uri(address))


class TransferSerializer(serializers.Serializer[Any]):
    """How an open order is paid by bank transfer."""

    beneficiary = serializers.CharField()
    iban = serializers.CharField(source="plain_iban")
    bic = serializers.CharField()
    reference = serializers.CharField(
        source="plain_reference",
        help_text="A creditor reference (ISO 11649), to be given with the transfer.",
    )
    amount = AmountSerializer(help_text="What is still to come.")
    received = AmountSerializer(help_text="What came so far.")
    until = serializers.DateField(help_text="The last day on which parts are taken.")
    honoured_until = serializers.DateField(
        help_text="The last day on which the full price brings the coins."
    )
    checking = serializers.BooleanField(help_text="A person looks at money that came.")


class PurchaseSerializer(serializers.ModelSerializer[Purchase]):
    """An order of coins. The coins are in the wallet once `captured_at` is set."""

    total = AmountSerializer()
    net = AmountSerializer()
    tax = AmountSerializer()
    pay_url = serializers.SerializerMethodField(
        help_text="Where the fan pays, until the order is paid, declined or expired."
    )

    auto_top_up = serializers.BooleanField(
        source="top_up_id", read_only=True, help_text="Whether auto top-up placed it."
    )
    transfer = serializers.SerializerMethodField(
        help_text="With `method` `transfer`, while the order is open: where to send the money."
    )
    bonus_coins = serializers.SerializerMethodField(
        help_text="Bonus coins that come with it once it is paid, or came."
    )
    documents = DocumentSerializer(
        many=True,
        read_only=True,
        help_text="Its receipt, some seconds after it was paid, and what corrects it.",
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
            "auto_top_up",
            "terms_version",
            "created_at",
            "captured_at",
            "bonus_coins",
            "pay_url",
            "transfer",
            "documents",
        )

    @extend_schema_field(TransferSerializer(allow_null=True))
    def get_transfer(self, purchase: Purchase) -> Any:
        """Return what the fan needs to make the transfer, until the order is decided."""
        how = by_transfer.instructions_of(purchase) if purchase.is_open else None
        return TransferSerializer(how).data if how else None

    def get_bonus_coins(self, purchase: Purchase) -> int:
        """Return the bonus that the order was promised, unless it lapsed."""
        bonus = PurchaseBonus.objects.filter(purchase=purchase, lapsed_at=None).first()
        return bonus.coins if bonus else 0

    def get_pay_url(self, purchase: Purchase) -> str | None:
        """Return the pay page's address as the provider gave it, until the order is decided."""
        if not purchase.is_open or not purchase.pay_url or paused_until(purchase.user):
            return None
        return str(self.context["request"].build_absolute_uri(purchase.pay_url))


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
    bonus_coins = serializers.IntegerField(
        required=False, help_text="If given, the order is refused when the bonus is smaller."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a pack or an amount, not both."""
        if ("bundle" in attrs) == ("coins" in attrs):
            raise serializers.ValidationError(
                {"coins": [str(_("Send either a bundle or a number of coins, not both."))]}
            )
        return attrs


@extend_schema(responses=OfferSerializer(many=True), tags=["wallet"])
@scopes(GET=Scope.READ)
@api_view(["GET"])
def bundles(request: Request) -> Response:
    """List the packs in the fan's region with their prices."""
    fan = person_of(request)
    country = pricing.country_of(fan)
    promotions = Promotions.now(fan, country)
    offers = pricing.price_list(country)
    answer = OfferSerializer(offers, many=True, context={"promotions": promotions})
    return Response(answer.data)


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
@scopes(GET=Scope.READ, POST=Scope.SEND)
@api_view(["GET", "POST"])
def orders(request: Request) -> Response:
    """List the fan's most recent orders, or place one."""
    fan = person_of(request)
    if request.method == "GET":
        newest = (
            fan.purchases.select_related("user")
            .prefetch_related("documents")
            .order_by("-id")[:MOST_ORDERS]
        )
        return Response(PurchaseSerializer(newest, many=True, context={"request": request}).data)
    form = BuySerializer(data=request.data)
    form.is_valid(raise_exception=True)
    purchase = place(fan, form.validated_data, origin_of(request))
    if purchase.is_open:
        refuse_paused(fan)
        buying.start(purchase)
    answer = PurchaseSerializer(purchase, context={"request": request})
    return Response(answer.data, status=status.HTTP_201_CREATED)


def place(fan: User, wish: dict[str, Any], origin: Origin = buying.NOWHERE) -> Purchase:
    """Place the order a client asked for. Raises what the services raise."""
    bundle, currency = wish.get("bundle"), wish.get("currency")
    # A key that was used for something else is told so, whatever else is wrong with it now.
    known = buying.same_order(fan, wish["key"], {"bundle_id": bundle, "currency": currency})
    if not known and currency not in {None, fan.region.currency}:
        raise UnknownCurrency(currency=currency)
    return buying.buy(
        user=fan,
        key=wish["key"],
        method=wish["method"],
        bundle=None if bundle is None else _bundle(bundle),
        coins=wish.get("coins"),
        expected_total_minor=wish.get("total_minor"),
        origin=origin,
        expected_bonus=wish.get("bonus_coins"),
    )


def _bundle(number: int) -> Bundle:
    found = Bundle.objects.select_related("region").filter(pk=number).first()
    if found is None:
        raise buying.BundleGone
    return found


@extend_schema(responses=PurchaseSerializer, tags=["wallet"])
@scopes(GET=Scope.READ)
@api_view(["GET"])
def order(request: Request, public_id: UUID) -> Response:
    """Get the status of one of the fan's orders."""
    purchase = get_object_or_404(person_of(request).purchases, public_id=public_id)
    return Response(PurchaseSerializer(purchase, context={"request": request}).data)


@extend_schema(
    description="Cancel an order that is not paid. Cancelling again is the same.",
    request=None,
    responses=PurchaseSerializer,
    tags=["wallet"],
)
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def cancel(request: Request, public_id: UUID) -> Response:
    """Call an unpaid order of the fan's off."""
    purchase = get_object_or_404(person_of(request).purchases, public_id=public_id)
    cancelled = cancelling.cancel(purchase)
    return Response(PurchaseSerializer(cancelled, context={"request": request}).data)
