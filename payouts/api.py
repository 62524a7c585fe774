"""The API of payouts: request one, follow it, read and change the bank account."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.requests import creator_of, proved_lately
from payouts import refusals
from payouts.methods import bank_accounts
from payouts.models import Payout, PayoutEvent, PayoutMethod
from payouts.requests import services


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
            "rate_card",
            "fx_per_usd",
            "account",
            "state",
            "return_reason",
            "created_at",
            "steps",
        ]
        read_only_fields: ClassVar[list[str]] = fields


class AskSerializer(serializers.Serializer[Any]):
    """A request for a payout. The same key with the same diamonds is the same payout."""

    diamonds = serializers.IntegerField()
    key = serializers.UUIDField()


class AccountSerializer(serializers.ModelSerializer[PayoutMethod]):
    """The bank account, masked."""

    iban = serializers.CharField(source="iban_masked", read_only=True)

    class Meta:
        model = PayoutMethod
        fields: ClassVar[list[str]] = [
            "public_id",
            "holder",
            "iban",
            "currency",
            "usable_from",
            "locked_reason",
            "auto_weekly",
        ]
        read_only_fields: ClassVar[list[str]] = fields


class NewAccountSerializer(serializers.Serializer[Any]):
    """A bank account as entered by its owner."""

    holder = serializers.CharField(max_length=bank_accounts.HOLDER_LENGTH)
    iban = serializers.CharField(max_length=42)


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
@api_view(["GET", "POST"])
def payouts(request: Request) -> Response:
    """List your payouts, or request one."""
    creator = creator_of(request)
    if request.method == "POST":
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.request_payout(creator=creator, **asked.validated_data)
        return Response(PayoutSerializer(made).data, status=201)
    pages = PageNumberPagination()
    pages.page_size = 50
    page: Any = pages.paginate_queryset(_of(creator), request)
    return pages.get_paginated_response(PayoutSerializer(page, many=True).data)


@extend_schema(responses=PayoutSerializer, tags=["payouts"])
@api_view(["GET"])
def payout(request: Request, payout_id: UUID) -> Response:
    """Get one of your payouts with every step."""
    mine = get_object_or_404(_of(creator_of(request)), public_id=payout_id)
    return Response(PayoutSerializer(mine).data)


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


def _of(creator: User) -> Any:
    mine = Payout.objects.filter(creator=creator).select_related("method", "rate_card")
    return mine.prefetch_related("events")


urlpatterns = [
    path("payouts/", payouts, name="payouts"),
    path("payouts/<uuid:payout_id>/", payout, name="payout"),
    path("payout-method/", payout_method, name="payout-method"),
]
