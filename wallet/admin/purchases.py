"""Orders and the inbox of webhooks. All of it is only read."""

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.decorators import action, display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, folded, grouped, link
from foundation.figures import figure
from foundation.jobs import nudge
from foundation.money import money
from foundation.requests import way_back
from ledger.models import Key
from wallet import tasks
from wallet.admin.refunds import page_of_a_new_refund
from wallet.models import Purchase, PurchaseEvent, WebhookEvent
from wallet.purchases.attention import mark_seen
from wallet.purchases.capturing import posting_key

COINS = grouped("coins", _("Coins"))
STATES = {
    Purchase.State.PAID: "success",
    Purchase.State.DECLINED: "danger",
    Purchase.State.REVIEW: "warning",
    Purchase.State.PENDING: "info",
}


class AttentionFilter(admin.SimpleListFilter):
    """Orders that say something to staff: paid ones that nobody has looked into, and all."""

    title = _("needs attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, StrOrPromise]]:
        """Return the choices."""
        return [("unseen", _("paid, not looked into")), ("any", _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Purchase]) -> QuerySet[Purchase]:
        """Return the orders of the choice."""
        match self.value():
            case "unseen":
                return queryset & Purchase.objects.unseen()
            case "any":
                return queryset.exclude(needs_attention="")
        return queryset


class PaidFromFilter(admin.SimpleListFilter):
    """Orders whose card or bank account is in another country than the one that was taxed."""

    title = _("paid from")
    parameter_name = "paid_from"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, StrOrPromise]]:
        """Return the choices."""
        return [
            ("same", _("the country taxed")),
            ("other", _("another country")),
            ("unknown", _("not known")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Purchase]) -> QuerySet[Purchase]:
        """Return the orders of the choice."""
        match self.value():
            case "same":
                return queryset.filter(paid_from=F("country_id"))
            case "other":
                return queryset.exclude(paid_from__in=["", F("country_id")])
            case "unknown":
                return queryset.filter(paid_from="")
        return queryset


class EventInline(ReadOnlyInline):
    """The order's steps."""

    model = PurchaseEvent
    fields = ("state", "note", "created_at")
    readonly_fields = fields


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    """Orders of coins. Staff read them and may ask the provider again; nothing else."""

    list_display = (
        "created_at",
        "user",
        COINS,
        "total",
        "step",
        "provider",
        "needs_attention",
    )
    list_display_links = ("created_at",)
    list_filter = ("state", "provider", "region", "method", PaidFromFilter, AttentionFilter)
    list_select_related = ("user",)
    search_fields = ("public_id", "provider_reference", "user__email", "user__handle")
    search_help_text = _("Order, payment, email or handle")
    date_hierarchy = "created_at"
    inlines = (EventInline,)
    actions = ("inspect",)
    change_form_outer_before_template = "wallet/admin/order.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "public_id",
                    "user",
                    "state",
                    "needs_attention",
                    ("attention_seen_by", "attention_seen_at"),
                    "posting",
                )
            },
        ),
        (
            _("Price"),
            {
                "fields": (
                    COINS,
                    "total",
                    "net",
                    "tax",
                    "tax_name",
                    "country",
                    "bundle",
                    "rate_card",
                    "terms_version",
                )
            },
        ),
        (
            _("Payment"),
            {
                "fields": (
                    "provider",
                    "method",
                    "paid_from",
                    "provider_reference",
                    "created_at",
                    "captured_at",
                )
            },
        ),
        (
            _("Processing"),
            {"fields": ("due_at", "attempts", "recognised", "key")},
        ),
    )

    def has_inspect_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may make workers ask the provider."""
        return request.user.has_perm("wallet.change_purchase")

    @display(description=_("State"), label=STATES)
    def step(self, purchase: Purchase) -> tuple[str, str]:
        """The state as a coloured word."""
        return purchase.state, purchase.get_state_display()

    @display(description=_("Recognized income"))
    def recognised(self, purchase: Purchase) -> str:
        """The part of the order that has become income, in coins and in money."""
        counted = money(purchase.recognised_minor, purchase.currency)
        return _("%(coins)s coins, %(money)s") % {
            "coins": figure(purchase.recognised_coins),
            "money": counted,
        }

    @display(description=_("Ledger posting"))
    def posting(self, purchase: Purchase) -> str:
        """The posting that credited the order, as a link."""
        found = Key.objects.filter(key=posting_key(purchase)).first()
        if found is None:
            return str(_("none: nothing was credited"))
        address = reverse("admin:ledger_posting_change", args=[found.posting_id])
        return link(address, found.key)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the button that checks one order, and of its refund."""
        refund = self.admin_site.admin_view(page_of_a_new_refund(self))
        return [
            path("<int:pk>/refund/", refund, name="wallet_purchase_refund"),
            self.button("<int:pk>/ask/", self.ask, "wallet.change_purchase"),
            self.button("<int:pk>/seen/", self.seen, "wallet.see_attention"),
            *super().get_urls(),
        ]

    def ask(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make one order due, and lead back to where the button was pressed."""
        self.inspect(request, Purchase.objects.filter(pk=pk))
        here = reverse("admin:wallet_purchase_change", args=[pk])
        return redirect(way_back(request, request.headers.get("Referer", ""), here))

    def seen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark what an order says to staff as looked into."""
        order = get_object_or_404(Purchase, pk=pk)
        words = request.POST.get("words", "")
        mark_seen(purchase=order, words=words, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        self.log_change(request, order, gettext("Seen: %(words)s") % {"words": words})
        messages.success(request, gettext("Marked as seen. It has left the queue."))
        return redirect("admin:wallet_purchase_change", pk)

    @action(description=_("Check with the provider again"), permissions=["inspect"])
    def inspect(self, request: HttpRequest, orders: QuerySet[Purchase]) -> None:
        """Make orders due, so that a worker asks the provider now."""
        due = orders.exclude(state=Purchase.State.PAID).update(due_at=Now())
        nudge(tasks.sweep)
        said = ngettext("%(n)s order is being checked.", "%(n)s orders are being checked.", due) % {
            "n": due
        }
        messages.success(request, said)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """Providers' messages, as they came."""

    list_display = ("received_at", "provider", "outcome", "processed_at", "reference")
    list_filter = ("provider", ("processed_at", admin.EmptyFieldListFilter), "outcome")
    search_fields = ("event_id", "reference")
    search_help_text = _("Event or payment")
    date_hierarchy = "received_at"
    fields = (
        "provider",
        "event_id",
        "reference",
        "words",
        "received_at",
        "processed_at",
        "attempts",
        "outcome",
    )

    @display(description=_("Body"))
    def words(self, event: WebhookEvent) -> str:
        """The raw body, as text, folded away."""
        return folded(_("Show as sent"), bytes(event.body).decode("utf-8", "replace"))
