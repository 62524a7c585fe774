"""The API of overlays: the address, alerts and their settings, the goal. As the studio does."""

from typing import Any, ClassVar, cast

from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import person_of
from gifts.models import Gift
from overlay import goals, services
from overlay.alert_queue import queue_of
from overlay.models import AlertSettings, Goal, Overlay
from overlay.refusals import NoGoal
from overlay.views import WIDGETS

CONTROLS = ("pause", "resume", "skip", "replay", "test")


class OverlaySerializer(serializers.Serializer[Any]):
    """The overlay addresses. Anyone with an address can see the alerts, so keep it secret."""

    url = serializers.CharField(help_text="Everything in one browser source; empty if unreadable.")
    alerts_url = serializers.CharField()
    goal_url = serializers.CharField()
    supporters_url = serializers.CharField()
    ticker_url = serializers.CharField()
    rotated_at = serializers.DateTimeField(help_text="Since when it is this address.")
    seen_at = serializers.DateTimeField(allow_null=True, help_text="When one was last open.")


class AlertSettingsSerializer(serializers.ModelSerializer[AlertSettings]):
    """Which gifts are announced, and how. A threshold that is null is never reached."""

    muted: Any = serializers.SlugRelatedField(
        slug_field="slug", many=True, queryset=Gift.objects.all(), required=False
    )
    waiting = serializers.SerializerMethodField(help_text="Alerts that no overlay has shown yet.")

    class Meta:
        model = AlertSettings
        fields: ClassVar[list[str]] = [
            "paused", "waiting", "least_coins", "muted", "show_messages", "speak_from_coins",
            "voice_language", "sound", "volume", "show_goal", "show_supporters", "show_ticker",
            "thank_from_coins",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["paused"]

    def get_waiting(self, settings: AlertSettings) -> int:
        """Return how many alerts wait."""
        return len(queue_of(settings.creator).waiting)


class ControlSerializer(serializers.Serializer[Any]):
    """A command for the alerts."""

    do = serializers.ChoiceField(choices=CONTROLS)
    last = serializers.IntegerField(default=1, help_text="For `replay`: how many, at most 10.")
    gift = serializers.CharField(
        default="",
        allow_blank=True,
        help_text="For `test`: a gift’s slug. For `skip`: the key of one that was sent, or none.",
    )


class GoalSerializer(serializers.ModelSerializer[Goal]):
    """A goal and its progress."""

    counted = serializers.SerializerMethodField()

    class Meta:
        model = Goal
        fields: ClassVar[list[str]] = [
            "public_id", "title", "unit", "target", "counted", "started_at", "ends_at", "ended_at",
            "reached",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["public_id", "started_at", "ended_at", "reached"]

    def get_counted(self, goal: Goal) -> int:
        """Return the coins or gifts that came so far."""
        return goals.counted(goal)


class NewGoalSerializer(serializers.Serializer[Any]):
    """A goal to set."""

    title = serializers.CharField(max_length=None)
    unit = serializers.CharField(default=Goal.Unit.COINS)
    target = serializers.IntegerField()
    ends_at = serializers.DateTimeField(default=None, allow_null=True)


@extend_schema(tags=["overlay"], responses=OverlaySerializer)
@extend_schema(
    methods=["POST"], request=None, description="Create a new address. The old one stops working."
)
@scopes(GET=Scope.EARN, POST=Scope.EARN)
@api_view(["GET", "POST"])
def overlay(request: Request) -> Response:
    """Get the overlay's addresses."""
    creator = person_of(request)
    change = request.method == "POST"
    mine = services.rotate(creator=creator) if change else services.overlay_of(creator)
    return Response(OverlaySerializer(_addresses(request, mine)).data)


@extend_schema(tags=["overlay"], request=AlertSettingsSerializer, responses=AlertSettingsSerializer)
@extend_schema(
    methods=["POST"], request=ControlSerializer, description="Pause, resume, skip, replay or test."
)
@scopes(GET=Scope.READ, PATCH=Scope.EARN, POST=Scope.EARN)
@api_view(["GET", "PATCH", "POST"])
def alerts(request: Request) -> Response:
    """Get the alert settings and the number of waiting alerts."""
    creator = person_of(request)
    settings = services.settings_of(creator)
    if request.method == "PATCH":
        form = AlertSettingsSerializer(settings, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        facts: dict[str, Any] = dict(form.validated_data)
        if "muted" in facts:
            facts["muted"] = [gift.slug for gift in facts["muted"]]
        services.change_settings(creator=creator, changes=cast("services.Changes", facts))
    elif request.method == "POST":
        order = ControlSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        _control(creator, **order.validated_data)
    return Response(AlertSettingsSerializer(services.settings_of(creator)).data)


@extend_schema(tags=["overlay"], responses=GoalSerializer)
@extend_schema(
    methods=["PUT"], request=NewGoalSerializer, description="Set a goal. This ends the current one."
)
@extend_schema(methods=["DELETE"], request=None, description="End the current goal.")
@scopes(GET=Scope.READ, PUT=Scope.EARN, DELETE=Scope.EARN)
@api_view(["GET", "PUT", "DELETE"])
def goal(request: Request) -> Response:
    """Get the current goal."""
    creator = person_of(request)
    if request.method == "DELETE":
        return Response(GoalSerializer(goals.end_goal(creator=creator)).data)
    if request.method == "PUT":
        form = NewGoalSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(GoalSerializer(goals.set_goal(creator=creator, **form.validated_data)).data)
    services.settings_of(creator)
    running = goals.running(creator)
    if running is None:
        raise NoGoal
    return Response(GoalSerializer(running).data)


def _control(creator: User, *, do: str, last: int, gift: str) -> None:
    if do == "replay":
        services.alerts_replay(creator=creator, last=last)
    elif do == "test":
        services.send_test(creator=creator, gift=gift)
    elif do == "skip":
        services.alerts_skip(creator=creator, gift=services.key_of(gift))
    else:
        (services.alerts_pause if do == "pause" else services.alerts_resume)(creator=creator)


def _addresses(request: Request, overlay: Overlay) -> dict[str, Any]:
    token = overlay.token
    paths = {"url": reverse("overlay:page", args=[token])} if token else {"url": ""}
    for widget in WIDGETS:
        path = reverse("overlay:widget", args=[token, widget]) if token else ""
        paths[f"{widget}_url"] = path
    whole = {name: request.build_absolute_uri(path) if path else "" for name, path in paths.items()}
    return whole | {"rotated_at": overlay.rotated_at, "seen_at": overlay.seen_at}


urlpatterns = [
    path("me/overlay/", overlay, name="api_overlay"),
    path("me/alerts/", alerts, name="api_alerts"),
    path("me/goal/", goal, name="api_goal"),
]
