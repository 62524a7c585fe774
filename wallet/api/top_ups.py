"""The API of auto top-up: what is agreed, turning it on and off."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import person_of, proved_lately
from wallet.agreements.turning_off import turn_off_of, why
from wallet.api.amounts import AmountSerializer
from wallet.models import Bundle, TopUp
from wallet.purchases.buying import BundleGone
from wallet.top_ups import agreeing, cards, refusals
from wallet.top_ups.agreeing import Wish


class TopUpSerializer(serializers.Serializer[Any]):
    """What is agreed, or was agreed last. Nothing is bought unless `state` is `on`."""

    state = serializers.ChoiceField(choices=["off", "waiting", "on"])
    total = AmountSerializer(required=False, help_text="What is charged each time, tax included.")
    coins = serializers.IntegerField(required=False)
    below_coins = serializers.IntegerField(required=False)
    month = AmountSerializer(required=False, help_text="At most in 30 days.")
    consent = serializers.CharField(required=False, help_text="The sentence that was agreed to.")
    consent_version = serializers.CharField(required=False)
    consented_at = serializers.DateTimeField(required=False)
    card = serializers.CharField(required=False, help_text="Brand and last four digits.")
    off_reason = serializers.CharField(required=False)
    why = serializers.CharField(required=False, help_text="Why it is off, for the person.")
    save_url = serializers.CharField(required=False, help_text="Where the fan saves their card.")


class AgreeSerializer(serializers.Serializer[Any]):
    """What the fan agrees to. The page shows the sentence, whose version is sent along."""

    bundle = serializers.IntegerField()
    total_minor = serializers.IntegerField(help_text="The price that the fan saw.")
    below_coins = serializers.IntegerField(min_value=1)
    month_minor = serializers.IntegerField(min_value=1, max_value=10**15)
    consent_version = serializers.CharField(max_length=24)


@extend_schema(
    methods=["GET"],
    description="Get what the fan agreed to for auto top-up.",
    responses=TopUpSerializer,
    tags=["wallet"],
)
@extend_schema(
    methods=["PUT"],
    description=(
        "Turn auto top-up on, or change it, shortly after signing in on the site or confirming "
        "your identity. An API key alone is not enough."
    ),
    request=AgreeSerializer,
    responses=TopUpSerializer,
    tags=["wallet"],
)
@extend_schema(
    methods=["DELETE"],
    description="Turn auto top-up off and have the saved card removed. Again is the same.",
    responses={204: None},
    tags=["wallet"],
)
@scopes(GET=Scope.READ, PUT=Scope.SEND, DELETE=Scope.SEND)
@api_view(["GET", "PUT", "DELETE"])
def top_up(request: Request) -> Response:
    """Tell what the fan agreed to, keep another wish, or turn it off."""
    fan = person_of(request)
    if request.method == "DELETE":
        turn_off_of(fan)
        return Response(status=status.HTTP_204_NO_CONTENT)
    if request.method == "PUT":
        if not proved_lately(request._request):
            raise refusals.SignInAgain
        form = AgreeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(_agree(request, fan, form.validated_data))
    found = fan.top_ups.filter(state=TopUp.State.ON).first() or fan.top_ups.first()
    return Response(_told(found))


def _agree(request: Request, fan: User, wish: dict[str, Any]) -> dict[str, Any]:
    bundle = Bundle.objects.select_related("region").filter(pk=wish["bundle"]).first()
    if bundle is None:
        raise BundleGone
    agreed = agreeing.agree(
        user=fan,
        wish=Wish(
            bundle=bundle,
            below_coins=wish["below_coins"],
            month_minor=wish["month_minor"],
            total_minor=wish["total_minor"],
            version=wish["consent_version"],
        ),
    )
    told = _told(agreed)
    if agreed.state == TopUp.State.WAITING:
        there = cards.open_page(agreed.saved_method).url
        told["save_url"] = request.build_absolute_uri(there)
    return told


def _told(top_up: TopUp | None) -> dict[str, Any]:
    if top_up is None:
        return {"state": "off"}
    names = ("state", "coins", "below_coins", "consent", "consent_version", "consented_at")
    facts = {name: getattr(top_up, name) for name in names}
    facts |= {"total": top_up.total, "month": top_up.month, "off_reason": top_up.off_reason}
    facts |= {"card": str(top_up.saved_method), "why": why(top_up)}
    return dict(TopUpSerializer(facts).data)
