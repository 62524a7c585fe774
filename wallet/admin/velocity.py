"""Rules against fraud, with a dry run before each is saved; and the queue of what they found."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Model, Q
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from foundation.admin import ReadOnlyAdmin, StaffAdmin, link, person_page
from foundation.jobs import nudge
from foundation.requests import number
from wallet import tasks
from wallet.admin.involved import involved
from wallet.models import VelocityHit, VelocityRule
from wallet.models.velocity import LONGEST_WINDOW_HOURS
from wallet.reviews import deciding
from wallet.velocity.dry_run import DAYS, DryRun, dry_run
from wallet.velocity.refusals import ReasonMissing
from wallet.velocity.sentences import found, sentence, window

Kind, Action, Decision = VelocityRule.Kind, VelocityRule.Action, VelocityHit.Decision
ACTIONS = {Action.FLAG: "info", Action.HOLD: "warning", Action.BLOCK: "danger"}
DECISIONS = {
    "open": "warning",
    Decision.DISMISSED: "success",
    Decision.RELEASED: "success",
    Decision.REFUNDED: "info",
    Decision.SUSPENDED: "danger",
    Decision.OVERTAKEN: "info",
}
LARGEST = 100_000
SAID = {
    Decision.DISMISSED: _("Dismissed. Nothing else changed."),
    Decision.RELEASED: _("Released: what was held is free."),
    Decision.REFUNDED: _("The money goes back. See the order's refunds."),
    Decision.SUSPENDED: _("The account is closed, and the order's money goes back."),
}
BUTTONS = {
    Decision.DISMISSED: _("Dismiss: nothing is wrong"),
    Decision.RELEASED: _("Release"),
    Decision.REFUNDED: _("Refund the order"),
    Decision.SUSPENDED: _("Close the account"),
}


class RuleForm(forms.ModelForm[VelocityRule]):
    """A rule. What would never find anything, or everything, is asked again in words."""

    class Meta:
        model = VelocityRule
        fields = (
            "kind",
            "region",
            "action",
            "threshold",
            "window_hours",
            "account_days",
            "least_usd",
            "active",
        )

    def clean(self) -> dict[str, Any]:
        """Refuse numbers that do not fit the kind, each beside its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        if cleaned.get("action") == Action.BLOCK and kind not in VelocityRule.BEFORE_PAYMENT:
            self.add_error(
                "action",
                gettext("This is known only after paying. Choose to hold it, or to tell staff."),
            )
        self._clean_numbers(kind, cleaned)
        return cleaned

    def _clean_numbers(self, kind: str, cleaned: dict[str, Any]) -> None:
        percent = kind in VelocityRule.IN_PERCENT
        most = 99 if percent else LARGEST
        if not 1 <= (cleaned.get("threshold") or 0) <= most:
            self.add_error(
                "threshold", gettext("Enter a number from 1 to %(most)s.") % {"most": most}
            )
        if not 1 <= (cleaned.get("window_hours") or 0) <= LONGEST_WINDOW_HOURS:
            facts = {"most": LONGEST_WINDOW_HOURS}
            self.add_error(
                "window_hours", gettext("Enter hours from 1 to %(most)s, which is 90 days.") % facts
            )
        days = cleaned.get("account_days")
        if kind in VelocityRule.OF_AN_AGE and not 1 <= (days or 0) <= 365:
            self.add_error(
                "account_days", gettext("Enter until when an account is new: 1 to 365 days.")
            )
        if kind not in VelocityRule.OF_AN_AGE and days is not None:
            self.add_error("account_days", gettext("This rule asks for no age. Leave it empty."))
        least = cleaned.get("least_usd") or 0
        if (least and not percent) or least > LARGEST:
            self.add_error(
                "least_usd", gettext("Only rules in percent have a least income. Enter 0.")
            )


@admin.register(VelocityRule)
class VelocityRuleAdmin(StaffAdmin):
    """Rules against fraud. What is typed is read back and tried on 30 days before it is saved."""

    form = RuleForm
    list_display = ("says", "then", "active", "found_lately", "changed_by", "changed_at")
    list_display_links = ("says",)
    list_filter = ("action", "active", "kind", "region")
    list_select_related = ("region", "changed_by")
    ordering = ("-active", "kind", "action")

    class Media:
        css = {"all": ("wallet/staff.css", "wallet/velocity.css")}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return rules with the number of their hits in 30 days."""
        since = timezone.now() - timedelta(days=DAYS)
        lately = Count("hits", filter=Q(hits__created_at__gte=since))
        return super().get_queryset(request).annotate(lately=lately)

    @display(description=_("Rule"))
    def says(self, rule: VelocityRule) -> str:
        """The rule as a sentence."""
        return sentence(rule)

    @display(description=_("Then"), label=ACTIONS, ordering="action")
    def then(self, rule: VelocityRule) -> tuple[str, str]:
        """The action as a coloured word."""
        return rule.action, rule.get_action_display()

    @display(description=_("Hits in 30 days"), ordering="lately")
    def found_lately(self, rule: Any) -> str:
        """How many hits the rule had, and the way to them."""
        address = reverse("admin:wallet_velocityhit_changelist")
        return link(f"{address}?rule__id__exact={rule.pk}", rule.lately) if rule.lately else "0"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what a rule counts, and where: its hits speak of that."""
        return ("says", "kind", "region", "changed_by", "changed_at") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show who changed a rule last."""
        return (
            ("says", *RuleForm.Meta.fields, "changed_by", "changed_at")
            if obj
            else RuleForm.Meta.fields
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep rules, which hits speak of: one that is not wanted is switched off."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Read a good form back first, with what it would have found; save it once confirmed."""
        rule = self.get_object(request, object_id) if object_id else None
        may = (
            self.has_change_permission(request, rule) if rule else self.has_add_permission(request)
        )
        if request.method == "POST" and may and "_confirmed" not in request.POST:
            form = self.get_form(request, rule, change=rule is not None)(
                request.POST, instance=rule
            )
            if form.is_valid():
                return self._preview(request, form.instance)
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(
            request, object_id, form_url, one_button | (extra_context or {})
        )

    def _preview(self, request: HttpRequest, rule: VelocityRule) -> HttpResponse:
        run = dry_run(rule)
        context = self.admin_site.each_context(request) | {
            "title": gettext("What this rule would have found"),
            "opts": self.opts,
            "media": self.media,
            "says": sentence(rule),
            "rule": rule,
            "run": run,
            "examples": _examples(run, rule),
            "posted": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "wallet/admin/dry_run.html", context)

    def save_model(
        self, request: HttpRequest, obj: VelocityRule, form: "ModelForm[Model]", change: bool
    ) -> None:
        """Keep who changed it, and when."""
        obj.changed_by, obj.changed_at = _person(request), timezone.now()
        super().save_model(request, obj, form, change)

    def construct_change_message(self, request: HttpRequest, form: Any, *args: Any) -> Any:
        """Return what the log keeps: the rule as it stands from now on."""
        state = gettext("in force") if form.instance.active else gettext("switched off")
        return f"{sentence(form.instance)} ({state})"


def _examples(run: DryRun, rule: VelocityRule) -> list[dict[str, str]]:
    return [
        {
            "name": str(row),
            "href": person_page(row.pk)
            if rule.of_creators
            else reverse("admin:wallet_purchase_change", args=[row.pk]),
            "found": found(rule.kind, counted),
        }
        for row, counted in run.examples
    ]


class OpenFilter(admin.SimpleListFilter):
    """Hits that nobody has decided, those that hold something, those that were decided."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("open", _("to decide")), ("held", _("to decide, held")), ("done", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the hits of the choice."""
        match self.value():
            case "open":
                return queryset.filter(decision="")
            case "held":
                return queryset.filter(decision="", action=Action.HOLD)
            case "done":
                return queryset.exclude(decision="")
        return queryset


@admin.register(VelocityHit)
class VelocityHitAdmin(ReadOnlyAdmin):
    """What the rules found: those to decide first, the oldest of them on top."""

    list_display = ("created_at", "user", "said", "shown_count", "did", "step", "decided_by")
    list_display_links = ("created_at",)
    list_filter = (OpenFilter, "action", "kind", "decision", "created_at")
    list_select_related = ("user", "decided_by")
    search_fields = ("public_id", "user__email", "user__handle", "purchase__public_id")
    search_help_text = _("Fraud check, order, email or handle")
    ordering = (F("decided_at").desc(nulls_first=True), "id")
    change_form_outer_before_template = "wallet/staff/_velocity_hit.html"
    fields = ("public_id", "rule", ("created_at", "decided_at"), ("decided_by", "note"))
    readonly_fields = ("public_id",)

    class Media:
        css = {"all": ("wallet/staff.css", "wallet/velocity.css")}

    @display(description=_("Found"), ordering="counted")
    def shown_count(self, hit: VelocityHit) -> str:
        """What was counted, with its unit."""
        return found(hit.kind, hit.counted)

    @display(description=_("Action"), label=ACTIONS, ordering="action")
    def did(self, hit: VelocityHit) -> tuple[str, str]:
        """What the rule did, as a coloured word."""
        return hit.action, hit.get_action_display()

    @display(description=_("Decision"), label=DECISIONS, ordering="decision")
    def step(self, hit: VelocityHit) -> tuple[str, Any]:
        """What became of it, as a coloured word."""
        if hit.is_open:
            return "open", _("second person") if hit.proposed else _("to decide")
        return hit.decision, hit.get_decision_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the decision."""
        return [
            self.button("<int:pk>/decide/", self.decide, "wallet.decide_hit"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide a hit as the person pressed."""
        hit = get_object_or_404(VelocityHit.objects.select_related("user"), pk=pk)
        here = reverse("admin:wallet_velocityhit_change", args=[pk])
        wanted = request.POST.get("decision", "")
        if not may_decide(request, wanted):
            messages.error(request, gettext("Your rights don't allow this. Ask a colleague."))
            return redirect(here)
        try:
            done = deciding.decide(
                hit=hit, decision=wanted, by=_person(request), note=request.POST.get("note", "")
            )
        except ReasonMissing as refusal:  # what was chosen is chosen again with a reason
            messages.error(request, refusal.detail)
            return redirect(f"{here}#decide")
        self.log_change(request, done, _logged(done))
        nudge(tasks.sweep)
        messages.success(request, _told(done))
        return redirect(here)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show a hit with what was counted and what can be decided."""
        hits = VelocityHit.objects.select_related(
            "user", "rule", "purchase__trace", "purchase__user", "proposed_by", "decided_by"
        )
        hit = hits.filter(pk=number(object_id) or 0).first()
        facts = _facts(request, hit) if hit else {}
        return super().change_view(request, object_id, form_url, facts | (extra_context or {}))


def may_decide(request: HttpRequest, wanted: str) -> bool:
    """Return whether the person has the rights that a decision's effect asks for."""
    may = request.user.has_perm
    if wanted == Decision.REFUNDED:
        return may("wallet.propose_refund")
    if wanted == Decision.SUSPENDED:
        return may("accounts.change_user")
    return True


def _facts(request: HttpRequest, hit: VelocityHit) -> dict[str, Any]:
    others = hit.user.velocity_hits.exclude(pk=hit.pk).order_by("-id")
    of_order = VelocityHit.objects.open().filter(purchase__isnull=False, purchase=hit.purchase_id)
    return {
        "hit": hit,
        "found": found(hit.kind, hit.counted),
        "window": window(hit.window_hours),
        "parts": involved(request, hit),
        "others": [(each, found(each.kind, each.counted)) for each in others[:5]],
        "together": of_order.count(),
        "own": hit.proposed_by_id == request.user.pk,
        "two": hit.purchase is not None and deciding.above_alone(hit.purchase),
        "buttons": [
            (choice, BUTTONS[choice])
            for choice in deciding.choices(hit)
            if may_decide(request, choice)
        ]
        if hit.is_open
        else [],
    }


def _logged(hit: VelocityHit) -> str:
    if hit.is_open:
        return gettext("Proposed: %(what)s") % {"what": hit.get_proposed_display()}
    return f"{hit.get_decision_display()}: {hit.note}"


def _told(hit: VelocityHit) -> Any:
    if hit.is_open:
        return gettext("Proposed. Another person must confirm it: the order is a large one.")
    return SAID[Decision(hit.decision)]


def _person(request: HttpRequest) -> User:
    assert not isinstance(request.user, AnonymousUser)  # noqa: S101  # staff are signed in
    return request.user
