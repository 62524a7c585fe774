"""Cases of guardians in the admin: which account it is, what goes back, and what is done."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from care.forms import DecisionForm, MatchForm
from care.guardians import decisions, sums
from care.guardians.candidates import candidates
from care.models import GuardianCase
from foundation.admin import ReadOnlyAdmin
from foundation.requests import number

State = GuardianCase.State
RIGHT = "care.decide_guardiancase"
SECOND_RIGHT = "care.confirm_guardian"
LABELS = {
    State.UNCONFIRMED: "info",
    State.OPEN: "warning",
    State.CHECKING: "warning",
    State.GRANTED: "info",
    State.SETTLED: "success",
    State.REJECTED: "danger",
}
ORDER = "order-"  # a choice for an order, by its id
CHOICES = {"unused": _("unused coins"), "recent": _("and recent gifts"), "all": _("and all gifts")}


@admin.register(GuardianCase)
class GuardianCaseAdmin(ReadOnlyAdmin):
    """The queue of cases, and the page on which one is decided."""

    list_display = ("number", "step", "created_at", "user", "child_age", "needs_attention")
    list_filter = ("state", "created_at")
    list_select_related = ("user",)
    search_fields = ("number", "email", "name", "account_named", "user__handle")
    search_help_text = _("Case, email, name or handle")
    date_hierarchy = "created_at"
    change_form_outer_before_template = "care/staff/case.html"
    fields = (
        ("number", "step"),
        ("account_named", "order_named"),
        ("child_age", "statement_digits"),
        "story",
        ("name", "relation"),
        ("email", "phone"),
        ("created_at", "confirmed_at"),
        ("decided_by", "decided_at", "closed_at"),
        "answer",
        "redacted_at",
    )
    readonly_fields = ("step",)

    @display(
        description=_("State"),
        ordering="state",
        label={str(state.label): kind for state, kind in LABELS.items()},
    )
    def step(self, case: GuardianCase) -> str:
        """The state in words."""
        return case.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons: which account, no, yes, and the second person's two."""
        return [
            self.button("<int:pk>/match/", self.match, RIGHT),
            self.button("<int:pk>/decline/", self.decline, RIGHT),
            self.button("<int:pk>/grant/", self.grant, RIGHT),
            self.button("<int:pk>/approve/", self.approve, SECOND_RIGHT),
            self.button("<int:pk>/turn-down/", self.turn_down, SECOND_RIGHT),
            *super().get_urls(),
        ]

    def match(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say which account a case is about."""
        form = MatchForm(request.POST)
        if form.is_valid():
            case = decisions.match(
                case=_case(pk), account=form.cleaned_data["account"], by=_by(request)
            )
            self.log_change(request, case, gettext("About: %(who)s") % {"who": case.user})
        else:
            messages.error(request, gettext("Enter a handle or an email."))
        return redirect("admin:care_guardiancase_change", pk)

    def decline(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give nothing back, and say why."""
        case = decisions.reject(
            case=_case(pk), answer=request.POST.get("answer", ""), by=_by(request)
        )
        self.log_change(request, case, gettext("Rejected"))
        messages.success(request, gettext("Rejected. The guardian gets an email with your answer."))
        return redirect("admin:care_guardiancase_change", pk)

    def grant(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give back what is chosen of each order."""
        form = DecisionForm(request.POST)
        if not form.is_valid():
            messages.error(
                request, " ".join(str(e) for found in form.errors.values() for e in found)
            )
            return redirect("admin:care_guardiancase_change", pk)
        case = decisions.grant(
            case=_case(pk), orders=_chosen(request.POST), by=_by(request), **form.cleaned_data
        )
        self.log_change(request, case, gettext("Granted: %(what)s") % {"what": case})
        said = {
            State.CHECKING: gettext("Another person must confirm it: see below."),
            State.GRANTED: gettext("Granted. The money is on its way; the guardian gets an email."),
        }
        messages.success(request, said[State(case.state)])
        return redirect("admin:care_guardiancase_change", pk)

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let all refunds of a case go that another person proposed."""
        case = decisions.confirm(case=_case(pk), by=_by(request))
        self.log_change(request, case, gettext("Confirmed: %(what)s") % {"what": case})
        messages.success(request, gettext("Confirmed. The money is on its way."))
        return redirect("admin:care_guardiancase_change", pk)

    def turn_down(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn down what another person proposed."""
        case = decisions.turn_down(case=_case(pk), by=_by(request))
        self.log_change(request, case, gettext("Turned down: %(what)s") % {"what": case})
        messages.success(request, gettext("Turned down. The case is open again."))
        return redirect("admin:care_guardiancase_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a case with what its account has, and the buttons that fit the person."""
        case = GuardianCase.objects.filter(pk=number(object_id) or 0).first()
        facts = _facts(request, case) if case else {}
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))


def _facts(request: HttpRequest, case: GuardianCase) -> dict[str, Any]:
    """Return what a case's page shows above its fields."""
    open_case = case.state == State.OPEN
    orders = sums.sums_of(case.user) if case.user and open_case else []
    rows = [
        {
            "sums": one,
            "name": f"{ORDER}{one.purchase.pk}",
            "choices": [(name, CHOICES[name], worth) for name, worth in one.choices],
        }
        for one in orders
    ]
    refunds = [row.refund for row in case.refunds.select_related("refund__purchase__user")]
    return {
        "rows": rows,
        "candidates": candidates(case) if open_case and case.user is None else [],
        "refunds": refunds,
        "measures": GuardianCase.Measure.choices,
        "may_decide": request.user.has_perm(RIGHT),
        "may_confirm": request.user.has_perm(SECOND_RIGHT),
        "own": case.decided_by_id == request.user.pk,
        "since": sums.recent_since(),
    }


def _chosen(posted: QueryDict) -> Mapping[int, str]:
    found = {}
    for name, choice in posted.items():
        pk = number(str(name).removeprefix(ORDER)) if str(name).startswith(ORDER) else None
        if pk is not None and choice in CHOICES:
            found[pk] = str(choice)
    return found


def _case(pk: int) -> GuardianCase:
    return get_object_or_404(GuardianCase, pk=pk)


def _by(request: HttpRequest) -> User:
    by: User = request.user  # type: ignore[assignment]  # staff are signed in
    return by
