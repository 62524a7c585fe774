"""The API of all that bounds a fan's spending, in one place: limits, pauses, what is used."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, SpendingLimit, SpendingPause, User
from accounts.pauses import paused_until, take_pause
from accounts.requests import person_of
from wallet.forms import LARGEST_LIMIT
from wallet.limits import usage
from wallet.limits.spending import allowance, set_limit, site_bounds
from wallet.models import SpendingPolicy


class LimitSerializer(serializers.Serializer[Any]):
    """A limit of the fan's own. `coins` is null where there is none."""

    span = serializers.ChoiceField(choices=SpendingLimit.Span.choices)
    creator = serializers.CharField(
        allow_null=True, help_text="The handle of the creator whom it is for, else null."
    )
    coins = serializers.IntegerField(source="in_force", allow_null=True)
    next_coins = serializers.IntegerField(allow_null=True, help_text="What holds from `next_at`.")
    next_at = serializers.DateTimeField(allow_null=True)


class SpendingSerializer(serializers.Serializer[Any]):
    """All that bounds a fan's spending now."""

    left = serializers.IntegerField(
        allow_null=True, help_text="The coins that may be bought now: 0 in a pause."
    )
    used = serializers.DictField(
        child=serializers.IntegerField(), help_text="Coins bought in a day, a week, a month."
    )
    site = serializers.DictField(
        child=serializers.IntegerField(), help_text="The site's limits in coins."
    )
    own = LimitSerializer(many=True)
    paused_until = serializers.DateTimeField(allow_null=True)
    raise_delay_hours = serializers.IntegerField()


class SetLimitSerializer(serializers.Serializer[Any]):
    """A limit to set: lower at once, higher or none after the site's day of thought."""

    span = serializers.ChoiceField(choices=SpendingLimit.Span.choices)
    coins = serializers.IntegerField(min_value=0, max_value=LARGEST_LIMIT, allow_null=True)
    creator = serializers.CharField(max_length=25, required=False)


class PauseSerializer(serializers.Serializer[Any]):
    """A pause to take. Nobody ends it early."""

    length = serializers.ChoiceField(choices=SpendingPause.Length.choices)


@extend_schema(
    methods=["GET"],
    description="Get all that bounds your spending: limits, what is used, a pause.",
    responses=SpendingSerializer,
    tags=["wallet"],
)
@extend_schema(
    methods=["PUT"],
    description="Set a limit: a lower one holds at once, a higher one or none after a wait.",
    request=SetLimitSerializer,
    responses=SpendingSerializer,
    tags=["wallet"],
)
@scopes(GET=Scope.READ, PUT=Scope.SEND)
@api_view(["GET", "PUT"])
def limits(request: Request) -> Response:
    """Tell all that bounds the fan's spending, or set one of their limits."""
    fan = person_of(request)
    if request.method == "PUT":
        form = SetLimitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wish, creator = form.validated_data, None
        if handle := wish.get("creator"):
            creators = User.objects.filter(is_creator=True)
            creator = get_object_or_404(creators, handle__iexact=handle.removeprefix("@"))
        set_limit(user=fan, span=wish["span"], coins=wish["coins"], creator=creator)
    return Response(_told(fan))


@extend_schema(
    description="Pause your buying and sending. It begins at once, and nobody ends it early.",
    request=PauseSerializer,
    responses={201: SpendingSerializer},
    tags=["wallet"],
)
@scopes(POST=Scope.SEND)
@api_view(["POST"])
def pause(request: Request) -> Response:
    """Pause the fan's spending."""
    fan = person_of(request)
    form = PauseSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    take_pause(user=fan, length=form.validated_data["length"])
    return Response(_told(fan), status=status.HTTP_201_CREATED)


def _told(fan: User) -> dict[str, Any]:
    until, tightest = paused_until(fan), allowance(fan)
    site: dict[str, int] = {}
    for bound in site_bounds(fan):
        site[bound.span] = min(bound.most, site.get(bound.span, bound.most))
    own = fan.spending_limits.select_related("creator").order_by("creator__handle", "id")
    facts = {
        "left": 0 if until else tightest.left if tightest else None,
        "used": {each.span: each.used for each in usage.limit_usage(fan)},
        "site": site,
        "own": [
            {
                "span": each.span,
                "creator": each.creator.handle if each.creator else None,
                "in_force": each.in_force,
                "next_coins": each.next_coins if each.is_changing else None,
                "next_at": each.next_at if each.is_changing else None,
            }
            for each in own
        ],
        "paused_until": until,
        "raise_delay_hours": SpendingPolicy.current().raise_delay_hours,
    }
    return dict(SpendingSerializer(facts).data)
