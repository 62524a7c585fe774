"""The API of codes: redeeming one, and what was redeemed."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from wallet.codes.alphabet import MOST_TYPED
from wallet.codes.redeeming import redeem
from wallet.models import Redemption
from wallet.views.redeem import address_of

MOST_REDEMPTIONS = 100


class RedemptionSerializer(serializers.ModelSerializer[Redemption]):
    """A code that the fan redeemed: a prepaid card has its order, a promotion code bonus coins."""

    kind = serializers.CharField(
        source="code.batch.kind", help_text="`prepaid` (bought coins) or `bonus` (bonus coins)."
    )
    order = serializers.SerializerMethodField(help_text="The order of a prepaid card.")
    bonus_until = serializers.SerializerMethodField(help_text="When the bonus coins end.")

    class Meta:
        model = Redemption
        fields = ("public_id", "key", "kind", "coins", "order", "bonus_until", "created_at")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_order(self, redemption: Redemption) -> Any:
        """Return the order's id."""
        return redemption.purchase.public_id if redemption.purchase else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_bonus_until(self, redemption: Redemption) -> Any:
        """Return the end of the bonus coins."""
        lot = getattr(redemption, "bonus_lot", None)
        return lot.expires_at if lot else None


class RedeemSerializer(serializers.Serializer[Any]):
    """A code to redeem. The same `key` redeems it once."""

    key = serializers.UUIDField(help_text="Made by the client, one for each press.")
    code = serializers.CharField(
        max_length=MOST_TYPED, help_text="As printed; hyphens, spaces and small letters are fine."
    )


@extend_schema(
    methods=["GET"],
    description="List the codes that you redeemed, newest first.",
    responses=RedemptionSerializer(many=True),
    tags=["wallet"],
)
@extend_schema(
    methods=["POST"],
    description="Redeem a code. Repeating the same key redeems it once.",
    request=RedeemSerializer,
    responses={201: RedemptionSerializer},
    tags=["wallet"],
)
@scopes(GET=Scope.READ, POST=Scope.SEND)
@api_view(["GET", "POST"])
def redemptions(request: Request) -> Response:
    """List what the fan redeemed, or redeem a code."""
    fan = person_of(request)
    if request.method == "GET":
        newest = fan.redemptions.select_related("code__batch", "purchase", "bonus_lot")
        return Response(RedemptionSerializer(newest[:MOST_REDEMPTIONS], many=True).data)
    form = RedeemSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    wish = form.validated_data
    redemption = redeem(
        user=fan,
        typed=wish["code"],
        key=wish["key"],
        address=address_of(request._request),
    )
    return Response(RedemptionSerializer(redemption).data, status=status.HTTP_201_CREATED)
