"""Codes and prepaid cards: proposed, confirmed, made once, blocked; and who redeemed them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import OneRowAdmin, ReadOnlyAdmin, StaffAdmin, grouped
from foundation.figures import figure
from foundation.money import MICRO, money
from foundation.requests import number
from wallet.codes import batches, printing
from wallet.models import CodeBatch, CodePolicy, Redemption

State = CodeBatch.State
LABELS = {
    State.PROPOSED: "warning",
    State.APPROVED: "info",
    State.MADE: "success",
    State.BLOCKED: "danger",
    State.REJECTED: "danger",
}
CSV = "csv"
# The table's constraint says it too; a form checks no constraint that names a column it has not.
OF_ITS_KIND = _(
    "A prepaid card needs a region and a price and is used once; a promotion code needs the days "
    "for which its coins can be spent, and no price."
)


class BatchForm(forms.ModelForm[CodeBatch]):
    """New codes."""

    class Meta:
        model = CodeBatch
        fields = (
            "name",
            "kind",
            "coins",
            "count",
            "uses",
            "region",
            "price_minor",
            "bonus_days",
            "valid_from",
            "valid_until",
        )

    def clean(self) -> dict[str, Any]:
        """Give a card the currency of its region, and refuse what fits neither kind."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        region, price = cleaned.get("region"), cleaned.get("price_minor")
        days, uses = cleaned.get("bonus_days"), cleaned.get("uses")
        prepaid = cleaned.get("kind") == CodeBatch.Kind.PREPAID
        card = region is not None and bool(price) and days is None and uses == 1
        promotion = price is None and bool(days)
        if not (card if prepaid else promotion):
            self.add_error("kind", OF_ITS_KIND)
        self.instance.currency = region.currency if region and prepaid else ""
        self.instance.state = State.PROPOSED
        return cleaned


@admin.register(CodeBatch)
class CodeBatchAdmin(StaffAdmin):
    """Batches of codes, with the buttons that fit the person and the step."""

    form = BatchForm
    list_display = (
        "created_at",
        "name",
        "kind",
        grouped("coins", _("Coins")),
        grouped("count", _("Codes")),
        "redeemed",
        "valid_until",
        "shown_state",
        "created_by",
    )
    list_display_links = ("created_at", "name")
    list_filter = ("state", "kind", "region")
    list_select_related = ("created_by", "region")
    search_fields = ("name", "public_id")
    search_help_text = _("Name or batch")
    date_hierarchy = "created_at"
    change_form_outer_before_template = "wallet/admin/batch.html"
    fields = BatchForm.Meta.fields

    def get_fields(self, request: HttpRequest, obj: CodeBatch | None = None) -> Any:
        """Show a batch that exists with its price in money and its people."""
        if obj is None:
            return self.fields
        of_kind = "price" if obj.kind == CodeBatch.Kind.PREPAID else "bonus_days"
        return (
            "name",
            "kind",
            "shown_state",
            ("coins", "count", "uses"),
            "redeemed",
            "worth",
            "region",
            of_kind,
            ("valid_from", "valid_until"),
            ("created_by", "created_at"),
            "decided_by",
            ("made_at", "blocked_by"),
            "public_id",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A batch that exists is only read."""
        return ("shown_state", "redeemed", "worth", "price", "public_id") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: codes are out there."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: block it instead."""
        return False

    @display(description=_("Redeemed"))
    def redeemed(self, batch: CodeBatch) -> str:
        """How often its codes were redeemed, of how often they can be."""
        done = Redemption.objects.filter(code__batch=batch).count()
        return f"{figure(done)} / {figure(batch.count * batch.uses)}"

    @display(description=_("Worth of all coins"))
    def worth(self, batch: CodeBatch) -> str:
        """What all its coins are worth."""
        return str(money(batches.worth_micro_usd(batch) * 100 // MICRO, "USD"))

    @display(description=_("Price of a card"))
    def price(self, batch: CodeBatch) -> str:
        """What a card is sold for."""
        return str(batch.price)

    @display(
        description=_("State"), label={str(state.label): kind for state, kind in LABELS.items()}
    )
    def shown_state(self, batch: CodeBatch) -> str:
        """The state in words."""
        return batch.get_state_display()

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:  # Django's own signature
        """Propose it: above the limit it waits for another person."""
        batches.propose(obj, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        if obj.needs_second:
            said = gettext("Another person must confirm it: it is worth more than one may make.")
            messages.info(request, said)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Lead to the batch, where its next button is."""
        super().response_add(request, obj, post_url_continue)
        return redirect("admin:wallet_codebatch_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons."""
        return [
            self.button("<int:pk>/confirm/", self.confirm, "wallet.confirm_codebatch"),
            self.button("<int:pk>/reject/", self.reject, "wallet.confirm_codebatch"),
            self.button("<int:pk>/make/", self.make, "wallet.make_codebatch"),
            self.button("<int:pk>/block/", self.block, "wallet.block_codebatch"),
            self.button("<int:pk>/void/", self.void, "wallet.block_codebatch"),
            *super().get_urls(),
        ]

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let codes be made that another person proposed."""
        batch = batches.confirm(get_object_or_404(CodeBatch, pk=pk), by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, batch, gettext("Confirmed: %(what)s") % {"what": batch})
        messages.success(request, gettext("Confirmed. The codes can be made now."))
        return redirect("admin:wallet_codebatch_change", pk)

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn proposed codes down."""
        batch = batches.reject(get_object_or_404(CodeBatch, pk=pk), by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, batch, gettext("Rejected: %(what)s") % {"what": batch})
        messages.success(request, gettext("Rejected. No code was made."))
        return redirect("admin:wallet_codebatch_change", pk)

    def make(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the codes and hand their file over, once."""
        made = batches.make(get_object_or_404(CodeBatch, pk=pk))
        self.log_change(request, made.batch, gettext("Codes made: %(what)s") % {"what": made.batch})
        name = f"{slugify(made.batch.name) or 'codes'}-{made.batch.pk}"
        if request.POST.get("as") == CSV:
            return _file(printing.table(made), "text/csv; charset=utf-8", f"{name}.csv")
        return _file(printing.cards(made), "application/pdf", f"{name}.pdf")

    def block(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let no code of a batch be redeemed any more."""
        batch = batches.block(get_object_or_404(CodeBatch, pk=pk), by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, batch, gettext("Blocked: %(what)s") % {"what": batch})
        messages.success(request, gettext("Blocked. What was redeemed stays with the fans."))
        return redirect("admin:wallet_codebatch_change", pk)

    def void(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let one card that was returned never be redeemed."""
        batch = get_object_or_404(CodeBatch, pk=pk)
        code = batches.make_void(
            batch,
            code_number=number(request.POST.get("number", "")),
            by=request.user,  # type: ignore[arg-type]  # staff are signed in
            reason=request.POST.get("reason", ""),
        )
        said = gettext("Void: %(what)s, %(why)s") % {"what": code, "why": code.void_reason}
        self.log_change(request, batch, said)
        messages.success(request, gettext("Void. Nobody can redeem this card any more."))
        return redirect("admin:wallet_codebatch_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a batch with the buttons that fit the person."""
        batch = CodeBatch.objects.filter(pk=number(object_id) or 0).first()
        own = batch is not None and batch.created_by_id == request.user.pk
        state = batch.state if batch else ""
        facts = {
            "waits": state == State.PROPOSED,
            "own": own,
            "may_confirm": request.user.has_perm("wallet.confirm_codebatch"),
            "may_make": state == State.APPROVED and request.user.has_perm("wallet.make_codebatch"),
            "may_void": state == State.MADE and request.user.has_perm("wallet.block_codebatch"),
            "void": batch.codes.exclude(void_at=None).select_related("void_by") if batch else (),
            "may_block": state in {State.APPROVED, State.MADE}
            and request.user.has_perm("wallet.block_codebatch"),
        }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, facts | (extra_context or {})
        )
        return answer


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdmin):
    """Who redeemed which code."""

    list_display = ("created_at", "code", "user", grouped("coins", _("Coins")))
    list_display_links = ("created_at",)
    list_select_related = ("code__batch", "user")
    list_filter = ("code__batch__kind",)
    search_fields = ("public_id", "user__email", "user__handle", "code__batch__name")
    search_help_text = _("Redemption, batch, email or handle")
    date_hierarchy = "created_at"
    fields = ("created_at", "code", "user", "coins", "purchase", "public_id")
    readonly_fields = ("public_id",)


@admin.register(CodePolicy)
class CodePolicyAdmin(OneRowAdmin):
    """The rules of codes and bonus coins."""
