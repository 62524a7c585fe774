"""The API of accounts: who I am, and the regions one can live in."""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import handles, picture_api, services
from accounts.authentication import scopes
from accounts.models import MOST_COINS, Country, Region, Scope, User
from accounts.requests import person_of


class RegionSerializer(serializers.ModelSerializer[Region]):
    """A price region and the countries in it."""

    countries: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Region
        fields: ClassVar[list[str]] = ["code", "name", "currency", "tax_mode", "countries"]


class CountryField(serializers.SlugRelatedField[Country]):
    """A country by its two-letter code."""

    def to_internal_value(self, data: Any) -> Country:
        """Return the country; what cannot be one is not looked up."""
        if not isinstance(data, str) or not data.isalpha():
            self.fail("does_not_exist", slug_name=self.slug_field, value=data)
        found: Country = super().to_internal_value(data)
        return found


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in person and their gift settings."""

    handle = serializers.CharField(min_length=3, max_length=24)
    country: Any = CountryField(slug_field="code", queryset=Country.objects.all())
    confirm_from_coins = serializers.IntegerField(
        min_value=1, max_value=MOST_COINS, allow_null=True
    )
    region = serializers.CharField(source="region.code", read_only=True)
    currency = serializers.CharField(source="region.currency", read_only=True)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "public_id",
            "email",
            "handle",
            "display_name",
            "country",
            "region",
            "currency",
            "confirm_from_coins",
            "private_supporter",
            "is_creator",
        ]
        read_only_fields: ClassVar[list[str]] = ["public_id", "email", "is_creator"]

    def validate_handle(self, typed: str) -> str:
        """Return the handle as it is kept."""
        return handles.clean(typed, owner=self.instance)


@extend_schema(
    methods=["GET"], description="Get your account.", responses=MeSerializer, tags=["me"]
)
@extend_schema(
    methods=["PATCH"],
    description="Update your handle, display name, country or gift settings.",
    request=MeSerializer,
    responses=MeSerializer,
    tags=["me"],
)
@scopes(GET=Scope.READ, PATCH=Scope.SEND)
@api_view(["GET", "PATCH"])
def me(request: Request) -> Response:
    """Get or update your account: handle, display name, country and gift settings."""
    user = User.objects.select_related("country").get(pk=person_of(request).pk)
    if request.method == "PATCH":
        form = MeSerializer(user, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        wishes = form.validated_data
        _save(user, wishes)
    return Response(MeSerializer(user).data)


@transaction.atomic  # one request is one change: all of it or nothing
def _save(user: User, wishes: dict[str, Any]) -> None:
    services.save_profile(
        user=user,
        handle=wishes.get("handle", user.handle),
        display_name=wishes.get("display_name", user.display_name),
    )
    ways = services.WaysOfSending.__annotations__.keys() & wishes.keys()
    if ways:
        services.save_sending(user=user, **{name: wishes[name] for name in ways})
    if "country" in wishes:
        services.move(user=user, country=wishes["country"])


@extend_schema(responses=RegionSerializer(many=True), tags=["me"])
@api_view(["GET"])
@permission_classes([AllowAny])
def regions(request: Request) -> Response:
    """List the price regions with their currency, tax and countries."""
    everywhere = Region.objects.prefetch_related("countries")
    return Response(RegionSerializer(everywhere, many=True).data)


urlpatterns = [
    path("me/", me, name="api_me"),
    path("regions/", regions, name="api_regions"),
    *picture_api.urlpatterns,
]
