"""Orders and the inbox of webhooks. All of it is only read."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, grouped, link
from foundation.jobs import nudge
from foundation.money import money
from ledger.models import Key
from wallet import tasks
from wallet.models import Purchase, PurchaseEvent, WebhookEvent
from wallet.purchases.settlement import posting_key

COINS = grouped("coins", _("Coins"))
STATES = {
    Purchase.State.PAID: "success",
    Purchase.State.DECLINED: "danger",
    Purchase.State.REVIEW: "warning",
    Purchase.State.PENDING: "info",
}


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
    list_display_links = ("created_at", "user")
    list_filter = ("state", "provider", "region", "method")
    list_select_related = ("user",)
    search_fields = ("public_id", "provider_reference", "user__email", "user__handle")
    search_help_text = _("Order, payment, email or handle")
    date_hierarchy = "created_at"
    inlines = (EventInline,)
    actions = ("inspect",)
    fieldsets = (
        (None, {"fields": ("public_id", "user", "state", "needs_attention", "posting")}),
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
                )
            },
        ),
        (
            _("Payment"),
            {"fields": ("provider", "method", "provider_reference", "created_at", "captured_at")},
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
            "coins": f"{purchase.recognised_coins:,}",
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
        """The raw body, as text."""
        return bytes(event.body).decode("utf-8", "replace")
