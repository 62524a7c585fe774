"""The studio's page of the overlay: addresses, a look at it, alerts, the goal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from gifts.models import Gift
from overlay import goals, services
from overlay.alert_queue import queue_of
from overlay.models import Goal, Overlay
from overlay.views import WIDGETS
from studio.access import creators_only
from studio.forms.overlay import AlertsForm, GoalForm

NAMES = {
    "all": (_lazy("Everything"), _lazy("One source for the whole picture."), "1920 × 1080"),
    "alerts": (_lazy("Alerts"), _lazy("Gifts as they play."), "1920 × 1080"),
    "goal": (_lazy("Goal"), _lazy("The bar alone."), "800 × 140"),
    "supporters": (_lazy("Supporters"), _lazy("The people who support this stream."), "420 × 480"),
    "ticker": (_lazy("Latest gifts"), _lazy("One line of them."), "1920 × 80"),
}


@require_http_methods(["GET", "POST"])
@never_cache
@creators_only
def overlay_settings(request: AuthedRequest) -> HttpResponse:
    """Show the overlay's addresses and settings; save the settings."""
    form = AlertsForm(
        request.POST or None, instance=services.settings_of(request.user), prefix="alerts"
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_settings(creator=request.user, changes=form.changes())
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
        else:
            messages.success(request, _("Saved. Open overlays update right away."))
            return redirect("studio:overlay")
    return _page(request, alerts=form)


@require_POST
@creators_only
def rotate(request: AuthedRequest) -> HttpResponse:
    """Make a new address; the old one is dead."""
    services.rotate(creator=request.user)
    messages.success(request, _("Your overlay has a new address. Paste it into OBS."))
    return redirect("studio:overlay")


@require_POST
@creators_only
def goal(request: AuthedRequest) -> HttpResponse:
    """Set a goal, or end the one that runs."""
    if request.POST.get("do") == "end":
        ended = goals.end_goal(creator=request.user)
        said = (
            _("Your goal has ended. You reached it!")
            if ended.reached
            else _("Your goal has ended.")
        )
        messages.success(request, said)
        return redirect("studio:overlay")
    form = GoalForm(request.POST, prefix="goal")
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("title", "target", "unit", "ends_at")}
        try:
            goals.set_goal(creator=request.user, **facts)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
        else:
            messages.success(request, _("Goal set. It's now on your overlay."))
            return redirect("studio:overlay")
    return _page(request, goal=form)


def _page(
    request: AuthedRequest, *, alerts: AlertsForm | None = None, goal: GoalForm | None = None
) -> HttpResponse:
    overlay = services.overlay_of(request.user)
    settings = services.settings_of(request.user)
    refused = bool((alerts and alerts.errors) or (goal and goal.errors))
    form = alerts or AlertsForm(instance=settings, prefix="alerts")
    muted = {int(str(pk)) for pk in form["muted"].value() or [] if str(pk).isdecimal()}
    past = Goal.objects.filter(creator=request.user, ended_at__isnull=False)[:3]
    context: dict[str, Any] = {
        "overlay": overlay,
        "addresses": addresses(request, overlay),
        "form": form,
        "goal_form": goal or GoalForm(prefix="goal"),
        "queue": queue_of(request.user),
        "past": [(one, goals.counted(one)) for one in past],
        "gifts": Gift.objects.order_by("position"),
        "muted": muted,
        "muted_count": len(muted),
    }
    status = 422 if refused else 200
    return render(request, "studio/overlay/settings.html", context, status=status)


def addresses(request: AuthedRequest, overlay: Overlay) -> list[dict[str, Any]]:
    """Return the addresses to paste, whole first; none when the secret can no longer be read."""
    token = overlay.token
    if not token:
        return []
    paths = {"all": reverse("overlay:page", args=[token])} | {
        widget: reverse("overlay:widget", args=[token, widget]) for widget in WIDGETS
    }
    return [
        {
            "name": name,
            "words": words,
            "size": size,
            "url": request.build_absolute_uri(paths[widget]),
        }
        for widget, (name, words, size) in NAMES.items()
    ]
