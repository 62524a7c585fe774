"""The API of payouts: request one, follow it, read and change the bank account."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import creator_of, proved_lately
from payouts import refusals
from payouts.methods import bank_accounts, fitness
from payouts.methods.address import LINE_LENGTH, POSTCODE_LENGTH, TOWN_LENGTH, Address
from payouts.models import Payout, PayoutEvent, PayoutMethod
from payouts.reading import read
from payouts.requests import services
from wallet.api.amounts import AmountSerializer
from wallet.prices.diamonds import CreatorsMoney


class StepSerializer(serializers.ModelSerializer[PayoutEvent]):
    """One step of a payout with its time."""

    class Meta:
        model = PayoutEvent
        fields: ClassVar[list[str]] = ["state", "note", "created_at"]


class PayoutSerializer(serializers.ModelSerializer[Payout]):
    """A payout: its diamonds, its money, its state. `amount_minor` counts the currency's
    smallest unit.
    """

    account = serializers.CharField(source="method.iban_masked", read_only=True)
    worth = serializers.SerializerMethodField(help_text="The same in your currency.")
    rate_card = serializers.CharField(source="rate_card.code", read_only=True)
    steps = StepSerializer(source="events", many=True, read_only=True)

    class Meta:
        model = Payout
        fields: ClassVar[list[str]] = [
            "public_id",
            "key",
            "diamonds",
            "amount_minor",
            "currency",
            "worth",
            "rate_card",
            "fx_per_usd",
            "account",
            "state",
            "return_reason",
            "created_at",
            "steps",
        ]
        read_only_fields: ClassVar[list[str]] = fields

    @extend_schema_field(AmountSerializer)
    def get_worth(self, payout: Payout) -> Any:
        """Return the payout as its creator reads it."""
        return AmountSerializer(read(payout, self.context["reader"]).amount).data


class AskSerializer(serializers.Serializer[Any]):
    """A request for a payout. The same key with the same diamonds is the same payout."""

    diamonds = serializers.IntegerField()
    key = serializers.UUIDField()


class AccountSerializer(serializers.ModelSerializer[PayoutMethod]):
    """The bank account, masked."""

    iban = serializers.CharField(source="iban_masked", read_only=True)
    holder_at_bank = serializers.SerializerMethodField(
        help_text="The holder's name as the bank gets it, in Latin letters."
    )
    unfit = serializers.SerializerMethodField(
        help_text="Why no payout can go there now; empty if it can."
    )

    class Meta:
        model = PayoutMethod
        fields: ClassVar[list[str]] = [
            "public_id",
            "holder",
            "holder_at_bank",
            "iban",
            "bic",
            "currency",
            "usable_from",
            "locked_reason",
            "unfit",
            "auto_weekly",
        ]
        read_only_fields: ClassVar[list[str]] = fields

    def get_holder_at_bank(self, method: PayoutMethod) -> str:
        """Return the name in the letters that banks read."""
        return fitness.holder_at_bank(method.holder)

    def get_unfit(self, method: PayoutMethod) -> str:
        """Return what the bank file lacks, as a sentence."""
        return fitness.unfit(method)


class AddressSerializer(serializers.Serializer[Any]):
    """Where the holder lives. The country is its two-letter code, by default the bank's."""

    line = serializers.CharField(max_length=LINE_LENGTH, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=POSTCODE_LENGTH, required=False, allow_blank=True)
    town = serializers.CharField(max_length=TOWN_LENGTH)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class NewAccountSerializer(serializers.Serializer[Any]):
    """A bank account as entered by its owner. Banks outside the EEA need BIC and address."""

    holder = serializers.CharField(max_length=fitness.HOLDER_LENGTH)
    iban = serializers.CharField(max_length=42)
    bic = serializers.CharField(max_length=20, required=False, allow_blank=True)
    address = AddressSerializer(required=False, allow_null=True)

    def validate_address(self, typed: dict[str, str] | None) -> Address | None:
        """Return the address as the service takes it."""
        return Address(**typed) if typed else None


@extend_schema(
    methods=["GET"],
    description="List your payouts.",
    responses=PayoutSerializer(many=True),
    tags=["payouts"],
)
@extend_schema(
    methods=["POST"],
    description="Request a payout. Repeating the same key never requests a second one.",
    request=AskSerializer,
    responses={201: PayoutSerializer},
    tags=["payouts"],
)
@scopes(GET=Scope.READ, POST=Scope.EARN)
@api_view(["GET", "POST"])
def payouts(request: Request) -> Response:
    """List your payouts, or request one."""
    creator = creator_of(request)
    if request.method == "POST":
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.request_payout(creator=creator, **asked.validated_data)
        return Response(_told(made, creator).data, status=201)
    pages = PageNumberPagination()
    pages.page_size = 50
    page: Any = pages.paginate_queryset(_of(creator), request)
    return pages.get_paginated_response(_told(page, creator, many=True).data)


@extend_schema(responses=PayoutSerializer, tags=["payouts"])
@scopes(GET=Scope.READ)
@api_view(["GET"])
def payout(request: Request, payout_id: UUID) -> Response:
    """Get one of your payouts with every step."""
    creator = creator_of(request)
    mine = get_object_or_404(_of(creator), public_id=payout_id)
    return Response(_told(mine, creator).data)


@extend_schema(
    methods=["GET"],
    description="Get your bank account, masked.",
    responses=AccountSerializer,
    tags=["payouts"],
)
@extend_schema(
    methods=["PUT"],
    description=(
        "Set the bank account for payouts. Requires a session with a recent identity "
        "confirmation. An API key alone is not enough."
    ),
    request=NewAccountSerializer,
    responses=AccountSerializer,
    tags=["payouts"],
)
@scopes(GET=Scope.READ, PUT=Scope.EARN)
@api_view(["GET", "PUT"])
def payout_method(request: Request) -> Response:
    """Get the bank account, masked, or change it shortly after signing in on the site (a key
    alone is not enough).
    """
    creator = creator_of(request)
    if request.method == "PUT":
        if not proved_lately(request._request):
            raise refusals.SignInAgain
        typed = NewAccountSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        return Response(
            AccountSerializer(
                bank_accounts.add_method(creator=creator, **typed.validated_data)
            ).data
        )
    method = bank_accounts.method_of(creator)
    if method is None:
        raise refusals.NoPayoutMethod
    return Response(AccountSerializer(method).data)


def _told(payouts: Any, creator: User, *, many: bool = False) -> PayoutSerializer:
    return PayoutSerializer(payouts, many=many, context={"reader": CreatorsMoney(creator)})


def _of(creator: User) -> Any:
    mine = Payout.objects.filter(creator=creator).select_related(
        "method", "rate_card", "pays_again__rate_card"
    )
    return mine.prefetch_related("events")


urlpatterns = [
    path("payouts/", payouts, name="payouts"),
    path("payouts/<uuid:payout_id>/", payout, name="payout"),
    path("payout-method/", payout_method, name="payout-method"),
]
